"""Documents with everything that their page shows, in a handful of questions."""

from django.db.models import QuerySet

from invoicing.models import CreditNote, Invoice

PARTS = ("entity__logo", "customer", "seller", "buyer")


def printable_invoices() -> QuerySet[Invoice]:
    """Invoices with everything that their page shows."""
    rows = Invoice.objects.select_related(*PARTS, "terms")
    return rows.prefetch_related("lines__tax_rate", "lines__product", "taxes__tax_rate")


def printable_credit_notes() -> QuerySet[CreditNote]:
    """Credit notes with everything that their page shows."""
    rows = CreditNote.objects.select_related(*PARTS, "invoice")
    return rows.prefetch_related("lines__tax_rate", "taxes__tax_rate")
