"""Who the company is to each scheme."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from directdebit.actions.creditors import add_creditor, end_creditor
from directdebit.forms.core import CreditorForm
from directdebit.models import Creditor


@staff_page("directdebit.view")
def creditors(request: PageRequest) -> HttpResponse:
    """By which schemes the company collects."""
    rows = Creditor.objects.visible_to(request.page.by).filter(entity=request.page.entity)
    return render(request, "directdebit/creditors.html", {"rows": rows.select_related("bank_account")})


@staff_page("directdebit.add_creditor")
def new_creditor(request: PageRequest) -> HttpResponse:
    """Collect by a scheme from now on."""
    page = request.page
    form = CreditorForm(request.POST or None, entity=page.entity)
    if request.method == "POST" and form.is_valid():
        if made := carry_out(form, add_creditor, by=page.by, entity=page.entity, **form.cleaned_data):
            messages.success(request, f"{made} is set up. Mandates can be written for it.")
            return redirect("directdebit:creditors")
    return shown(request, "directdebit/creditor_form.html", {}, form)


@require_POST
@staff_page("directdebit.view")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """Collect no more this way."""
    creditor = get_visible(Creditor.objects.select_related("entity"), request.page.by, pk=pk)
    request.page.ask_first("directdebit.end_creditor", creditor.entity)
    end_creditor(by=request.page.by, creditor=creditor)
    messages.success(request, f"{creditor} is not used any more.")
    return redirect("directdebit:creditors")
