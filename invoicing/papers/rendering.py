"""From a document to the bytes of its PDF."""

from datetime import date
from typing import Any

from django.template.loader import render_to_string

from core.models import LegalEntity
from core.papers import accounts_to_pay_into, stylesheets_of
from core.pdf import render_archive_pdf, render_pdf
from core.pdf_archive import Embedded
from invoicing.models import CreditNote, Invoice
from invoicing.papers.paper import Paper, paper_of_credit_note, paper_of_invoice, paper_of_pro_forma
from invoicing.parties import buyer_of, seller_of
from invoicing.queries.examining import billing_addresses

TEMPLATE = "invoicing/pdf/document.html"
STYLE = "invoicing/pdf/document.css"


def html_of_invoice(invoice: Invoice) -> str:
    """The page of an invoice; a draft shows the names as they are today."""
    return _html(paper_of_invoice(invoice, **_around(invoice)))


def html_of_pro_forma(invoice: Invoice, on: date) -> str:
    """The page of a draft that the customer may see, dated."""
    return _html(paper_of_pro_forma(invoice, **_around(invoice), on=on))


def _around(invoice: Invoice) -> dict[str, Any]:
    """Who sells and buys, and where it is paid to."""
    buyer = invoice.buyer
    if buyer is None:
        address = billing_addresses({invoice.customer_id: invoice.customer}).get(invoice.customer_id)
        buyer = buyer_of(invoice.customer, address, invoice.entity)
    account = accounts_to_pay_into(invoice.entity).get(invoice.currency)
    return {"seller": invoice.seller or seller_of(invoice.entity), "buyer": buyer, "account": account}


def html_of_credit_note(credit_note: CreditNote) -> str:
    """The page of a credit note."""
    invoice = credit_note.invoice
    seller = credit_note.seller or seller_of(credit_note.entity)
    buyer = credit_note.buyer or invoice.buyer or buyer_of(credit_note.customer, None, credit_note.entity)
    return _html(paper_of_credit_note(credit_note, seller=seller, buyer=buyer))


def pdf_of_invoice(invoice: Invoice, data: Embedded | None = None) -> bytes:
    """The PDF of an invoice, as it stands, with its data inside where there is some."""
    return _pdf(html_of_invoice(invoice), invoice.entity, data)


def pdf_of_pro_forma(invoice: Invoice, on: date) -> bytes:
    """The pro-forma of a draft, dated."""
    return _pdf(html_of_pro_forma(invoice, on), invoice.entity, None)


def pdf_of_credit_note(credit_note: CreditNote, data: Embedded | None = None) -> bytes:
    """The PDF of a credit note, as it stands, with its data inside where there is some."""
    return _pdf(html_of_credit_note(credit_note), credit_note.entity, data)


def _pdf(html: str, entity: LegalEntity, data: Embedded | None) -> bytes:
    sheets = stylesheets_of(entity, STYLE)
    return render_pdf(html, *sheets) if data is None else render_archive_pdf(html, *sheets, embedded=data)


def _html(paper: Paper) -> str:
    return render_to_string(TEMPLATE, {"paper": paper})
