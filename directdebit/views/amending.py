"""Amending a mandate, and its form: printed to be signed, kept as it came back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from directdebit.actions.amending import amend_mandate, attach_signed_form
from directdebit.forms.core import AmendForm, SignedForm
from directdebit.models import Mandate
from directdebit.papers.mandate_form import pdf_of_form


@staff_page("directdebit.amend_mandate")
def amend(request: PageRequest, pk: int) -> HttpResponse:
    """Draw from another account or under another reference, by the same authority."""
    found, page = _mandate(request, pk), request.page
    page.ask_first("directdebit.amend_mandate", found.entity)
    initial = {"bank_account": found.bank_account_id, "reference": found.reference}
    form = AmendForm(request.POST or None, customer=found.customer, initial=initial)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, amend_mandate, by=page.by, mandate=found, amended_on=page.today, **form.cleaned_data):
            messages.success(request, f"Mandate {form.cleaned_data['reference']} is amended.")
            return redirect("directdebit:mandate", pk)
    return shown(request, "directdebit/mandate_amend.html", {"mandate": found}, form)


@staff_page("directdebit.view")
def printed_form(request: PageRequest, pk: int) -> HttpResponse:
    """The form to be signed, as a PDF."""
    found = _mandate(request, pk)
    answer = HttpResponse(pdf_of_form(found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="mandate-{found.pk}.pdf"'
    return answer


@require_POST
@staff_page("directdebit.view")
def attach(request: PageRequest, pk: int) -> HttpResponse:
    """Keep the form as it was signed."""
    found, page = _mandate(request, pk), request.page
    page.ask_first("directdebit.attach_signed_form", found.entity)
    form = SignedForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        if carry_out(form, attach_signed_form, by=page.by, mandate=found, name=file.name, content=file.read()):
            messages.success(request, "The signed form is kept with the mandate.")
            return redirect("directdebit:mandate", pk)
    for sentence in [*form.errors.get("file", []), *form.non_field_errors()]:
        messages.error(request, sentence)
    return redirect("directdebit:mandate", pk)


def _mandate(request: PageRequest, pk: int) -> Mandate:
    rows = Mandate.objects.select_related("creditor", "customer", "bank_account", "entity")
    found = get_visible(rows, request.page.by, pk=pk)
    request.page.entity = found.entity
    return found
