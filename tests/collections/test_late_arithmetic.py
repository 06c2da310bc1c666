"""The arithmetic of late interest: T9 of the rule book, each country's rate, and what holds for every debt."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ar_collections.late_interest import (
    Debt,
    Method,
    NoReferenceRate,
    Part,
    References,
    Standstill,
    Terms,
    compensation_of,
    interest_of,
    spans_of,
    working_of,
)

DUE = date(2026, 3, 31)
BANK = References(
    "Bank of England",
    {
        date(year, month, 1): Decimal(percent)
        for year, month, percent in [
            (2025, 1, "4.75"), (2025, 7, "4.25"), (2026, 1, "3.75"), (2026, 7, "3.50"), (2027, 1, "3.25"),
            (2027, 7, "3.00"),
        ]
    },
)  # fmt: skip
UK_TIERS = [(Decimal(0), Decimal(40)), (Decimal(1000), Decimal(70)), (Decimal(10000), Decimal(100))]
UK = Terms(Method.FROZEN, Decimal(8), BANK, UK_TIERS)
EU = Terms(Method.HALF_YEARLY, Decimal(8), BANK, [(Decimal(0), Decimal(40))])
IRELAND = Terms(Method.ON_PAYMENT, Decimal(8), BANK, [(Decimal(0), Decimal(40))])
CONTRACT = Terms(Method.FIXED, Decimal("1.5"))


def whole(debt: Debt, terms: Terms, until: date) -> Decimal:
    return interest_of(debt, terms, after=debt.due_on, until=until, as_of=until)


def test_t9_the_uk_example_of_the_rule_book() -> None:
    debt = Debt(DUE, "GBP", [Part(Decimal(12000), date(2026, 8, 15))])

    [line] = working_of(debt, UK, after=DUE, until=date(2026, 11, 22), as_of=date(2026, 11, 22))

    assert (line.span.days, line.span.percent, line.amount) == (137, Decimal("11.75"), Decimal("529.23"))
    assert compensation_of(debt, UK, until=date(2026, 11, 22)) == Decimal(100)


@pytest.mark.parametrize(
    ("amount", "compensation"), [("999.99", 40), ("1000.00", 70), ("9999.99", 70), ("10000.00", 100)]
)
def test_the_uks_fixed_sums_by_the_size_of_the_debt(amount: str, compensation: int) -> None:
    debt = Debt(DUE, "GBP", [Part(Decimal(amount))])

    assert compensation_of(debt, UK, until=DUE + timedelta(days=1)) == compensation
    assert compensation_of(debt, UK, until=DUE) == 0, "it is not late yet"


def test_each_country_chooses_its_own_rate() -> None:
    until = date(2026, 7, 30)
    debt = Debt(DUE, "EUR", [Part(Decimal(36500), until)])

    frozen, changing, on_payment, contract = (
        [(span.days, span.percent) for span in spans_of(debt, terms, after=DUE, until=until, as_of=until)]
        for terms in (UK, EU, IRELAND, CONTRACT)
    )

    assert frozen == [(121, Decimal("11.75"))], "fixed for the life of the debt"
    assert changing == [(91, Decimal("11.75")), (30, Decimal("11.50"))], "set anew with each half-year"
    assert on_payment == [(121, Decimal("11.50"))], "the rate of the day of payment, for all of the delay"
    assert contract == [(121, Decimal("1.5"))]
    assert whole(debt, contract_of_nothing(), until) == 0


def contract_of_nothing() -> Terms:
    return Terms(Method.NONE)


def test_a_debt_due_on_the_last_of_june_takes_the_rate_of_the_second_half() -> None:
    debt = Debt(date(2026, 6, 30), "GBP", [Part(Decimal(1000))])

    [span] = spans_of(debt, UK, after=debt.due_on, until=date(2026, 7, 10), as_of=date(2026, 7, 10))

    assert span.percent == Decimal("11.50")


def test_part_payments_count_from_their_own_day_and_what_is_contested_bears_nothing() -> None:
    debt = Debt(
        DUE,
        "GBP",
        [Part(Decimal(4000), date(2026, 4, 10)), Part(Decimal(8000))],
        [Standstill(Decimal(3000), date(2026, 5, 1), date(2026, 5, 31))],
    )

    lines = working_of(debt, UK, after=DUE, until=date(2026, 6, 30), as_of=date(2026, 6, 30))

    assert [(line.span.days, line.span.base) for line in lines] == [
        (10, Decimal(12000)), (20, Decimal(8000)), (31, Decimal(5000)), (30, Decimal(8000)),
    ]  # fmt: skip


def test_a_rate_that_nobody_wrote_down_is_refused_and_never_guessed() -> None:
    debt = Debt(date(2028, 1, 31), "GBP", [Part(Decimal(1000))])

    with pytest.raises(NoReferenceRate, match="half-year from 01 Jan 2028 isn't known"):
        whole(debt, UK, date(2028, 2, 29))


# What holds for every debt --------------------------------------------------------------------------------------------

amounts = st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2)
days = st.dates(DUE - timedelta(days=20), date(2027, 6, 30))


@st.composite
def debts(draw: st.DrawFn) -> Debt:
    parts = [Part(draw(amounts), draw(st.one_of(st.none(), days))) for _ in range(draw(st.integers(1, 4)))]
    stills = []
    for _ in range(draw(st.integers(0, 2))):
        first = draw(days)
        last = draw(st.one_of(st.none(), st.dates(first, date(2027, 12, 31))))
        stills.append(Standstill(draw(amounts), first, last))
    return Debt(DUE, "GBP", parts, stills)


terms_of_all = st.sampled_from([UK, EU, IRELAND, CONTRACT, contract_of_nothing()])


@given(debts(), terms_of_all, st.lists(st.dates(DUE, date(2027, 11, 30)), max_size=4))
def test_the_days_of_a_debt_come_to_the_same_however_they_are_cut(debt: Debt, terms: Terms, cuts: list[date]) -> None:
    end = date(2027, 12, 1)
    edges = [DUE, *sorted(set(cuts) - {DUE}), end]

    parts = [
        interest_of(debt, terms, after=after, until=until, as_of=end)
        for after, until in zip(edges, edges[1:], strict=False)
    ]

    assert sum(parts) == interest_of(debt, terms, after=DUE, until=end, as_of=end)
    assert all(part >= 0 for part in parts)


@given(debts(), terms_of_all, days, amounts)
def test_contesting_more_never_raises_the_interest(debt: Debt, terms: Terms, first: date, amount: Decimal) -> None:
    contested = Debt(debt.due_on, debt.currency, debt.parts, [*debt.standstills, Standstill(amount, first)])
    until = date(2027, 6, 30)

    assert whole(contested, terms, until) <= whole(debt, terms, until)


@given(debts(), terms_of_all)
def test_what_is_wholly_contested_from_the_start_bears_nothing(debt: Debt, terms: Terms) -> None:
    total = sum((part.amount for part in debt.parts), Decimal(0))
    contested = Debt(debt.due_on, debt.currency, debt.parts, [Standstill(total, DUE)])
    until = date(2027, 6, 30)

    assert whole(contested, terms, until) == 0
    assert compensation_of(contested, terms, until=until) == 0


@given(debts(), st.sampled_from([UK, EU, CONTRACT]), st.integers(0, 60))
def test_paying_earlier_never_costs_more(debt: Debt, terms: Terms, days_earlier: int) -> None:
    """Not so in Ireland, where an earlier payment may fall into a half-year with a higher rate."""
    earlier = [Part(part.amount, part.paid_on and part.paid_on - timedelta(days=days_earlier)) for part in debt.parts]
    until = date(2027, 6, 30)

    assert whole(Debt(DUE, "GBP", earlier, debt.standstills), terms, until) <= whole(debt, terms, until)
