"""Payment terms of the company."""

from copy import copy

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from customers.actions import change_terms, create_terms
from customers.forms import TermsForm
from customers.models import PaymentTerms


@staff_page("customers.view")
def terms(request: PageRequest) -> HttpResponse:
    """All terms with how many customers have them."""
    rows = PaymentTerms.objects.filter(entity=request.page.entity).annotate(held=Count("customers"))
    return render(request, "customers/terms.html", {"rows": rows.order_by("-is_active", "net_days", "code")})


@staff_page("customers.create_terms")
def new_terms(request: PageRequest) -> HttpResponse:
    """Agree new terms."""
    entity = request.page.entity
    form = TermsForm(request.POST or None, instance=PaymentTerms(entity=entity))
    if request.method == "POST" and form.is_valid():
        if made := carry_out(form, create_terms, by=request.page.by, entity=entity, **form.cleaned_data):
            messages.success(request, f"“{made.name}” can be given to customers now.")
            return redirect("customers:terms")
    return shown(request, "customers/terms_form.html", {}, form)


@staff_page("customers.change_terms")
def one_terms(request: PageRequest, pk: int) -> HttpResponse:
    """Change terms for documents to come."""
    row = get_visible(PaymentTerms.objects.select_related("entity"), request.page.by, pk=pk)
    request.page.entity = row.entity
    form = TermsForm(request.POST or None, instance=copy(row))
    form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "code"}
        if carry_out(form, change_terms, by=request.page.by, terms=row, **given):
            messages.success(request, f"“{row.name}” is saved. Issued invoices keep their due dates.")
            return redirect("customers:terms")
    return shown(request, "customers/terms_form.html", {"row": row}, form)
