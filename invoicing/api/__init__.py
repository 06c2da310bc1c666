"""Invoices and credit notes over the API. Serializers check shape; the same actions do the work as behind the forms."""

from invoicing.api.credit_notes import CreditNoteViewSet
from invoicing.api.invoices import InvoiceViewSet

__all__ = ["CreditNoteViewSet", "InvoiceViewSet"]
