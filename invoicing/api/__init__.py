"""Contracts, invoices and their corrections over the API. Serializers check shape; the same actions do the work."""

from invoicing.api.changes import AdjustmentViewSet, RefundViewSet
from invoicing.api.contracts import ContractViewSet
from invoicing.api.credit_notes import CreditNoteViewSet
from invoicing.api.invoices import InvoiceViewSet
from invoicing.api.schedules import ScheduleViewSet
from invoicing.api.usage import UsageViewSet

__all__ = [
    "AdjustmentViewSet",
    "ContractViewSet",
    "CreditNoteViewSet",
    "InvoiceViewSet",
    "RefundViewSet",
    "ScheduleViewSet",
    "UsageViewSet",
]
