"""Posting entries: what comes of it, what is refused, and what happens the second time."""

from collections.abc import Callable
from datetime import date

from core.models import User
from customers.models import Customer
from ledger.models import JournalEntry, OpenItem
from ledger.posting import (
    post,
)
from tests.ledger.conftest import draft_invoice

Day = Callable[[int], date]


def test_an_invoice_becomes_an_entry_with_an_open_item(acme: Customer, system: User, may: Day) -> None:
    entry = post(by=system, entries=[draft_invoice(acme, "INV-1", "120.00", may(1), may(31))])[0]

    item = entry.open_items[0]
    assert item == OpenItem.objects.get() and item.pk == entry.lines.get(account__role="receivables").pk
    kept = OpenItem.objects.get()
    for field in OpenItem._meta.concrete_fields:
        assert getattr(item, field.attname) == getattr(kept, field.attname), field.attname
    assert JournalEntry.objects.get().number == entry.number
    assert [(str(line.account.code), line.signed_amount) for line in entry.lines.all()] == [
        ("1100", 120), ("4000", -100), ("2200", -20),
    ]  # fmt: skip
