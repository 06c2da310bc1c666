"""The page of one invoice, its PDF, and sending it again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.files import file_response
from core.forms import carry_out
from core.models import StoredFile
from core.pages import PageRequest, staff_page
from core.papers import accounts_to_pay_into
from core.scoping import get_visible
from invoicing.actions import send_credit_note, send_invoice, store_credit_note_pdf, store_invoice_pdf
from invoicing.forms import IssueForm, SendForm
from invoicing.models import CreditNote, Invoice
from invoicing.papers.rendering import (
    pdf_of_credit_note,
    pdf_of_invoice,
    printable_credit_notes,
    printable_invoices,
)
from invoicing.queries.delivery import messages_about
from invoicing.queries.examining import examine
from invoicing.queries.pages import history_of, invoices_with_parts, journal_lines_of, open_of_day, settlements_of

PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"


@staff_page("invoicing.view")
def invoice(request: PageRequest, pk: int) -> HttpResponse:
    """An issued invoice with what settles it and what became of it; a draft with what stands in its way."""
    page = request.page
    found = get_visible(invoices_with_parts(), page.by, pk=pk)
    if not found.is_issued:
        return render(request, "invoicing/draft.html", _draft_context(request, found))
    sent = list(messages_about(found))
    addresses = sent[0].to_addresses if sent else []
    context = {
        "invoice": found,
        "left": open_of_day(found, as_of=page.as_at, today=page.today),
        "settlements": settlements_of(found, as_of=page.as_at),
        "journal": journal_lines_of(found),
        "credit_notes": found.credit_notes.order_by("pk"),
        "sent": sent,
        "send_form": SendForm.fresh(addresses),
        "history": history_of(found),
    }
    return render(request, "invoicing/invoice.html", context)


def _draft_context(request: PageRequest, found: Invoice) -> dict[str, object]:
    examined = examine(entity=found.entity, invoices=[found], issued_on=request.page.today)[0]
    return {
        "invoice": found,
        "examined": examined,
        "account": accounts_to_pay_into(found.entity).get(found.currency),
        "issue_form": IssueForm(initial={"issued_on": request.page.today}),
        "history": history_of(found),
    }


@staff_page("invoicing.view")
def invoice_pdf(request: PageRequest, pk: int) -> HttpResponse:
    """The stored PDF of an invoice; of a draft, how it would look."""
    found = get_visible(Invoice.objects.select_related("entity"), request.page.by, pk=pk)
    if not found.is_issued:
        return as_shown(pdf_of_invoice(printable_invoices().get(pk=pk)), f"draft-{pk}.pdf")
    return pdf_response(store_invoice_pdf(by=request.page.by, invoice=found))


@staff_page("invoicing.view")
def credit_note_pdf(request: PageRequest, pk: int) -> HttpResponse:
    """The stored PDF of a credit note; of a draft, how it would look."""
    found = get_visible(CreditNote.objects.select_related("entity"), request.page.by, pk=pk)
    if not found.is_issued:
        return as_shown(pdf_of_credit_note(printable_credit_notes().get(pk=pk)), f"draft-{pk}.pdf")
    return pdf_response(store_credit_note_pdf(by=request.page.by, credit_note=found))


@require_POST
@staff_page("invoicing.view")
def send(request: PageRequest, pk: int) -> HttpResponse:
    """Send an invoice, or another copy of it."""
    found = get_visible(Invoice.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    form = SendForm(request.POST)
    if form.is_valid():
        facts = {"invoice": found, "to": form.addresses, "request_id": form.cleaned_data["request_id"]}
        if carry_out(form, send_invoice, by=request.page.by, **facts):
            messages.success(request, f"{found} is on its way to {form.cleaned_data['to']}.")
    for sentence in form.non_field_errors() or [error for errors in form.errors.values() for error in errors]:
        messages.error(request, str(sentence))
    return redirect("invoicing:invoice", pk)


@require_POST
@staff_page("invoicing.view")
def send_credit(request: PageRequest, pk: int) -> HttpResponse:
    """Send a credit note, or another copy of it."""
    found = get_visible(CreditNote.objects.select_related("entity", "customer"), request.page.by, pk=pk)
    form = SendForm(request.POST)
    if form.is_valid():
        facts = {"credit_note": found, "to": form.addresses, "request_id": form.cleaned_data["request_id"]}
        if carry_out(form, send_credit_note, by=request.page.by, **facts):
            messages.success(request, f"{found} is on its way to {form.cleaned_data['to']}.")
    for sentence in form.non_field_errors() or [error for errors in form.errors.values() for error in errors]:
        messages.error(request, str(sentence))
    return redirect("invoicing:credit_note", pk)


def pdf_response(stored: StoredFile) -> HttpResponse:
    """A stored PDF, shown by the browser's own viewer, which a sandbox would switch off."""
    response = file_response(stored, download=False)
    response["Content-Security-Policy"] = PDF_POLICY
    return response


def as_shown(content: bytes, name: str) -> HttpResponse:
    """A PDF that is stored nowhere."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Content-Security-Policy"] = PDF_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
