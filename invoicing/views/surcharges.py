"""Card surcharges: the rules, what one invoice would carry, and waivers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from controls.models import ApprovalRequest, Authority
from controls.queries import open_request
from core import clock
from core.errors import NotAllowed, Refused
from core.forms import carry_out, day_in, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.actions import (
    add_surcharge_rule,
    approve_surcharge_waiver,
    end_surcharge_rule,
    request_surcharge_waiver,
)
from invoicing.forms import EndRateForm
from invoicing.forms.surcharges import CardForm, SurchargeRuleForm, WaiverForm
from invoicing.models import Invoice, SurchargeRule
from invoicing.queries.surcharging import card_payment, surcharge_rules_on, surcharges_of, waiver_before


@staff_page("invoicing.view")
def surcharge_rules(request: PageRequest) -> HttpResponse:
    """The rules of the page's day, those of other days, and the form for a new one."""
    page = request.page
    page.ask_first("invoicing.add_surcharge_rule")
    entity = page.entity
    initial = {"valid_from": page.today, "country": entity.country, "currency": entity.currency, "threshold": 0}
    form = SurchargeRuleForm(request.POST or None, initial=initial, instance=SurchargeRule(entity=entity))
    if request.method == "POST" and form.is_valid():
        if carry_out(form, add_surcharge_rule, by=page.by, rule=form.instance):
            messages.success(request, f"“{form.instance}” holds from {form.instance.valid_from:%d %b %Y} on.")
            return redirect("invoicing:surcharge_rules")
    rules = list(surcharge_rules_on(entity, page.as_at))
    others = SurchargeRule.objects.filter(entity=entity).exclude(pk__in=[rule.pk for rule in rules])
    return shown(request, "invoicing/surcharge_rules.html", {"rules": rules, "others": others}, form)


@require_POST
@staff_page("invoicing.end_surcharge_rule")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """Say until when a rule holds."""
    rule = get_visible(SurchargeRule.objects.select_related("entity"), request.page.by, pk=pk)
    form = EndRateForm(request.POST)
    day = day_in(form, "valid_until")
    try:
        end_surcharge_rule(by=request.page.by, rule=rule, valid_until=day)
        messages.success(request, f"“{rule}” holds until {day:%d %b %Y}.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("invoicing:surcharge_rules")


@staff_page("invoicing.view")
def surcharge(request: PageRequest, pk: int) -> HttpResponse:
    """What a payment of an invoice by card would cost on top, and asking that it costs nothing."""
    page = request.page
    rows = Invoice.objects.select_related("entity", "customer", "item").exclude(number=None)
    invoice = get_visible(rows, page.by, pk=pk)
    page.ask_first("invoicing.request_surcharge_waiver", invoice.entity)
    form = WaiverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"invoice": invoice, "requested_on": page.today, **form.cleaned_data}
        if carry_out(form, request_surcharge_waiver, by=page.by, **facts):
            messages.success(request, "It waits for approval now. You see the answer here and under Approvals.")
            return redirect("invoicing:surcharge", pk)
    card_form = CardForm(request.GET or None)
    payment = card_payment(invoice, invoice.money)
    context = {
        "invoice": invoice,
        "card_form": card_form,
        "worked_out": payment.surcharge(surcharge_rules_on(invoice.entity, page.as_at), card_form.card),
        "waiver": waiver_before(invoice, clock.now()),
        "waiting": open_request(
            kind=Authority.SURCHARGE_WAIVER, subject_type="invoicing.invoice", subject_id=invoice.pk
        ),
        "charged": surcharges_of(invoice),
    }
    return shown(request, "invoicing/surcharge.html", context, form)


@require_POST
@staff_page("invoicing.approve_surcharge_waiver")
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a request: payments from now on carry no surcharge."""
    page = request.page
    asked = get_visible(ApprovalRequest, page.by, pk=pk, kind=Authority.SURCHARGE_WAIVER)
    invoice = get_visible(Invoice.objects.select_related("entity"), page.by, pk=int(asked.subject_id))
    comment = request.POST.get("comment", "")
    approve_surcharge_waiver(by=page.by, request=asked, invoice=invoice, decided_on=page.today, comment=comment)
    messages.success(request, f"Payments of {invoice.number} by card carry no surcharge from now on.")
    return redirect("invoicing:surcharge", invoice.pk)
