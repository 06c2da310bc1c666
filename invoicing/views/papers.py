"""PDFs of documents in the browser, and sending them again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.files import file_response
from core.forms import carry_out
from core.models import StoredFile
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.actions import send_credit_note, send_invoice, store_credit_note_pdf, store_invoice_pdf
from invoicing.forms import SendForm
from invoicing.models import CreditNote, Document, Invoice
from invoicing.papers.printable import printable_credit_notes, printable_invoices
from invoicing.papers.rendering import pdf_of_credit_note, pdf_of_invoice

PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"


@staff_page("invoicing.view")
def invoice_pdf(request: PageRequest, pk: int) -> HttpResponse:
    """The stored PDF of an invoice; of a draft, how it would look."""
    found = get_visible(Invoice.objects.select_related("entity"), request.page.by, pk=pk)
    if not found.is_issued:
        return _preview(pdf_of_invoice(printable_invoices().get(pk=pk)), found)
    return _stored(store_invoice_pdf(by=request.page.by, invoice=found))


@staff_page("invoicing.view")
def credit_note_pdf(request: PageRequest, pk: int) -> HttpResponse:
    """The stored PDF of a credit note; of a draft, how it would look."""
    found = get_visible(CreditNote.objects.select_related("entity"), request.page.by, pk=pk)
    if not found.is_issued:
        return _preview(pdf_of_credit_note(printable_credit_notes().get(pk=pk)), found)
    return _stored(store_credit_note_pdf(by=request.page.by, credit_note=found))


@require_POST
@staff_page("invoicing.view")
def send(request: PageRequest, pk: int) -> HttpResponse:
    """Send an invoice, or another copy of it."""
    found = get_visible(Invoice.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    _send(request, found, send_invoice, invoice=found)
    return redirect("invoicing:invoice", pk)


@require_POST
@staff_page("invoicing.view")
def send_credit(request: PageRequest, pk: int) -> HttpResponse:
    """Send a credit note, or another copy of it."""
    found = get_visible(CreditNote.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    _send(request, found, send_credit_note, credit_note=found)
    return redirect("invoicing:credit_note", pk)


def _send(request: PageRequest, document: Document, action: Callable[..., Any], **facts: Any) -> None:
    """Carry it out, and say what became of it on the page that follows."""
    request.page.ask_first("invoicing.send_invoice", document.entity)
    form = SendForm(request.POST)
    if form.is_valid():
        facts |= {"to": form.addresses, "request_id": form.cleaned_data["request_id"]}
        if carry_out(form, action, by=request.page.by, **facts):
            messages.success(request, f"{document} is on its way to {form.cleaned_data['to']}.")
    for sentence in [error for errors in form.errors.values() for error in errors]:
        messages.error(request, str(sentence))


def _stored(stored: StoredFile) -> HttpResponse:
    """A stored PDF, shown by the browser's own viewer, which a sandbox would switch off."""
    response = file_response(stored, download=False)
    response["Content-Security-Policy"] = PDF_POLICY
    return response


def _preview(content: bytes, document: Document) -> HttpResponse:
    """A PDF that is stored nowhere."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="draft-{document.pk}.pdf"'
    response["Content-Security-Policy"] = PDF_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
