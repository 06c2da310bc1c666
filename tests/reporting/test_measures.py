"""Measures by hand: the worked examples of the field, and why there is sometimes no figure."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reporting.days_sales_outstanding import MonthOfBillings
from reporting.measures import effectiveness, outstanding
from reporting.measures.catalogue import MEASURES
from reporting.measures.figures import Figure, Inputs, Missing, OpenOfMonth, Payments, Standing

SUMMER = Inputs(
    first_on=date(2026, 7, 1),
    last_on=date(2026, 9, 30),
    opening=Standing(current=Decimal(400_000)),
    closing=Standing(current=Decimal(350_000), to_30=Decimal(100_000), from_31=Decimal(50_000)),
    billed=Decimal(900_000),
    terms=Decimal(30),
    billings=(
        MonthOfBillings(date(2026, 7, 1), Decimal(450_000), 31),
        MonthOfBillings(date(2026, 8, 1), Decimal(150_000), 31),
        MonthOfBillings(date(2026, 9, 1), Decimal(300_000), 30),
    ),
    payments=Payments(Decimal(1000), Decimal(5000), Decimal(3000), Decimal(35_000)),
    open_by_month=(
        OpenOfMonth(date(2026, 8, 1), Decimal(150_000 * 40)),
        OpenOfMonth(date(2026, 9, 1), Decimal(300_000 * 10)),
    ),
    receipts_of_30_days=Decimal(200_000),
    unidentified=Decimal(1000),
)


def figure(code: str, of: Inputs = SUMMER) -> Decimal:
    value = MEASURES[code].work(of).value
    assert value is not None
    return round(value, 2)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("dso_countback", "64.44"),
        ("dso_simple", "51.11"),
        ("dso_average", "46.00"),
        ("dso_best_possible", "35.78"),
        ("average_days_delinquent", "15.33"),
        ("true_dso", "50.00"),
        ("average_days_late", "5.00"),
        ("average_days_to_terms", "3.00"),
        ("average_days_to_pay", "35.00"),
        ("pct_current", "70.00"),
        ("pct_under_30", "90.00"),
        ("pct_past_due", "30.00"),
        ("past_due_31_plus", "50000.00"),
        ("unapplied_cash_pct", "0.50"),
        ("ar_turnover", "7.93"),
    ],
)
def test_a_quarter_with_a_seasonal_dip(code: str, expected: str) -> None:
    assert figure(code) == Decimal(expected)


def test_collection_effectiveness_of_the_worked_example() -> None:
    closing = Standing(current=Decimal(380_000), to_30=Decimal(70_000))
    of = replace(SUMMER, billed=Decimal(300_000), closing=closing)

    assert effectiveness.collection_effectiveness(of).value == Decimal("78.125")


def test_credits_lower_dso_and_lift_nothing_above_a_hundred() -> None:
    held = replace(SUMMER, closing=replace(SUMMER.closing, credits=Decimal(100_000), unapplied=Decimal(150_000)))

    assert figure("dso_simple", held) == Decimal("25.56")
    assert figure("cei", held) == figure("cei")
    assert figure("pct_current", held) == figure("pct_current")


@pytest.mark.parametrize(
    ("changed", "code", "reason"),
    [
        ({"billed": Decimal(0)}, "dso_simple", Missing.NO_SALES),
        ({"billed": Decimal(-5)}, "dso_best_possible", Missing.NET_CREDIT),
        ({"billed": Decimal(-5)}, "average_days_delinquent", Missing.NET_CREDIT),
        ({"terms": Decimal(120)}, "dso_simple", Missing.PERIOD_TOO_SHORT),
        ({"terms": Decimal(120)}, "average_days_delinquent", Missing.PERIOD_TOO_SHORT),
        ({"payments": Payments()}, "average_days_late", Missing.NO_PAYMENTS),
        ({"closing": Standing()}, "pct_current", Missing.NOTHING_OWED),
        ({"opening": Standing(), "closing": Standing()}, "ar_turnover", Missing.NOTHING_OWED),
        ({"opening": Standing(), "billed": Decimal(0)}, "cei", Missing.NOTHING_TO_COLLECT),
        ({"receipts_of_30_days": Decimal(0)}, "unapplied_cash_pct", Missing.NO_RECEIPTS),
    ],
)
def test_without_a_divisor_there_is_a_reason_and_no_figure(
    changed: dict[str, object], code: str, reason: Missing
) -> None:
    assert MEASURES[code].work(replace(SUMMER, **changed)) == Figure(None, reason)  # type: ignore[arg-type]


def test_an_open_invoice_of_a_month_that_billed_nothing_has_no_true_dso() -> None:
    of = replace(SUMMER, open_by_month=(OpenOfMonth(date(2026, 5, 1), Decimal(1)),))

    assert "nothing was billed" in outstanding.by_invoice(of).reason


def test_every_measure_says_what_it_means() -> None:
    for measure in MEASURES.values():
        assert measure.meaning and measure.formula and measure.source and measure.parts
