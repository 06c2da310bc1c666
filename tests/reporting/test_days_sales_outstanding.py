"""DSO by counting back, checked against worked examples."""

from datetime import date
from decimal import Decimal

from reporting.days_sales_outstanding import MonthOfBillings, best_possible, days_of_month, days_sales_outstanding

QUARTER = [
    MonthOfBillings(date(2026, 7, 1), Decimal(450_000), 31),
    MonthOfBillings(date(2026, 8, 1), Decimal(150_000), 31),
    MonthOfBillings(date(2026, 9, 1), Decimal(300_000), 30),
]


def test_half_a_million_against_a_seasonal_quarter() -> None:
    found = days_sales_outstanding(Decimal(500_000), QUARTER)

    assert found.days is not None
    assert round(found.days, 2) == Decimal("64.44")
    assert [(step.month.month, step.used) for step in found.steps] == [(9, 300_000), (8, 150_000), (7, 50_000)]


def test_the_working_adds_up_to_the_figure_and_to_the_receivables() -> None:
    found = days_sales_outstanding(Decimal(777_777), QUARTER)

    assert sum(step.days for step in found.steps) == found.days
    assert sum(step.used for step in found.steps) == Decimal(777_777)


def test_a_month_without_billings_adds_its_days() -> None:
    months = [
        MonthOfBillings(date(2026, 8, 1), Decimal(100), 31),
        MonthOfBillings(date(2026, 9, 1), Decimal(-5), 30),
    ]

    assert days_sales_outstanding(Decimal(50), months).days == Decimal("45.5")


def test_there_is_no_figure_when_the_billings_run_out() -> None:
    found = days_sales_outstanding(Decimal(1_000_000), QUARTER)

    assert found.days is None
    assert "older than the billings" in found.reason


def test_there_is_no_figure_without_billings() -> None:
    assert days_sales_outstanding(Decimal(1), []).days is None


def test_nothing_owed_is_zero_days() -> None:
    assert days_sales_outstanding(Decimal(0), QUARTER).days == 0


def test_the_best_possible_figure_counts_only_what_is_not_yet_due() -> None:
    found = best_possible(Decimal(350_000), QUARTER)

    assert found.days is not None
    assert round(found.days, 1) == Decimal("40.3")


def test_the_current_month_counts_only_the_days_gone_by() -> None:
    assert days_of_month(date(2026, 11, 1), date(2026, 11, 20)) == 20
    assert days_of_month(date(2026, 10, 1), date(2026, 11, 20)) == 31
    assert days_of_month(date(2028, 2, 1), date(2028, 3, 5)) == 29
