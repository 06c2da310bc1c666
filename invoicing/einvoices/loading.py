"""Structured content of documents, loaded from the database."""

from core.papers import accounts_to_pay_into
from invoicing.einvoices.composing import content_of_credit_note, content_of_invoice
from invoicing.einvoices.content import InvoiceContent
from invoicing.models import CreditNote, Invoice
from invoicing.papers.printable import printable_credit_notes, printable_invoices


def content_of(document: Invoice | CreditNote) -> InvoiceContent:
    """What an issued document says in a structured invoice."""
    if isinstance(document, Invoice):
        invoice = printable_invoices().get(pk=document.pk)
        return content_of_invoice(invoice, accounts_to_pay_into(invoice.entity).get(invoice.currency))
    return content_of_credit_note(printable_credit_notes().get(pk=document.pk))
