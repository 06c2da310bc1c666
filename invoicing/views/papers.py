"""PDFs of documents in the browser, and sending them again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.files import file_response
from core.forms import carry_out
from core.models import StoredFile
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.actions import send_credit_note, send_invoice, send_pro_forma, store_credit_note_pdf, store_invoice_pdf
from invoicing.actions.structured import store_structured
from invoicing.einvoices.formats import Profile
from invoicing.forms import SendForm
from invoicing.models import CreditNote, Document, Invoice
from invoicing.papers.printable import printable_credit_notes, printable_invoices
from invoicing.papers.rendering import pdf_of_credit_note, pdf_of_invoice, pdf_of_pro_forma

PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"


@staff_page("invoicing.view")
def invoice_pdf(request: PageRequest, pk: int) -> HttpResponse:
    """The stored PDF of an invoice; of a draft, how it would look."""
    found = get_visible(Invoice.objects.select_related("entity"), request.page.by, pk=pk)
    if not found.is_issued:
        return _preview(pdf_of_invoice(printable_invoices().get(pk=pk)), found)
    return _stored(store_invoice_pdf(by=request.page.by, invoice=found))


@staff_page("invoicing.view")
def pro_forma(request: PageRequest, pk: int) -> HttpResponse:
    """A draft as its customer may see it."""
    found = get_visible(Invoice.objects.select_related("entity"), request.page.by, pk=pk)
    if found.is_issued:
        return redirect("invoicing:invoice_pdf", pk)
    return _preview(pdf_of_pro_forma(printable_invoices().get(pk=pk), request.page.today), found)


@staff_page("invoicing.view")
def credit_note_pdf(request: PageRequest, pk: int) -> HttpResponse:
    """The stored PDF of a credit note; of a draft, how it would look."""
    found = get_visible(CreditNote.objects.select_related("entity"), request.page.by, pk=pk)
    if not found.is_issued:
        return _preview(pdf_of_credit_note(printable_credit_notes().get(pk=pk)), found)
    return _stored(store_credit_note_pdf(by=request.page.by, credit_note=found))


@staff_page("invoicing.view")
def invoice_data(request: PageRequest, pk: int, profile: str) -> HttpResponse:
    """The structured data of an invoice in a profile."""
    found = get_visible(Invoice.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    return _data(request, found, profile)


@staff_page("invoicing.view")
def credit_note_data(request: PageRequest, pk: int, profile: str) -> HttpResponse:
    """The structured data of a credit note in a profile."""
    found = get_visible(CreditNote.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    return _data(request, found, profile)


def _data(request: PageRequest, document: Invoice | CreditNote, profile: str) -> HttpResponse:
    if profile not in Profile.values:
        raise Http404
    stored = store_structured(by=request.page.by, document=document, profile=Profile(profile))
    return file_response(stored, download=True)


@require_POST
@staff_page("invoicing.view")
def send(request: PageRequest, pk: int) -> HttpResponse:
    """Send an invoice, or another copy of it."""
    found = get_visible(Invoice.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    _send(request, found, "invoicing.send_invoice", send_invoice, invoice=found)
    return redirect("invoicing:invoice", pk)


@require_POST
@staff_page("invoicing.send_pro_forma")
def send_as_pro_forma(request: PageRequest, pk: int) -> HttpResponse:
    """Send a draft as a pro-forma."""
    found = get_visible(Invoice.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    _send(request, found, "invoicing.send_pro_forma", send_pro_forma, invoice=found, on=request.page.today)
    return redirect("invoicing:invoice", pk)


@require_POST
@staff_page("invoicing.view")
def send_credit(request: PageRequest, pk: int) -> HttpResponse:
    """Send a credit note, or another copy of it."""
    found = get_visible(CreditNote.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    _send(request, found, "invoicing.send_invoice", send_credit_note, credit_note=found)
    return redirect("invoicing:credit_note", pk)


def _send(request: PageRequest, document: Document, permission: str, action: Callable[..., Any], **facts: Any) -> None:
    """Carry it out, and say what became of it on the page that follows."""
    request.page.ask_first(permission, document.entity)
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
