"""How income is earned over the months: the four methods, exact sums, and what a credit changes."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoicing.cycles import Days, months_after
from invoicing.releases import Release, Unearned, is_deferred, worth_of

YEAR = Days(date(2026, 1, 15), date(2027, 1, 14))
FAR = date(2099, 1, 1)


def deferred(method: str = "daily", days: Days = YEAR, amount: str = "12000.00", **facts: object) -> Unearned:
    whole = Decimal(amount)
    values: dict[str, object] = {"base_balance": whole, "rest": whole, **facts}
    return Unearned(method=method, days=days, currency="GBP", base_currency="GBP", balance=whole, **values)  # type: ignore[arg-type]


def amounts(state: Unearned, through: date = FAR) -> list[Decimal]:
    return [one.amount for one in state.releases(through)]


def test_a_year_by_days_is_t10() -> None:
    released = amounts(deferred())

    assert released[:4] == [Decimal(one) for one in ("558.90", "920.55", "1019.18", "986.30")]
    assert released[-2:] == [Decimal("1019.18"), Decimal("460.27")]
    assert sum(released) == Decimal("12000.00")


def test_added_users_are_t11() -> None:
    """20 x 120 a year for 198 days, in seven months."""
    released = amounts(deferred(days=Days(date(2026, 7, 1), YEAR.last_on), amount="1301.92"))

    assert len(released) == 7
    assert released[0] == (Decimal("1301.92") * 31 / 198).quantize(Decimal("0.01"))
    assert sum(released) == Decimal("1301.92")


def test_cancelled_at_the_end_of_june_is_t12() -> None:
    released = amounts(deferred(), date(2026, 6, 1))

    assert sum(released) == Decimal("5490.41")
    assert Decimal("12000.00") - sum(released) == Decimal("6509.59")


def test_a_leap_day_is_a_day() -> None:
    released = amounts(deferred(days=Days(date(2028, 1, 1), date(2028, 12, 31)), amount="366.00"))

    assert released[1] == 29
    assert sum(released) == 366


def test_full_months_begin_with_the_first() -> None:
    assert amounts(deferred("monthly_full")) == [Decimal("1000.00")] * 12


@pytest.mark.parametrize(("begins", "first_month"), [(15, date(2026, 1, 1)), (16, date(2026, 2, 1))])
def test_up_to_the_15th_the_month_counts(begins: int, first_month: date) -> None:
    days = Days(date(2026, 1, begins), date(2027, 1, begins - 1))

    released = list(deferred("monthly_half", days).releases(FAR))

    assert released[0] == Release(first_month, Decimal("1000.00"), Decimal("1000.00"))
    assert len(released) == 12


def test_a_service_late_in_one_month_is_that_months() -> None:
    days = Days(date(2026, 1, 20), date(2026, 1, 25))

    assert [one.month_on for one in deferred("monthly_half", days).releases(FAR)] == [date(2026, 1, 1)]


def test_first_and_last_month_by_days_and_equal_ones_between() -> None:
    released = amounts(deferred("monthly_prorata"))

    assert released == [Decimal("548.39"), *[Decimal("1000.00")] * 11, Decimal("451.61")]


def test_what_is_released_is_not_released_again() -> None:
    state = deferred()
    june = sum(amounts(state, date(2026, 6, 1)))
    later = replace(
        state, balance=state.balance - june, base_balance=state.balance - june, released_after=date(2026, 6, 1)
    )

    assert amounts(later, date(2026, 6, 1)) == []
    assert amounts(later) == amounts(state)[6:]


def test_an_early_end_spreads_what_is_left_over_the_days_that_are_left() -> None:
    """Released to May, ended on 15 July: June and half of July take what the credit left."""
    left = Decimal("12000.00") - sum(amounts(deferred(), date(2026, 5, 1)))
    credited = (Decimal(12000) * 183 / 365).quantize(Decimal("0.01"))
    rest = left - credited

    state = deferred(
        amount=str(rest), rest_after=date(2026, 5, 1), released_after=date(2026, 5, 1), ends_on=date(2026, 7, 15)
    )

    assert [one.month_on for one in state.releases(FAR)] == [date(2026, 6, 1), date(2026, 7, 1)]
    assert amounts(state) == [Decimal("986.30"), rest - Decimal("986.30")]


def test_what_is_left_after_the_last_day_goes_into_the_next_month() -> None:
    state = deferred(
        amount="10.00", rest_after=date(2026, 8, 1), released_after=date(2026, 8, 1), ends_on=date(2026, 6, 30)
    )

    assert list(state.releases(date(2026, 8, 1))) == []
    assert list(state.releases(FAR)) == [Release(date(2026, 9, 1), Decimal("10.00"), Decimal("10.00"))]


def test_a_deduction_is_earned_backwards() -> None:
    assert sum(amounts(deferred(amount="-1200.00"))) == -1200


def test_nothing_is_deferred_within_the_month_of_the_invoice() -> None:
    issued_on = date(2026, 5, 4)

    assert is_deferred("daily", date(2026, 6, 1), issued_on)
    assert not is_deferred("daily", date(2026, 5, 31), issued_on)
    assert not is_deferred("daily", None, issued_on)
    assert not is_deferred("immediate", date(2027, 5, 31), issued_on)


@settings(max_examples=300, deadline=None)
@given(
    method=st.sampled_from(["daily", "monthly_full", "monthly_half", "monthly_prorata"]),
    first_on=st.dates(date(2023, 1, 1), date(2029, 12, 31)),
    length=st.integers(1, 1200),
    amount=st.decimals("-99999", "99999", places=2).filter(bool),
    rate=st.decimals("0.01", "9", places=4),
    seen=st.integers(0, 40),
)
def test_whatever_is_released_it_comes_to_the_amount_exactly(
    method: str, first_on: date, length: int, amount: Decimal, rate: Decimal, seen: int
) -> None:
    base = (amount * rate).quantize(Decimal("0.01"))
    state = deferred(method, Days(first_on, first_on + timedelta(length - 1)), str(amount), base_balance=base)
    now = list(state.releases(months_after(first_on.replace(day=1), seen)))
    later = replace(
        state,
        balance=amount - sum((one.amount for one in now), Decimal(0)),
        base_balance=base - sum((one.base_amount for one in now), Decimal(0)),
        released_after=now[-1].month_on if now else None,
    )

    both = [*now, *later.releases(FAR)]

    assert both == list(state.releases(FAR))
    assert sum(one.amount for one in both) == amount
    assert sum(one.base_amount for one in both) == base
    assert len({one.month_on for one in both}) == len(both)
    assert all(one.amount * amount > 0 for one in both)
    assert all(first_on.replace(day=1) <= one.month_on for one in both)


def test_the_worth_of_all_is_all() -> None:
    assert worth_of(Decimal(3), Decimal(3), Decimal("2.55"), "GBP") == Decimal("2.55")
    assert worth_of(Decimal(0), Decimal(0), Decimal("2.55"), "GBP") == 0
