"""Tax rates of a company."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, Refused
from core.forms import carry_out, day_in, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.actions import add_tax_rate, end_tax_rate, set_up_tax_rates
from invoicing.forms import EndRateForm, TaxRateForm
from invoicing.models import TaxRate
from invoicing.queries.pages import rates_charged


@staff_page("invoicing.view")
def tax_rates(request: PageRequest) -> HttpResponse:
    """The rates charged on the page's day, all others, and the form for a new one."""
    page = request.page
    page.ask_first("invoicing.add_tax_rate")
    form = TaxRateForm(request.POST or None, initial={"valid_from": page.today}, instance=TaxRate(entity=page.entity))
    if request.method == "POST" and form.is_valid():
        if carry_out(form, add_tax_rate, by=page.by, rate=form.instance):
            messages.success(request, f"“{form.instance}” is charged from {form.instance.valid_from:%d %b %Y} on.")
            return redirect("invoicing:tax_rates")
    charged = list(rates_charged(page.entity.pk, page.as_at))
    others = TaxRate.objects.filter(entity=page.entity).exclude(pk__in=[rate.pk for rate in charged])
    return shown(request, "invoicing/tax_rates.html", {"charged": charged, "others": others}, form)


@require_POST
@staff_page("invoicing.end_tax_rate")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """Say until when a rate is charged."""
    rate = get_visible(TaxRate.objects.select_related("entity"), request.page.by, pk=pk)
    form = EndRateForm(request.POST)
    day = day_in(form, "valid_until")
    try:
        end_tax_rate(by=request.page.by, rate=rate, valid_until=day)
        messages.success(request, f"“{rate}” is charged until {day:%d %b %Y}.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("invoicing:tax_rates")


@require_POST
@staff_page("invoicing.add_tax_rate")
def set_up(request: PageRequest) -> HttpResponse:
    """Take over the rates of the company's country."""
    added = set_up_tax_rates(by=request.page.by, entity=request.page.entity)
    messages.success(request, f"{len(added)} rates are added." if added else "All known rates are there already.")
    return redirect("invoicing:tax_rates")
