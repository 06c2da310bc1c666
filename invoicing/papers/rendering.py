"""From a document to the bytes of its PDF."""

from django.template.loader import render_to_string

from core.papers import accounts_to_pay_into, stylesheets_of
from core.pdf import render_pdf
from invoicing.models import CreditNote, Invoice
from invoicing.papers.paper import Paper, paper_of_credit_note, paper_of_invoice
from invoicing.parties import buyer_of, seller_of
from invoicing.queries.examining import billing_addresses

TEMPLATE = "invoicing/pdf/document.html"
STYLE = "invoicing/pdf/document.css"


def html_of_invoice(invoice: Invoice) -> str:
    """The page of an invoice; a draft shows the names as they are today."""
    seller = invoice.seller or seller_of(invoice.entity)
    buyer = invoice.buyer
    if buyer is None:
        address = billing_addresses({invoice.customer_id: invoice.customer}).get(invoice.customer_id)
        buyer = buyer_of(invoice.customer, address, invoice.entity)
    account = accounts_to_pay_into(invoice.entity).get(invoice.currency)
    return _html(paper_of_invoice(invoice, seller=seller, buyer=buyer, account=account))


def html_of_credit_note(credit_note: CreditNote) -> str:
    """The page of a credit note."""
    invoice = credit_note.invoice
    seller = credit_note.seller or seller_of(credit_note.entity)
    buyer = credit_note.buyer or invoice.buyer or buyer_of(credit_note.customer, None, credit_note.entity)
    return _html(paper_of_credit_note(credit_note, seller=seller, buyer=buyer))


def pdf_of_invoice(invoice: Invoice) -> bytes:
    """The PDF of an invoice, as it stands."""
    return render_pdf(html_of_invoice(invoice), *stylesheets_of(invoice.entity, STYLE))


def pdf_of_credit_note(credit_note: CreditNote) -> bytes:
    """The PDF of a credit note, as it stands."""
    return render_pdf(html_of_credit_note(credit_note), *stylesheets_of(credit_note.entity, STYLE))


def _html(paper: Paper) -> str:
    return render_to_string(TEMPLATE, {"paper": paper})
