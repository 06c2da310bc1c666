"""What people can do with invoices and credit notes."""

from invoicing.actions.documents import store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.drafts import change_draft, discard_draft, draft_invoice, draft_invoices
from invoicing.actions.issuing import issue_invoice, issue_invoices, issue_invoices_unsent

__all__ = [
    "change_draft",
    "discard_draft",
    "draft_invoice",
    "draft_invoices",
    "issue_invoice",
    "issue_invoices",
    "issue_invoices_unsent",
    "store_credit_note_pdf",
    "store_invoice_pdf",
]
