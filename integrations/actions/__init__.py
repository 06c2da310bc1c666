"""What is done across the rooms."""

from integrations.actions.companies import open_company
from integrations.actions.ledger_folder import (
    bring_in_credit_notes,
    bring_in_customers,
    bring_in_invoices,
    bring_in_receipts,
)
from integrations.actions.open_items import import_open_items
from integrations.actions.payments import collect_payment

__all__ = [
    "bring_in_credit_notes",
    "bring_in_customers",
    "bring_in_invoices",
    "bring_in_receipts",
    "collect_payment",
    "import_open_items",
    "open_company",
]
