"""Readings come in once and are billed with their month, or with the next when they come late."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import NotAllowed, SameKeyOtherContent
from core.models import User
from invoicing.actions import amend_contract, record_usage, renew_contract
from invoicing.actions.errors import UsageRefused
from invoicing.actions.usage import Reading
from invoicing.amending import AmendmentDraft
from invoicing.contract_drafts import ContractLineDraft
from invoicing.models import Contract, ContractLine, Product, UsageReading
from invoicing.queries.amending import lines_of, usage_line
from invoicing.queries.charging import charges_of
from tests.invoicing.contracts.conftest import Agreed, Billed

JANUARY, FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)


@pytest.fixture
def metered(agreed: Agreed, calls: Product) -> Contract:
    """Calls at 0.05, by the month, from 1 January to 31 March."""
    line = ContractLineDraft(
        calls,
        unit_price=Decimal("0.05"),
        cycle=ContractLine.Cycle.USAGE.value,
        timing=ContractLine.Timing.ARREARS.value,
    )
    return agreed(line, starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))


def reading(day: date, quantity: int, source_id: str) -> Reading:
    return Reading(day, Decimal(quantity), source_id)


def test_a_month_costs_what_was_read_in_it_and_what_comes_late_costs_with_the_next(
    clerk: User, metered: Contract, billed: Billed
) -> None:
    line = usage_line(metered, None, JANUARY)
    record_usage(by=clerk, line=line, readings=[reading(date(2026, 1, 5), 100, "r1")])
    january = billed(metered, JANUARY)
    late = [reading(date(2026, 1, 30), 40, "r2"), reading(date(2026, 2, 3), 60, "r3")]
    record_usage(by=clerk, line=line, readings=late)

    [charge] = charges_of(lines_of(metered), FEBRUARY)
    february = billed(metered, FEBRUARY)

    assert january.net == Decimal("5.00")
    assert (charge.quantity, charge.late, february.net) == (Decimal(100), Decimal(40), Decimal("5.00"))
    assert charges_of(lines_of(metered), FEBRUARY) == []


def test_a_reading_comes_in_once(clerk: User, metered: Contract) -> None:
    line = usage_line(metered, 1, JANUARY)
    first = record_usage(by=clerk, line=line, readings=[reading(JANUARY, 10, "r1")], source="api")

    assert record_usage(by=clerk, line=line, readings=[reading(JANUARY, 10, "r1")], source="api") == first
    assert UsageReading.objects.count() == 1
    with pytest.raises(SameKeyOtherContent, match="r1 came in as 10 on 31 Jan 2026"):
        record_usage(by=clerk, line=line, readings=[reading(JANUARY, 11, "r1")], source="api")
    with pytest.raises(SameKeyOtherContent):
        record_usage(by=clerk, line=line, readings=[reading(JANUARY, 1, "r2"), reading(JANUARY, 2, "r2")])


def test_what_was_billed_too_high_is_taken_off_the_next_month(clerk: User, metered: Contract, billed: Billed) -> None:
    line = usage_line(metered, None, JANUARY)
    record_usage(by=clerk, line=line, readings=[reading(JANUARY, 100, "r1")])
    billed(metered, JANUARY)
    record_usage(by=clerk, line=line, readings=[reading(JANUARY, -30, "r2"), reading(FEBRUARY, 50, "r3")])

    [charge] = charges_of(lines_of(metered), FEBRUARY)

    assert (charge.quantity, charge.late) == (Decimal(20), Decimal(-30))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (reading(date(2026, 4, 1), 1, "r1"), "runs from 01 Jan 2026 to 31 Mar 2026"),
        (reading(JANUARY, 0, "r1"), "is no quantity"),
        (reading(JANUARY, 1, " "), "has no id"),
    ],
)
def test_what_is_no_reading(clerk: User, metered: Contract, wrong: Reading, sentence: str) -> None:
    with pytest.raises(UsageRefused, match=sentence):
        record_usage(by=clerk, line=usage_line(metered, 1, JANUARY), readings=[wrong])


def test_after_the_last_month_is_billed_there_is_no_next(clerk: User, metered: Contract, billed: Billed) -> None:
    line = usage_line(metered, 1, JANUARY)
    record_usage(by=clerk, line=line, readings=[reading(date(2026, 3, 1), 10, "r1")])
    billed(metered, date(2026, 3, 31))

    with pytest.raises(UsageRefused, match="billed to its end on 31 Mar 2026"):
        record_usage(by=clerk, line=line, readings=[reading(date(2026, 3, 2), 10, "r2")])


def test_what_is_late_at_the_end_of_a_term_is_billed_with_the_next_one(
    clerk: User, metered: Contract, billed: Billed
) -> None:
    line = usage_line(metered, 1, JANUARY)
    record_usage(by=clerk, line=line, readings=[reading(date(2026, 3, 1), 10, "r1")])
    billed(metered, date(2026, 3, 31))
    renew_contract(by=clerk, contract=metered)
    record_usage(by=clerk, line=line, readings=[reading(date(2026, 3, 31), 7, "r2")])
    april = usage_line(Contract.objects.get(), 1, date(2026, 4, 9))
    record_usage(by=clerk, line=april, readings=[reading(date(2026, 4, 9), 30, "r3")])

    [charge] = charges_of(lines_of(Contract.objects.get()), date(2026, 4, 30))

    assert (april.position, charge.line, charge.quantity, charge.late) == (2, april, Decimal(37), Decimal(7))


def test_a_new_price_from_a_day_behind_takes_the_readings_of_its_days_along(clerk: User, metered: Contract) -> None:
    line = usage_line(metered, 1, JANUARY)
    record_usage(by=clerk, line=line, readings=[reading(date(2026, 1, 9), 10, "r1"), reading(JANUARY, 20, "r2")])
    price = AmendmentDraft("price", date(2026, 1, 16), position=1, unit_price=Decimal(1))
    amend_contract(by=clerk, contract=metered, draft=price)

    again = record_usage(by=clerk, line=usage_line(metered, 1, JANUARY), readings=[reading(JANUARY, 20, "r2")])

    due = charges_of(lines_of(metered), JANUARY)
    assert [(charge.quantity, charge.net("GBP")) for charge in due] == [
        (Decimal(10), Decimal("0.50")),
        (Decimal(20), Decimal("20.00")),
    ]
    assert again[0].line_id == line.pk


def test_seats_are_not_metered(clerk: User, agreed: Agreed) -> None:
    [line] = lines_of(agreed())

    with pytest.raises(UsageRefused, match="isn't billed by usage"):
        record_usage(by=clerk, line=line, readings=[reading(JANUARY, 1, "r1")])


def test_who_may_not_record_usage(collector: User, metered: Contract) -> None:
    with pytest.raises(NotAllowed):
        record_usage(by=collector, line=usage_line(metered, 1, JANUARY), readings=[reading(JANUARY, 1, "r1")])
