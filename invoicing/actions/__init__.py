"""What people can do with invoices and credit notes."""

from invoicing.actions.credit_notes import (
    approve_credit_note,
    cancel_invoice,
    discard_credit_note,
    draft_credit_note,
    issue_credit_note,
    request_credit_note,
)
from invoicing.actions.delivery import send_credit_note, send_invoice
from invoicing.actions.documents import store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.drafts import change_draft, discard_draft, draft_invoice, draft_invoices
from invoicing.actions.imports import issue_imported, issue_imported_credit_notes
from invoicing.actions.issuing import issue_invoice, issue_invoices, issue_invoices_unsent
from invoicing.actions.runs import start_issuing
from invoicing.actions.tax_rates import add_tax_rate, end_tax_rate, set_up_tax_rates

__all__ = [
    "add_tax_rate",
    "approve_credit_note",
    "cancel_invoice",
    "change_draft",
    "discard_credit_note",
    "discard_draft",
    "draft_credit_note",
    "draft_invoice",
    "draft_invoices",
    "end_tax_rate",
    "issue_credit_note",
    "issue_imported",
    "issue_imported_credit_notes",
    "issue_invoice",
    "issue_invoices",
    "issue_invoices_unsent",
    "request_credit_note",
    "send_credit_note",
    "send_invoice",
    "set_up_tax_rates",
    "start_issuing",
    "store_credit_note_pdf",
    "store_invoice_pdf",
]
