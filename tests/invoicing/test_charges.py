"""What contract lines owe an invoice: whole cycles, parts of them to the day, in advance and in arrears."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing.charges import charges_due, late_usage, price_for, surplus
from invoicing.cycles import Days, cycles, months_after, uncovered
from invoicing.models import ContractLine, PriceTier

Cycle, Timing, Tiering = ContractLine.Cycle, ContractLine.Timing, ContractLine.Tiering


def line(**changes: object) -> ContractLine:
    facts = {
        "position": 1,
        "description": "Seats",
        "quantity": Decimal(20),
        "unit_price": Decimal(120),
        "cycle": Cycle.ANNUAL,
        "anchor_on": date(2026, 1, 15),
        "starts_on": date(2026, 1, 15),
        "ends_on": date(2027, 1, 14),
    }
    return ContractLine(**{**facts, **changes})


def test_a_year_in_advance_is_one_charge_on_its_first_day() -> None:
    assert list(charges_due(line(), [], date(2026, 1, 14))) == []

    [charge] = charges_due(line(), [], date(2026, 1, 15))

    assert charge.days == Days(date(2026, 1, 15), date(2027, 1, 14))
    assert charge.net("GBP") == Decimal("2400.00")


def test_users_added_in_mid_term_cost_their_days_of_the_year() -> None:
    """DOMAIN test vector T11."""
    added = line(starts_on=date(2026, 7, 1))

    [charge] = charges_due(added, [], date(2026, 7, 1))

    assert len(charge.days) == 198
    assert charge.net("GBP") == Decimal("1301.92")
    assert "198/365 days" in charge.working


def test_rent_in_arrears_is_billed_when_its_month_is_over() -> None:
    rent = line(cycle=Cycle.MONTHLY, timing=Timing.ARREARS, anchor_on=date(2026, 1, 31), starts_on=date(2026, 1, 31))

    due = list(charges_due(rent, [], date(2026, 3, 30)))

    assert [charge.days for charge in due] == [
        Days(date(2026, 1, 31), date(2026, 2, 27)),
        Days(date(2026, 2, 28), date(2026, 3, 30)),
    ]


def test_what_is_billed_is_not_due_again() -> None:
    months = line(cycle=Cycle.MONTHLY, anchor_on=date(2026, 1, 1), starts_on=date(2026, 1, 1))
    billed = [Days(date(2026, 1, 1), date(2026, 1, 31)), Days(date(2026, 2, 10), date(2026, 2, 28))]

    due = list(charges_due(months, billed, date(2026, 2, 1)))

    assert [charge.days for charge in due] == [Days(date(2026, 2, 1), date(2026, 2, 9))]
    assert due[0].billed_price == Decimal("38.571429")


def test_a_line_that_was_ended_before_it_began_bills_nothing() -> None:
    assert list(charges_due(line(ends_on=date(2026, 1, 14)), [], date(2027, 1, 1))) == []


def test_usage_is_what_was_read_in_the_month() -> None:
    calls = line(
        cycle=Cycle.USAGE, timing=Timing.ARREARS, unit_price=Decimal("0.05"), anchor_on=date(2026, 1, 1),
        starts_on=date(2026, 1, 1),
    )  # fmt: skip
    used = [(date(2026, 1, 5), Decimal(100)), (date(2026, 1, 31), Decimal(60)), (date(2026, 2, 1), Decimal(7))]

    [charge] = charges_due(calls, [], date(2026, 2, 27), used=used)

    assert charge.quantity == Decimal(160)
    assert charge.net("EUR") == Decimal("8.00")


def usage_line() -> ContractLine:
    return line(
        cycle=Cycle.USAGE, timing=Timing.ARREARS, unit_price=Decimal("0.05"), anchor_on=date(2026, 1, 1),
        starts_on=date(2026, 1, 1),
    )  # fmt: skip


def test_what_was_read_late_is_billed_with_the_next_month() -> None:
    january = Days(date(2026, 1, 1), date(2026, 1, 31))
    used = [(date(2026, 1, 5), Decimal(100)), (date(2026, 1, 30), Decimal(40)), (date(2026, 2, 3), Decimal(60))]
    late = late_usage(used, [(january, Decimal(100))])

    [charge] = charges_due(usage_line(), [january], date(2026, 2, 28), used=used, late=late)

    assert (late, charge.quantity, charge.late) == (Decimal(40), Decimal(100), Decimal(40))
    assert charge.days == Days(date(2026, 2, 1), date(2026, 2, 28))
    assert "40 read late" in charge.working
    february = (charge.days, charge.quantity)
    assert late_usage(used, [(january, Decimal(100)), february]) == 0


def test_what_was_read_late_is_not_put_into_an_empty_month_of_long_ago() -> None:
    march = Days(date(2026, 3, 1), date(2026, 3, 31))
    used = [(date(2026, 3, 5), Decimal(17))]

    [charge] = charges_due(usage_line(), [march], date(2026, 4, 30), used=used, late=Decimal(7))

    assert (charge.days.first_on, charge.quantity) == (date(2026, 4, 1), Decimal(7))


def test_a_month_of_usage_without_a_first_half_costs_what_was_used_in_it() -> None:
    [charge] = charges_due(
        usage_line(),
        [Days(date(2026, 1, 1), date(2026, 1, 15))],
        date(2026, 1, 31),
        used=[(date(2026, 1, 20), Decimal(100))],
    )

    assert charge.net("GBP") == Decimal("5.00")


def test_usage_that_was_corrected_downwards_is_given_back_at_the_first_tier() -> None:
    tiers = [PriceTier(from_quantity=Decimal(0), unit_price=Decimal(5))]

    assert price_for(line(tiering=Tiering.VOLUME, unit_price=None), Decimal(-3), tiers) == Decimal(5)


def test_a_line_without_a_price_is_due_and_says_so() -> None:
    [charge] = charges_due(line(unit_price=None), [], date(2026, 1, 15))

    assert charge.net("GBP") is None
    assert "no price agreed" in charge.working


@pytest.mark.parametrize(
    ("tiering", "quantity", "price"),
    [
        (Tiering.VOLUME, "10", "5"),
        (Tiering.VOLUME, "100", "4"),
        (Tiering.GRADUATED, "150", "4.666667"),
        (Tiering.NONE, "150", "120"),
    ],
)
def test_tiers_price_a_quantity(tiering: str, quantity: str, price: str) -> None:
    tiers = [
        PriceTier(from_quantity=Decimal(0), unit_price=Decimal(5)),
        PriceTier(from_quantity=Decimal(100), unit_price=Decimal(4)),
    ]

    assert price_for(line(tiering=tiering), Decimal(quantity), tiers) == Decimal(price)


def test_an_early_end_gives_the_unused_days_back() -> None:
    year = Days(date(2026, 1, 15), date(2027, 1, 14))

    unused = surplus(year, Decimal("12000.00"), date(2026, 6, 30), "GBP")

    assert unused is not None
    assert (len(unused.unused), unused.net) == (198, Decimal("6509.59"))
    assert surplus(year, Decimal("12000.00"), date(2027, 1, 14), "GBP") is None


@given(
    anchor=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    months=st.sampled_from([1, 3, 12]),
    first=st.dates(date(2018, 1, 1), date(2033, 12, 31)),
    length=st.integers(0, 1500),
)
def test_cycles_cover_every_day_once(anchor: date, months: int, first: date, length: int) -> None:
    last = first + timedelta(days=length)

    found = list(cycles(anchor, months, first, last))

    assert found[0].first_on <= first
    assert found[-1].last_on >= last
    assert all(one.last_on + timedelta(days=1) == other.first_on for one, other in zip(found, found[1:], strict=False))
    assert list(uncovered(Days(first, last), found)) == []


def test_a_cycle_from_the_31st_comes_back_to_the_31st() -> None:
    assert [months_after(date(2028, 1, 31), n) for n in range(3)] == [
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
    ]
