"""Receipts with what they pay through the action of the cash desk: numbers, ledger, allocation, audit."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count

from bench.ledger import Ground, in_batches, invoice
from bench.measures import Measure, seconds
from cashapp.actions.drafts import ReceiptDraft
from cashapp.actions.receipts import post_receipts
from cashapp.money_in import Incoming, Payment
from core.money import Money
from ledger.models import OpenItem

NUMBERS = count(1)
SLOWEST = {500: 600, 1: 60}


def measure_receipts(ground: Ground, many: int = 3000, few: int = 150) -> Iterator[Measure]:
    """In bulk, and one in each transaction."""
    for number, size in ((many, 500), (few, 1)):
        debits = in_batches(ground, [invoice(ground) for _ in range(number)], 500)
        rate = number / seconds(lambda debits=debits, size=size: _receive(ground, debits, size))  # type: ignore[misc]
        work = "receipt and allocation, " + ("in bulk" if size > 1 else "one by one")
        yield Measure(work, "/s", rate, None, "", f"≥ {SLOWEST[size]}/s", rate >= SLOWEST[size])


def _receive(ground: Ground, debits: Sequence[OpenItem], size: int) -> None:
    for start in range(0, len(debits), size):
        drafts = [_draft(debit) for debit in debits[start : start + size]]
        post_receipts(by=ground.by, entity=ground.entity, drafts=drafts)


def _draft(debit: OpenItem) -> ReceiptDraft:
    money, on = Money(debit.amount, debit.currency), debit.posted_on + timedelta(20)
    incoming = Incoming(money=money, received_on=on, key=f"bench:{next(NUMBERS)}")
    return ReceiptDraft(debit.customer, incoming, [Payment(debit, debit.amount)])
