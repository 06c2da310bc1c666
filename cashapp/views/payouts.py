"""Payouts of providers and the bank lines on which they arrive."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.payments import credit_payout, record_payout, uncredit_payout
from cashapp.electronic import PaidOut, PayoutDraft
from cashapp.forms.payments import LineChoiceForm, PayoutForm
from cashapp.models import ElectronicPayment, Payout, SettlementLine
from cashapp.queries.payments import lines_of_amount, payouts_of, payouts_on_their_way, providers_of
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.money import ZERO, Money
from core.pages import PageRequest, staff_page
from core.scoping import get_visible

PAGE_SIZE = 50


@staff_page("cashapp.view")
def payouts_page(request: PageRequest) -> HttpResponse:
    """What providers paid out, the latest first."""
    page = request.page
    rows = payouts_of(page.entity, page.by)
    context = {
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "waiting": payouts_on_their_way(page.entity),
        "may_record": page.may("cashapp.record_payout") and page.is_live,
    }
    return render(request, "cashapp/payouts.html", context)


@staff_page("cashapp.record_payout")
def new_payout(request: PageRequest) -> HttpResponse:
    """A payout as the provider's report says it."""
    page = request.page
    page.ask_first("cashapp.record_payout")
    first = {"paid_on": page.today, "currency": page.entity.currency, "provider": providers_of(page.entity).first()}
    form = PayoutForm(request.POST or None, entity=page.entity, initial=first)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        draft = PayoutDraft(
            provider=facts["provider"],
            reference=facts["reference"],
            paid_on=facts["paid_on"],
            gross=Money(facts["gross"], facts["currency"]),
            fee=facts["fee"] or ZERO,
            payments=_payments(form),
        )
        made = carry_out(form, record_payout, by=page.by, entity=page.entity, draft=draft)
        if made:
            messages.success(request, f"Payout {made} is kept. Tie it to its bank line when that is there.")
            return redirect("cashapp:payout", made.pk)
    return shown(request, "cashapp/new_payout.html", {}, form)


@staff_page("cashapp.view")
def payout_page(request: PageRequest, pk: int) -> HttpResponse:
    """One payout with its payments; sent back with a bank line, it is tied to it."""
    page = request.page
    payout = get_visible(Payout.objects.select_related("entity", "provider__clearing"), page.by, pk=pk)
    page.ask_first("cashapp.credit_payout", payout.entity)
    lines = lines_of_amount(payout.entity, Money(payout.net, payout.currency))
    form = LineChoiceForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        line = form.cleaned_data["line"]
        if carry_out(form, credit_payout, by=page.by, payout=payout, line=line):
            messages.success(request, f"Payout {payout} arrived with {line}.")
            return redirect("cashapp:payout", payout.pk)
    settled = SettlementLine.objects.filter(payout=payout).select_related("line__statement").first()
    context = {
        "payout": payout,
        "settlement": settled.line.statement if settled else None,
        "credit": payout.credits.filter(ended_on=None).select_related("line", "entry").first(),
        "payments": payout.facts.filter(kind="settled").select_related("payment__customer"),
        "lines": lines,
        "may_uncredit": page.may("cashapp.uncredit_payout") and page.is_live,
        "may_credit": page.may("cashapp.credit_payout") and page.is_live,
    }
    return shown(request, "cashapp/payout.html", context, form)


@require_POST
@staff_page("cashapp.view")
def uncredit(request: PageRequest, pk: int) -> HttpResponse:
    """Take a payout off its bank line."""
    page = request.page
    payout = get_visible(Payout.objects.select_related("entity", "provider"), page.by, pk=pk)
    page.ask_first("cashapp.uncredit_payout", payout.entity)
    try:
        uncredit_payout(by=page.by, payout=payout, on=page.today, reason=request.POST.get("reason", ""))
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Taken off by reversal. The bank line waits again.")
    return redirect("cashapp:payout", payout.pk)


def _payments(form: PayoutForm) -> list[PaidOut]:
    """What was collected for each id that was typed; an unknown one is left to the action's refusal."""
    references = form.cleaned_data["payments"].split()
    rows = ElectronicPayment.objects.filter(provider=form.cleaned_data["provider"], reference__in=references)
    collected = {row.reference: row.collected.amount for row in rows}
    return [PaidOut(reference, collected.get(reference, ZERO)) for reference in references]
