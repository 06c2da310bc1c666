"""Ageing and balances: the worked examples of the trade, any date, any knowledge."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection

from core.models import ExchangeRate, LegalEntity, User
from core.money import money
from customers.models import Customer
from ledger.ageing import AgeingBucket, AgeingRow, ageing, buckets_to
from ledger.balances import (
    allocations_recorded_after,
    control_account,
    customer_balance,
    entries_recorded_after,
    latest_known_at,
    open_items,
)
from ledger.models import Allocation, OpenItem
from ledger.posting import reverse_allocations

Day = Callable[[int], date]
Make = Callable[..., OpenItem]
Apply = Callable[..., Allocation]


def clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def test_the_worked_example_comes_to_2800(
    acme: Customer, books: LegalEntity, invoice: Make, receipt: Make, system: User
) -> None:
    """INV1 1,000 due 15 Oct, INV2 2,000 due 20 Sep, INV3 500 due 5 Aug; credit note 300, unapplied receipt 400."""
    invoice(acme, "INV1", "1000.00", date(2026, 9, 15), date(2026, 10, 15))
    invoice(acme, "INV2", "2000.00", date(2026, 8, 20), date(2026, 9, 20))
    invoice(acme, "INV3", "500.00", date(2026, 7, 5), date(2026, 8, 5))
    receipt(acme, "RC-1", "400.00", date(2026, 9, 25))
    credit = receipt(acme, "CN-1", "300.00", date(2026, 9, 10), kind="credit_note", item_kind="credit_note")

    assert credit.kind == "credit_note"
    row = ageing(entities=[books], as_of=date(2026, 9, 30))[0]
    assert row == AgeingRow(acme.pk, "GBP", 3, Decimal(400), Decimal(300), (1000, 2000, 500, 0, 0))  # type: ignore[arg-type]
    assert (row.total, row.net) == (3500, 2800)
    assert control_account(entity=books, as_of=date(2026, 9, 30))[0].account == 2800


@pytest.mark.parametrize(("days", "place"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)])
def test_due_today_is_current_and_the_edges_hold(
    acme: Customer, books: LegalEntity, invoice: Make, may: Day, days: int, place: int
) -> None:
    due_on = may(20)
    invoice(acme, "INV-1", "120.00", may(1), due_on)

    as_of = date.fromordinal(due_on.toordinal() + days)
    amounts = ageing(entities=[books], as_of=as_of)[0].amounts

    assert [index for index, amount in enumerate(amounts) if amount] == [place]


def test_buckets_are_data() -> None:
    assert [bucket.label for bucket in buckets_to(30, 60, 90, 120)] == [
        "current",
        "1-30",
        "31-60",
        "61-90",
        "91-120",
        "121+",
    ]
    assert [bucket.holds(30) for bucket in buckets_to(30, 60)] == [False, True, False, False]
    assert AgeingBucket("121+", 121, None).holds(500)


def test_age_may_count_from_the_invoice(acme: Customer, books: LegalEntity, invoice: Make, may: Day) -> None:
    invoice(acme, "INV-1", "120.00", may(1), may(31))
    assert ageing(entities=[books], as_of=may(31), by="due")[0].amounts[:2] == (120, 0)
    assert ageing(entities=[books], as_of=may(31), by="invoice")[0].amounts[:2] == (0, 120)


def test_yesterday_does_not_move(
    acme: Customer, books: LegalEntity, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    bill = invoice(acme, "INV-1", "120.00", may(1), may(5))
    for day in (4, 5, 9, 10, 20):
        assert ageing(entities=[books], as_of=may(day))[0].total == 120

    apply(receipt(acme, "RC-1", "120.00", may(10)), bill, "120.00", may(10))

    assert ageing(entities=[books], as_of=may(9))[0].total == 120
    assert ageing(entities=[books], as_of=may(10)) == []
    assert not open_items(entity=books, as_of=may(31)).exists()


def test_as_we_knew_it_then(
    acme: Customer, books: LegalEntity, system: User, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    bill = invoice(acme, "INV-1", "120.00", may(1), may(5))
    printed_at = latest_known_at()
    cash = receipt(acme, "RC-1", "100.00", may(8))
    allocation = apply(cash, bill, "100.00", may(8))
    after_cash = clock()
    reverse_allocations(by=system, allocations=[allocation], allocated_on=may(8), reason="Misapplied")

    def open_at(known_at: datetime | None) -> dict[str, Any]:
        found = open_items(entity=books, as_of=may(31), known_at=known_at)
        return {item.number: item.open_then for item in found}  # type: ignore[attr-defined]

    assert open_at(printed_at) == {"INV-1": 120}
    assert open_at(after_cash) == {"INV-1": 20}
    assert open_at(None) == {"INV-1": 120, "RC-1": 100}
    totals = [ageing(entities=[books], as_of=may(31), known_at=at)[0].net for at in (printed_at, after_cash, None)]
    assert totals == [120, 20, 20]
    accounts = [control_account(entity=books, as_of=may(31), known_at=at)[0].account for at in (printed_at, None)]
    assert accounts == [120, 20]
    entries = entries_recorded_after(entity=books, as_of=may(31), known_at=printed_at)
    assert [entry.kind for entry in entries] == ["receipt"]
    assert allocations_recorded_after(entity=books, as_of=may(31), known_at=printed_at).count() == 2


def test_groups_companies_and_currencies(
    books: LegalEntity, make_customer: Callable[..., Customer], invoice: Make, may: Day
) -> None:
    ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=may(1), rate=Decimal("0.85"))
    parent = make_customer("Castle", books)
    child = make_customer("Castle Fibre", books, parent=parent)
    invoice(parent, "INV-1", "100.00", may(1))
    invoice(child, "INV-2", "50.00", may(1))
    invoice(child, "INV-3", "7.00", may(1), currency="EUR")

    def totals(group_by: Any) -> list[tuple[int, str, Decimal]]:
        rows = ageing(entities=[books], as_of=may(31), group_by=group_by)
        return [(row.key, row.currency, row.total) for row in rows]

    assert totals("customer") == [(parent.pk, "GBP", 100), (child.pk, "EUR", 7), (child.pk, "GBP", 50)]
    assert totals("group") == [(parent.pk, "EUR", 7), (parent.pk, "GBP", 150)]
    assert totals("entity") == [(books.pk, "EUR", 7), (books.pk, "GBP", 150)]
    assert totals("currency") == [(0, "EUR", 7), (0, "GBP", 150)]
    only = ageing(entities=[books], as_of=may(31), customers=[parent])
    assert [row.total for row in only] == [100]


def test_a_customers_balance_is_what_was_posted(
    acme: Customer, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    bill = invoice(acme, "INV-1", "120.00", may(1), may(5))
    apply(receipt(acme, "RC-1", "150.00", may(8)), bill, "120.00", may(20))

    assert customer_balance(customer=acme, as_of=may(7)) == {"GBP": money("120.00 GBP")}
    assert customer_balance(customer=acme, as_of=may(8)) == {"GBP": money("-30.00 GBP")}


def test_every_question_is_one_statement(
    acme: Customer, books: LegalEntity, invoice: Make, may: Day, django_assert_num_queries: Any
) -> None:
    invoice(acme, "INV-1", "120.00", may(1), may(5))
    for known_at in (None, clock()):
        asked: Any = {"as_of": may(9), "known_at": known_at}
        for ask in (
            partial(ageing, entities=[books], **asked),
            lambda **facts: list(open_items(entity=books, **facts)),
            partial(customer_balance, customer=acme),
            partial(control_account, entity=books),
        ):
            with django_assert_num_queries(1):
                ask(**asked)
