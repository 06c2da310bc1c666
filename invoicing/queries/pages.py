"""What the pages of one document show."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from core.models import AuditEvent
from core.money import ZERO
from invoicing.models import BilledPeriod, CreditNote, Document, Invoice, TaxRate
from invoicing.queries.lists import open_amounts
from ledger.models import Allocation, JournalLine, OpenItem


@dataclass(frozen=True)
class Settlement:
    """A part of a document that another item settles."""

    allocation: Allocation
    other: OpenItem
    amount: Decimal

    @property
    def is_undone(self) -> bool:
        """Whether it undoes another, or was undone."""
        return self.amount < 0 or hasattr(self.allocation, "reversed_by")


def invoices_with_parts() -> QuerySet[Invoice]:
    """Invoices as their page shows them."""
    again = "rebilling__credit_note__invoice"
    parties, related = ("seller", "buyer"), ("entity", "customer", "terms", "item", "entry", "pdf", "drafted_by")
    rows = Invoice.objects.select_related(*parties, *related, "final_bill", again)
    return rows.prefetch_related("lines__tax_rate", "taxes__tax_rate")


def bills_contracts(invoice: Invoice) -> bool:
    """Whether its lines bill days of contracts, which say what stands in them."""
    return BilledPeriod.objects.filter(invoice_line__invoice=invoice).exists()


def credit_notes_with_parts() -> QuerySet[CreditNote]:
    """Credit notes as their page shows them."""
    again = "rebilling__invoice"
    related = ("entity", "customer", "invoice", "item", "entry", "seller", "buyer", "pdf", "drafted_by", "file", again)
    return CreditNote.objects.select_related(*related).prefetch_related("lines__tax_rate", "taxes__tax_rate")


def settlements_of(document: Document, *, as_of: date) -> list[Settlement]:
    """What settles a document by the end of a day, the earliest first."""
    if document.item_id is None:
        return []
    about = Q(debit_item=document.item_id) | Q(credit_item=document.item_id)
    rows = Allocation.objects.filter(about, allocated_on__lte=as_of).select_related(
        "debit_item", "credit_item", "reversed_by"
    )
    return [
        Settlement(row, row.credit_item if row.debit_item_id == document.item_id else row.debit_item, row.amount)
        for row in rows
    ]


def journal_lines_of(document: Document) -> QuerySet[JournalLine]:
    """What it did to the books."""
    return JournalLine.objects.filter(entry=document.entry_id).select_related("account").order_by("pk")


def history_of(document: Document) -> QuerySet[AuditEvent]:
    """Who did what to it, the newest first."""
    rows = AuditEvent.objects.filter(object_type=document._meta.label_lower, object_id=str(document.pk))
    return rows.select_related("by").order_by("-pk")


def open_of(document: Document) -> Decimal:
    """What is left open of it now."""
    return document.item.open_amount if document.item is not None else ZERO


def open_of_day(document: Document, *, as_of: date, today: date) -> Decimal:
    """What was left open of it at the end of a day."""
    return open_amounts([document], as_of=as_of, today=today).get(document.item_id or 0, ZERO)


def rates_charged(entity_id: int, on: date) -> QuerySet[TaxRate]:
    """The tax rates that can be chosen for a sale of a day."""
    rows = TaxRate.objects.filter(entity=entity_id, valid_from__lte=on)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=on)).order_by("-percent", "code")
