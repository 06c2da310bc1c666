"""A generated ledger in the database, without its receipts: customers, invoices, and credit notes applied to them."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

from django.db import transaction

from core.models import LegalEntity, User
from customers.actions import import_customers
from customers.drafts import CustomerDraft
from customers.models import Customer
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post

Role = Account.Role
BATCH = 1000


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / name).open(newline="") as file:
        yield from csv.DictReader(file)


def amount(minor: str) -> Decimal:
    return Decimal(minor).scaleb(-2)


@transaction.atomic
def load_ledger(folder: Path, entity: LegalEntity, by: User) -> None:
    drafts = [
        CustomerDraft(name=row["name"], code=row["code"], terms=int(row["terms_days"]), iban=row["iban"])
        for row in rows(folder, "customers.csv")
    ]
    customers = dict(enumerate(import_customers(by=by, entity=entity, drafts=drafts), 1))
    invoices: dict[str, OpenItem] = {}
    for batch in batches(rows(folder, "invoices.csv")):
        entries = post(by=by, entries=[invoice_of(row, customers[int(row["customer_id"])]) for row in batch])
        invoices |= {row["id"]: entry.open_items[0] for row, entry in zip(batch, entries, strict=True)}
    for batch in batches(rows(folder, "credit_notes.csv")):
        entries = post(by=by, entries=[credit_of(row, customers[int(row["customer_id"])]) for row in batch])
        notes = [entry.open_items[0] for entry in entries]
        pairs = [
            Pair(invoices[row["invoice_id"]], note, note.amount, note.posted_on)
            for row, note in zip(batch, notes, strict=True)
        ]
        allocate(by=by, pairs=pairs)


def batches(table: Iterator[dict[str, str]]) -> Iterator[Sequence[dict[str, str]]]:
    while batch := list(islice(table, BATCH)):
        yield batch


def invoice_of(row: dict[str, str], customer: Customer) -> EntryDraft:
    on, due_on = date.fromisoformat(row["date"]), date.fromisoformat(row["due_date"])
    item = ItemDraft(row["number"], OpenItem.Kind.INVOICE, on, due_on)
    lines = (
        LineDraft(Role.RECEIVABLES, debit=amount(row["gross"]), customer=customer, item=item),
        LineDraft(Role.REVENUE, credit=amount(row["gross"])),
    )
    return EntryDraft(customer.entity, JournalEntry.Kind.INVOICE, on, "EUR", lines, f"invoice:{row['number']}")


def credit_of(row: dict[str, str], customer: Customer) -> EntryDraft:
    on = date.fromisoformat(row["date"])
    item = ItemDraft(row["number"], OpenItem.Kind.CREDIT_NOTE, on, on)
    lines = (
        LineDraft(Role.REVENUE, debit=amount(row["gross"])),
        LineDraft(Role.RECEIVABLES, credit=amount(row["gross"]), customer=customer, item=item),
    )
    return EntryDraft(customer.entity, JournalEntry.Kind.CREDIT_NOTE, on, "EUR", lines, f"credit:{row['number']}")
