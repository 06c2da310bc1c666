"""Bringing in a batch of another program's ledger: each a transaction through the actions that people use."""

from __future__ import annotations

from django.db import transaction

from cashapp.actions.receipts import post_receipts
from cashapp.actions.unidentified import post_unidentified_many
from core.models import User
from core.permissions import require
from customers.actions import import_customers
from customers.models import Customer, take_turns
from integrations.intake import Intake, Rows
from integrations.ledger_folder import amount, day, read
from invoicing.actions import issue_imported, issue_imported_credit_notes
from ledger.models import OpenItem
from ledger.posting import Pair, allocate


@transaction.atomic
def bring_in_customers(*, by: User, intake: Intake, batch: Rows) -> None:
    """Customers by their code; those that are here already stay as they are."""
    require(by, "ledger.post_opening", intake.entity)
    names = {row["code"]: row["id"] for _, row in batch}
    known = Customer.objects.filter(entity=intake.entity, code__in=names).select_related("terms")
    here = {row.code: row for row in known}
    drafts = [read("customers.csv", line, row, intake.customer_draft) for line, row in batch if row["code"] not in here]

    made = import_customers(by=by, entity=intake.entity, drafts=drafts)

    for customer in [*here.values(), *made]:
        intake.customers[names[customer.code]] = intake.by_key[customer.pk] = customer


@transaction.atomic
def bring_in_invoices(*, by: User, intake: Intake, batch: Rows) -> None:
    """Invoices with their lines; those whose number is here already are passed over."""
    require(by, "ledger.post_opening", intake.entity)
    drafts = {row["id"]: intake.invoice(line, row) for line, row in batch}
    here = intake.items_here(OpenItem.Kind.INVOICE, [draft.number for draft in drafts.values()])
    fresh = [draft for draft in drafts.values() if draft.number not in here]

    for invoice in issue_imported(by=by, entity=intake.entity, invoices=fresh):
        here[str(invoice.number)] = invoice.item_id or 0

    for name, draft in drafts.items():
        intake.invoices[name] = here[draft.number]


@transaction.atomic
def bring_in_credit_notes(*, by: User, intake: Intake, batch: Rows) -> None:
    """Credit notes, each set against what the folder says; those that are here already are passed over."""
    require(by, "ledger.post_opening", intake.entity)
    settles = {row["id"]: intake.credited.of(row["id"]) for _, row in batch}
    parts = [part for rows in settles.values() for _, part in rows]
    debits = intake.items_of([row["invoice_id"] for row in (*parts, *(row for _, row in batch))])
    drafts = {row["id"]: intake.credit_note(line, row, debits) for line, row in batch}
    here = intake.items_here(OpenItem.Kind.CREDIT_NOTE, [draft.number for draft in drafts.values()])
    fresh = {name: draft for name, draft in drafts.items() if draft.number not in here}

    made = issue_imported_credit_notes(by=by, entity=intake.entity, credit_notes=list(fresh.values()))
    credits = OpenItem.objects.select_related("customer").in_bulk([row.item_id for row in made])
    take_turns(item.customer for item in debits.values())
    pairs = []
    for name, row in zip(fresh, made, strict=True):
        for _, part in settles[name]:
            debit = debits[intake.invoices[part["invoice_id"]]]
            pairs.append(
                Pair(debit, credits[row.item_id or 0], amount(part["amount"], debit.currency), day(part["date"]))
            )
    allocate(by=by, pairs=pairs)


@transaction.atomic
def bring_in_receipts(*, by: User, intake: Intake, batch: Rows) -> None:
    """Receipts with what they settle; money of unknown payers waits in suspense."""
    require(by, "ledger.post_opening", intake.entity)
    rows = [(line, row, intake.paid.of(row["id"])) for line, row in batch]
    items = intake.items_of([part["invoice_id"] for _, _, parts in rows for _, part in parts])

    known = [intake.receipt(line, row, parts, items) for line, row, parts in rows if row["customer_id"]]
    post_receipts(by=by, entity=intake.entity, drafts=known)
    unknown = [read("receipts.csv", line, row, intake.incoming) for line, row, _ in rows if not row["customer_id"]]
    post_unidentified_many(by=by, entity=intake.entity, incomings=unknown)
