"""Real threads with real transactions: the same money is spent once, and a month doesn't close over what is posted."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from core.errors import Refused
from core.models import User
from customers.models import Customer
from ledger.actions import close_period
from ledger.models import AccountingPeriod, Allocation, JournalEntry, OpenItem
from ledger.posting import Pair, allocate, post, reverse_allocations
from ledger.proofs import prove_ledger
from tests.ledger.conftest import draft_invoice

Day = Callable[[int], date]
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, started together; give back what each returned or raised."""
    start = Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            with transaction.atomic():
                results[place] = work()
        except (Refused, DatabaseError) as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.fixture
def posted(acme: Customer, system: User, invoice: Any, receipt: Any, may: Day) -> tuple[list[OpenItem], OpenItem]:
    """Eight invoices of 100.00 and a receipt of 300.00."""
    with transaction.atomic():
        bills = [invoice(acme, f"INV-{n}", "100.00", may(1)) for n in range(8)]
        cash = receipt(acme, "RC-1", "300.00", may(2))
    return bills, cash


def test_eight_people_spend_the_same_receipt(posted: Any, system: User, may: Day) -> None:
    bills, cash = posted

    results = at_once(
        *(lambda bill=bill: allocate(by=system, pairs=[Pair(bill, cash, Decimal(100), may(5))]) for bill in bills)
    )

    assert sum(isinstance(result, list) for result in results) == 3, results
    cash.refresh_from_db()
    assert (cash.open_amount, cash.settled_on) == (0, may(5))
    assert prove_ledger().problems == []


def test_the_database_alone_keeps_them_apart(posted: Any, system: User, may: Day) -> None:
    """Straight into the table, without the locks of posting."""
    bills, cash = posted

    def insert(bill: OpenItem) -> Allocation:
        return Allocation.objects.create(
            debit_item=bill, credit_item=cash, amount=100, debit_base=100, credit_base=100, allocated_on=may(5),
            recorded_by=system,
        )  # fmt: skip

    results = at_once(*(lambda bill=bill: insert(bill) for bill in bills))

    done = [result for result in results if isinstance(result, Allocation)]
    assert 1 <= len(done) <= 3, results
    cash.refresh_from_db()
    assert cash.open_amount == 300 - 100 * len(done)
    assert prove_ledger().problems == []


def test_an_allocation_is_undone_by_one_of_two(posted: Any, system: User, may: Day) -> None:
    bills, cash = posted
    with transaction.atomic():
        allocation = allocate(by=system, pairs=[Pair(bills[0], cash, Decimal(100), may(5))])[0]

    def undo() -> list[Allocation]:
        return reverse_allocations(by=system, allocations=[allocation], allocated_on=may(6), reason="Misapplied")

    results = at_once(undo, undo)

    assert sum(isinstance(result, list) for result in results) == 1, results
    assert prove_ledger().problems == []


def test_the_same_event_from_two_sides_is_posted_once(posted: Any, acme: Customer, system: User, may: Day) -> None:
    draft = draft_invoice(acme, "INV-9", "120.00", may(1))

    results = at_once(*[lambda: post(by=system, entries=[draft])] * 4)

    assert len({result[0] for result in results}) == 1, results
    assert JournalEntry.objects.filter(key="invoice:INV-9").count() == 1


def test_a_month_closes_only_after_what_is_being_posted(posted: Any, acme: Customer, system: User, may: Day) -> None:
    period = AccountingPeriod.objects.get()
    written, looked = Event(), Event()
    order: list[str] = []

    def slow_posting() -> None:
        post(by=system, entries=[draft_invoice(acme, "INV-9", "120.00", may(1))])
        written.set()
        looked.wait(1.0)
        order.append("posted")

    def closing() -> None:
        written.wait(10)
        close_period(by=system, period=period)
        order.append("closed")
        looked.set()

    at_once(slow_posting, closing)

    assert order == ["posted", "closed"]
    assert prove_ledger().problems == []
