"""What became of single payments: left on a bank line, came back, or went to a card."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.models import BankStatementLine, ElectronicPayment
from core.forms import day_in
from core.keys import key_in
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.models import Refund
from refunds.actions import clear_payments, fail_payment, record_card_refund, take_back_refund
from refunds.forms import CardForm, FailForm, TakeBackForm
from refunds.models import PaymentBatch, RefundPayment
from refunds.queries.payable import held_up
from refunds.views.doing import carried_out

LEFT = "The payment left on that line."


@require_POST
@staff_page("refunds.clear_payments")
def clear(request: PageRequest, pk: int) -> HttpResponse:
    """One payment left on a bank line."""
    payment = get_visible(RefundPayment, request.page.by, pk=pk)
    carried_out(request, clear_payments, LEFT, payments=[payment], line=_line(request))
    return redirect("refunds:to_pay")


@require_POST
@staff_page("refunds.clear_payments")
def clear_file(request: PageRequest, pk: int) -> HttpResponse:
    """The whole file left as one sum."""
    batch = get_visible(PaymentBatch, request.page.by, pk=pk)
    rows = batch.payments.filter(entry__isnull=False, line=None, failed_on=None).select_related("refund__customer")
    carried_out(request, clear_payments, "The file left on that line.", payments=list(rows), line=_line(request))
    return redirect("refunds:batch", pk)


@require_POST
@staff_page("refunds.fail_payment")
def fail(request: PageRequest, pk: int) -> HttpResponse:
    """The bank sent a payment back."""
    payment = get_visible(RefundPayment.objects.select_related("refund__customer"), request.page.by, pk=pk)
    form = FailForm(request.POST)
    failed_on = day_in(form, "failed_on", request.page.today)
    facts = {"reason": "", **form.cleaned_data, "failed_on": failed_on}
    carried_out(request, fail_payment, "Noted. The refund waits to be paid again.", payment=payment, **facts)
    return redirect("refunds:to_pay")


@require_POST
@staff_page("refunds.record_card_refund")
def card(request: PageRequest, pk: int) -> HttpResponse:
    """The provider gave a refund back to the card."""
    refund = get_visible(Refund.objects.select_related("customer"), request.page.by, pk=pk)
    rows = ElectronicPayment.objects.select_related("provider__clearing")
    payment = get_visible(rows, request.page.by, pk=key_in(request.POST.get("payment", "")))
    form = CardForm(request.POST)
    refunded_on = day_in(form, "refunded_on", request.page.today)
    facts = {"reference": "", **form.cleaned_data, "refunded_on": refunded_on}
    said = "It is written down; the customer's credit is used up."
    carried_out(request, record_card_refund, said, refund=refund, payment=payment, **facts)
    return redirect("refunds:to_pay")


@require_POST
@staff_page("refunds.take_back_refund")
def take_back(request: PageRequest, pk: int) -> HttpResponse:
    """An approved refund is not paid after all."""
    refund = get_visible(Refund.objects.select_related("customer", "entity", "item"), request.page.by, pk=pk)
    form = TakeBackForm(request.POST)
    taken_back_on = day_in(form, "taken_back_on", request.page.today)
    facts = {"reason": "", **form.cleaned_data, "taken_back_on": taken_back_on}
    said = f"{refund} is taken back; {refund.item.number} is open again."
    carried_out(request, take_back_refund, said, refund=refund, **facts)
    return redirect("invoicing:refund", pk)


@staff_page("refunds.view")
def state(request: PageRequest, pk: int) -> HttpResponse:
    """How far the payment of a refund is: a panel that the refund's page pulls."""
    related = Refund.objects.select_related("customer", "bank_account", "item", "own_item", "taken_back__recorded_by")
    refund = get_visible(related, request.page.by, pk=pk)
    rows = refund.payments.select_related("batch__channel", "line", "bank_account", "card_payment").order_by("-pk")
    reason = held_up([refund]).get(refund.pk, "") if refund.is_posted else ""
    back = TakeBackForm(initial={"taken_back_on": request.page.today})
    is_open = refund.is_posted and not hasattr(refund, "taken_back") and not any(row.failed_on is None for row in rows)
    context = {"refund": refund, "payments": rows, "held_up": reason, "back": back if is_open else None}
    return render(request, "refunds/state.html", context)


def _line(request: PageRequest) -> BankStatementLine:
    rows = BankStatementLine.objects.select_related("bank_account__entity")
    return get_visible(rows, request.page.by, pk=key_in(request.POST.get("line", "")))
