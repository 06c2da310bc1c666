"""Invoices and credit notes over the API. Serializers check shape; the same actions do the work as behind the forms."""

from invoicing.api.contracts import ContractViewSet
from invoicing.api.credit_notes import CreditNoteViewSet
from invoicing.api.invoices import InvoiceViewSet
from invoicing.api.schedules import ScheduleViewSet
from invoicing.api.usage import UsageViewSet

__all__ = ["ContractViewSet", "CreditNoteViewSet", "InvoiceViewSet", "ScheduleViewSet", "UsageViewSet"]
