"""Settling debits with credits: what is left, what is refused, and how it is undone."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from core.models import ExchangeRate, LegalEntity, User
from core.money import CurrencyMismatch
from customers.models import Customer
from ledger.models import Allocation, JournalEntry, OpenItem
from ledger.posting import (
    AlreadyReversed,
    NotPostable,
    OverAllocated,
    Pair,
    StillAllocated,
    WrongCustomer,
    WrongItems,
    allocate,
    reverse_allocations,
    reverse_entry,
)

Day = Callable[[int], date]
Make = Callable[..., OpenItem]
Apply = Callable[..., Allocation]


def test_a_receipt_settles_an_invoice(acme: Customer, invoice: Make, receipt: Make, apply: Apply, may: Day) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "150.00", may(15))

    apply(cash, bill, "120.00", may(15))

    assert (bill.open_amount, bill.settled_on) == (0, may(15))
    assert (cash.open_amount, cash.settled_on) == (30, None)
    assert OpenItem.objects.get(pk=bill.pk).settled_recorded_at == bill.settled_recorded_at


def test_an_item_is_settled_on_its_latest_allocation(
    acme: Customer, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "150.00", may(5))

    apply(cash, bill, "100.00", may(20))
    apply(cash, bill, "20.00", may(10))

    assert bill.settled_on == may(20)


def test_more_than_is_open_is_refused(acme: Customer, invoice: Make, receipt: Make, apply: Apply, may: Day) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "150.00", may(15))
    apply(cash, bill, "20.00", may(15))

    with pytest.raises(OverAllocated, match="INV-1 has only 100.00 GBP left open"):
        apply(cash, bill, "100.01", may(15))


def test_a_batch_may_not_use_the_same_money_twice(
    acme: Customer, system: User, invoice: Make, receipt: Make, may: Day
) -> None:
    one, other = invoice(acme, "INV-1", "100.00", may(1)), invoice(acme, "INV-2", "100.00", may(1))
    cash = receipt(acme, "RC-1", "150.00", may(15))

    with pytest.raises(OverAllocated, match="RC-1 has only 50.00 GBP left open"):
        allocate(by=system, pairs=[Pair(item, cash, Decimal(100), may(15)) for item in (one, other)])


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "10.005", "NaN"])
def test_absurd_amounts_are_refused(
    acme: Customer, invoice: Make, receipt: Make, apply: Apply, may: Day, amount: str
) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "150.00", may(15))
    with pytest.raises(NotPostable):
        apply(cash, bill, amount, may(15))


def test_customers_do_not_pay_for_each_other(
    acme: Customer, bolt: Customer, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    with pytest.raises(WrongCustomer):
        apply(receipt(bolt, "RC-1", "50.00", may(2)), invoice(acme, "INV-1", "120.00", may(1)), "50.00", may(2))


def test_currencies_are_not_mixed(acme: Customer, invoice: Make, receipt: Make, apply: Apply, may: Day) -> None:
    ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=may(1), rate=Decimal("0.85"))
    in_euro = receipt(acme, "RC-1", "50.00", may(2), currency="EUR")

    with pytest.raises(CurrencyMismatch, match="RC-1 is in EUR, INV-1 in GBP"):
        apply(in_euro, invoice(acme, "INV-1", "120.00", may(1)), "50.00", may(2))


def test_it_takes_a_debit_and_a_credit_of_the_past(
    acme: Customer, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "50.00", may(20))
    with pytest.raises(WrongItems, match="takes a credit and a debit"):
        apply(bill, cash, "50.00", may(20))
    with pytest.raises(WrongItems, match="RC-1 was posted on 20 May 2026"):
        apply(cash, bill, "50.00", may(19))


# Undoing -------------------------------------------------------------------------------------------------------------


def test_undoing_an_allocation_opens_both_items_again(
    acme: Customer, system: User, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "120.00", may(15))
    allocation = apply(cash, bill, "120.00", may(15))

    undone = reverse_allocations(by=system, allocations=[allocation], allocated_on=may(20), reason="Misapplied")[0]

    assert (undone.amount, undone.reverses, undone.reason) == (-120, allocation, "Misapplied")
    kept = OpenItem.objects.get(pk=bill.pk)
    assert (kept.open_amount, kept.settled_on, kept.settled_recorded_at) == (120, None, None)


def test_an_allocation_is_undone_once(
    acme: Customer, system: User, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "120.00", may(15))
    allocation = apply(cash, bill, "120.00", may(15))
    undone = reverse_allocations(by=system, allocations=[allocation], allocated_on=may(20), reason="Misapplied")

    for again in ([allocation], undone):
        with pytest.raises(AlreadyReversed):
            reverse_allocations(by=system, allocations=again, allocated_on=may(21), reason="Misapplied")


def test_money_that_was_free_only_later_is_not_used_earlier(
    acme: Customer, system: User, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "200.00", may(2))
    first = apply(cash, bill, "120.00", may(10))
    reverse_allocations(by=system, allocations=[first], allocated_on=may(20), reason="Misapplied")

    with pytest.raises(OverAllocated, match="On 1[0-9] May 2026 (INV-1|RC-1) was still settled"):
        apply(cash, bill, "120.00", may(12))


def test_reversing_an_invoice_settles_it_with_its_mirror(acme: Customer, system: User, invoice: Make, may: Day) -> None:
    bill = invoice(acme, "INV-1", "120.00", may(1))

    mirror = reverse_entry(by=system, entry=bill.line.entry, posted_on=may(9), reason="Billed twice")

    assert mirror.reverses == bill.line.entry and mirror.kind == JournalEntry.Kind.REVERSAL
    assert [str(line.signed_amount.normalize()) for line in mirror.lines.all()] == ["-1.2E+2", "1E+2", "2E+1"]
    bill.refresh_from_db()
    assert (bill.open_amount, bill.settled_on) == (0, may(9))
    assert OpenItem.objects.get(number="INV-1/R").side == "credit"


def test_what_is_allocated_is_not_reversed(
    acme: Customer, system: User, invoice: Make, receipt: Make, apply: Apply, may: Day
) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "120.00", may(15))
    apply(cash, bill, "1.00", may(15))

    with pytest.raises(StillAllocated, match="INV-1 is allocated"):
        reverse_entry(by=system, entry=bill.line.entry, posted_on=may(16), reason="Billed twice")


def test_an_entry_is_reversed_once_and_not_before_its_day(
    acme: Customer, system: User, invoice: Make, may: Day
) -> None:
    entry = invoice(acme, "INV-1", "120.00", may(5)).line.entry
    with pytest.raises(NotPostable, match="cannot be reversed before"):
        reverse_entry(by=system, entry=entry, posted_on=may(4), reason="Billed twice")
    mirror = reverse_entry(by=system, entry=entry, posted_on=may(5), reason="Billed twice")

    for again in (entry, mirror):
        with pytest.raises((AlreadyReversed, StillAllocated)):
            reverse_entry(by=system, entry=again, posted_on=may(9), reason="Billed twice")


# Exchange differences ------------------------------------------------------------------------------------------------


@pytest.fixture
def in_dollars(
    books: LegalEntity, make_customer: Callable[..., Customer], invoice: Make, receipt: Make, may: Day
) -> tuple[OpenItem, OpenItem]:
    """USD 100.01 billed at 0.80, USD 100.01 received at 0.85: the books are in pounds."""
    castle = make_customer("Castle", books, "USD")
    for day, rate in ((1, "0.80"), (15, "0.85")):
        ExchangeRate.objects.create(from_currency="USD", to_currency="GBP", on=may(day), rate=Decimal(rate))
    return invoice(castle, "INV-1", "100.01", may(1)), receipt(castle, "RC-1", "100.01", may(15))


def test_parts_take_shares_of_the_value_and_the_last_takes_the_rest(
    in_dollars: tuple[OpenItem, OpenItem], apply: Apply, may: Day
) -> None:
    bill, cash = in_dollars

    parts = [apply(cash, bill, amount, may(15)) for amount in ("33.33", "33.33", "33.35")]

    assert [part.debit_base for part in parts] == [Decimal("26.66"), Decimal("26.67"), Decimal("26.68")]
    assert sum(part.debit_base for part in parts) == bill.base_amount == Decimal("80.01")
    assert sum(part.credit_base for part in parts) == cash.base_amount == Decimal("85.01")


def test_the_gain_is_posted_with_the_allocation_and_undone_with_it(
    in_dollars: tuple[OpenItem, OpenItem], system: User, apply: Apply, may: Day
) -> None:
    bill, cash = in_dollars
    allocation = apply(cash, bill, "100.01", may(20))

    gain = allocation.exchange_entry
    assert gain is not None and gain.posted_on == may(20) and gain.open_items == []
    assert [(line.account.code, line.base_debit - line.base_credit) for line in gain.lines.all()] == [
        ("1100", Decimal("5.00")),
        ("6300", Decimal("-5.00")),
    ]

    undone = reverse_allocations(by=system, allocations=[allocation], allocated_on=may(21), reason="Misapplied")[0]
    assert undone.exchange_entry is not None and undone.exchange_entry.reverses == gain
    with pytest.raises(NotPostable, match="undo the allocation"):
        reverse_entry(by=system, entry=gain, posted_on=may(22), reason="No")
