"""Tax rules of a company: who is charged what."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, Refused
from core.forms import carry_out, day_in, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.actions import add_tax_rule, end_tax_rule, set_up_tax_rules
from invoicing.forms import EndRateForm, TaxRuleForm
from invoicing.models import TaxRule
from invoicing.queries.pages import rates_charged
from invoicing.queries.taxing import rules_in_force


@staff_page("invoicing.view")
def tax_rules(request: PageRequest) -> HttpResponse:
    """The rules of the page's day, those of other days, and the form for a new one."""
    page = request.page
    page.ask_first("invoicing.add_tax_rule")
    rates = list(rates_charged(page.entity.pk, page.as_at))
    facts: dict[str, Any] = {
        "initial": {"valid_from": page.today},
        "instance": TaxRule(entity=page.entity),
        "rates": rates,
    }
    form = TaxRuleForm(request.POST or None, **facts)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, add_tax_rule, by=page.by, rule=form.instance):
            messages.success(request, f"“{form.instance}” holds from {form.instance.valid_from:%d %b %Y} on.")
            return redirect("invoicing:tax_rules")
    rules = list(rules_in_force(page.entity.pk, page.as_at))
    others = TaxRule.objects.filter(entity=page.entity).exclude(pk__in=[rule.pk for rule in rules])
    names = {rate.code: rate.name for rate in rates}
    context = {"rules": [(rule, names.get(rule.rate_code, "")) for rule in rules], "others": others}
    return shown(request, "invoicing/tax_rules.html", context, form)


@require_POST
@staff_page("invoicing.end_tax_rule")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """Say until when a rule holds."""
    rule = get_visible(TaxRule.objects.select_related("entity"), request.page.by, pk=pk)
    form = EndRateForm(request.POST)
    day = day_in(form, "valid_until")
    try:
        end_tax_rule(by=request.page.by, rule=rule, valid_until=day)
        messages.success(request, f"“{rule}” holds until {day:%d %b %Y}.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("invoicing:tax_rules")


@require_POST
@staff_page("invoicing.add_tax_rule")
def set_up(request: PageRequest) -> HttpResponse:
    """Take over the rules of the company's country."""
    added = set_up_tax_rules(by=request.page.by, entity=request.page.entity)
    messages.success(request, f"{len(added)} rules are added." if added else "All known rules are there already.")
    return redirect("invoicing:tax_rules")
