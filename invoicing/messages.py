"""What mails that carry an invoice or a credit note say, and the PDF that goes along."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from django.db.models import Sum

from core import clock
from core.models import StoredFile
from core.money import money
from core.papers import in_groups
from core.permissions import system_user
from invoicing.actions.documents import store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.structured import store_structured
from invoicing.models import CreditNote, Invoice, InvoiceLink
from invoicing.queries.attachments import files_along
from invoicing.queries.links import address_of, address_of_credit, open_link
from invoicing.queries.structured import profile_wanted
from messaging.kinds import Context, Kind
from messaging.models import Message


class InvoiceMessage(Kind):
    """An invoice on its way to the customer."""

    label = "Invoice"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "document": "INV-2026-000123",
        "amount": money("1,200.00 GBP"),
        "issued_on": date(2026, 5, 4),
        "due_on": date(2026, 6, 3),
        "reference": "RF98 INV2 0260 0012 3",
        "purchase_order": "PO 88213",
        "link": "https://o2c.example/i/…/",
    }

    def still_true(self, message: Message) -> str | None:
        """An invoice that was credited in full meanwhile isn't sent; a copy that a person asks for is."""
        invoice = _invoice(message)
        notes = CreditNote.objects.filter(invoice=invoice, number__isnull=False)
        if message.resend_of_id is None and notes.aggregate(sum=Sum("gross"))["sum"] == invoice.gross:
            return f"{invoice} was credited in full before it left."
        return None

    def context(self, message: Message) -> Context:
        """The figures of the invoice."""
        invoice = _invoice(message)
        return {
            "amount": invoice.money,
            "issued_on": invoice.issued_on or message.queued_at.date(),
            "due_on": invoice.due_on or message.queued_at.date(),
            "reference": in_groups(invoice.reference),
            "purchase_order": invoice.purchase_order,
            "link": address_of(link) if (link := open_link(invoice, clock.now())) else "",
        }

    def secrets(self, message: Message) -> Sequence[str]:
        """The key in the customer's link."""
        link = open_link(_invoice(message), clock.now())
        return [link.key] if link else []

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """Its PDF, made now if nobody needed it before, the structured file that the customer takes, and its files."""
        invoice = _invoice(message)
        pdf = store_invoice_pdf(by=system_user(), invoice=invoice)
        return [pdf, *_files_taken(invoice), *files_along(invoice)]


class CreditNoteMessage(Kind):
    """A credit note on its way to the customer."""

    label = "Credit note"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "document": "CN-2026-00012",
        "amount": money("120.00 GBP"),
        "issued_on": date(2026, 5, 20),
        "invoice": "INV-2026-000123",
        "reason": "Wrong price",
        "link": "https://o2c.example/i/…/credit-notes/12/",
    }

    def context(self, message: Message) -> Context:
        """The figures of the credit note."""
        credit_note = _credit_note(message)
        return {
            "amount": credit_note.money,
            "issued_on": credit_note.issued_on or message.queued_at.date(),
            "invoice": str(credit_note.invoice.number),
            "reason": credit_note.reason,
            "link": address_of_credit(link, credit_note) if (link := _link_to(credit_note)) else "",
        }

    def secrets(self, message: Message) -> Sequence[str]:
        """The key in the customer's link."""
        link = _link_to(_credit_note(message))
        return [link.key] if link else []

    def attachments(self, message: Message) -> Sequence[StoredFile]:
        """Its PDF, made now if nobody needed it before, and the structured file that the customer takes."""
        credit_note = _credit_note(message)
        return [store_credit_note_pdf(by=system_user(), credit_note=credit_note), *_files_taken(credit_note)]


def _link_to(credit_note: CreditNote) -> InvoiceLink | None:
    return open_link(credit_note.invoice, clock.now())


def _files_taken(document: Invoice | CreditNote) -> list[StoredFile]:
    profile = profile_wanted(document.customer)
    if profile is None or document.is_imported:
        return []
    return [store_structured(by=system_user(), document=document, profile=profile)]


def _invoice(message: Message) -> Invoice:
    return Invoice.objects.select_related("entity", "customer").get(pk=message.context["pk"], entity=message.entity_id)


def _credit_note(message: Message) -> CreditNote:
    rows = CreditNote.objects.select_related("entity", "customer", "invoice")
    return rows.get(pk=message.context["pk"], entity=message.entity_id)
