"""Posting payments out of the queue, with the surcharges that they collected."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cashapp.models import ElectronicPayment
from core.errors import NotAllowed, Refused
from core.keys import keys_in
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from integrations.actions.payments import collect_payment

MOST_AT_ONCE = 200


@require_POST
@staff_page("cashapp.post_payment")
def collect_payments(request: PageRequest) -> HttpResponse:
    """Post the chosen payments one by one: what is refused stays in the queue and says why."""
    page = request.page
    keys = keys_in(request.POST.getlist("payment"))[:MOST_AT_ONCE]
    rows = ElectronicPayment.objects.select_related("entity", "provider__clearing", "customer__entity")
    payments = [get_visible(rows, page.by, pk=pk) for pk in keys]
    refusals = [refusal for payment in payments if (refusal := _refusal(request, payment))]
    posted = len(payments) - len(refusals)
    if posted:
        messages.success(request, f"{posted} payment{'s' if posted > 1 else ''} posted; the payers get their receipts.")
    for refusal in refusals[:5]:
        messages.error(request, refusal)
    if not payments:
        messages.error(request, "Choose the payments that shall be posted.")
    if len(payments) == 1:
        return redirect("cashapp:payment", payments[0].pk)
    return redirect("cashapp:payments")


def _refusal(request: PageRequest, payment: ElectronicPayment) -> str:
    try:
        collect_payment(by=request.page.by, payment=payment, posted_on=request.page.today)
    except NotAllowed:
        raise
    except Refused as refusal:
        return refusal.message
    return ""
