"""Moving misapplied cash in one step, and undoing that."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cashapp.actions.correcting import Target, correct_receipt, undo_correction
from cashapp.electronic_items import payments_named
from cashapp.forms.queues import CorrectionForm, named
from cashapp.forms.receipts import ReasonForm
from cashapp.models import Correction, Receipt
from cashapp.queries.receipts import payments_of_receipt
from core.errors import NotAllowed, Refused
from core.forms import carry_out, refuse, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible


@staff_page("cashapp.correct_receipt")
def correct(request: PageRequest, pk: int) -> HttpResponse:
    """Where a receipt belongs: another customer, or other documents."""
    page = request.page
    rows = Receipt.objects.select_related("item__customer__entity", "item__customer__terms", "entity")
    receipt = get_visible(rows, page.by, pk=pk)
    page.ask_first("cashapp.correct_receipt", receipt.entity)
    first = {"on": page.today, "customer": receipt.item.customer}
    form = CorrectionForm(request.POST or None, by=page.by, entity=receipt.entity, initial=first)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        target = _target(form, receipt)
        done = target and carry_out(
            form,
            correct_receipt,
            by=page.by,
            receipt=receipt,
            target=target,
            corrected_on=facts["on"],
            reason=facts["reason"],
        )
        if done:
            messages.success(
                request, f"Corrected. The money is with {done.target.item.customer.name} as {done.target}."
            )
            return redirect("cashapp:receipt", done.target.pk)
    context = {"receipt": receipt, "payments": payments_of_receipt(receipt)}
    return shown(request, "cashapp/correct_receipt.html", context, form)


def _target(form: CorrectionForm, receipt: Receipt) -> Target | None:
    """The customer with the documents that were typed; a number that is not open is refused at its field."""
    customer = form.cleaned_data["customer"]
    wanted = [each.as_data() for each in named(form.cleaned_data["documents"])]
    pays = payments_named(customer, receipt.money, wanted)
    paid_now = {each.item.number for each in payments_of_receipt(receipt)}
    found = {each.item.number for each in pays} | (paid_now if customer.pk == receipt.item.customer_id else set())
    if missing := [each["number"] for each in wanted if each["number"] not in found]:
        refuse(form, f"{customer.name} has nothing open under {', '.join(map(str, missing))}.", "documents")
        return None
    return Target(customer, pays)


@require_POST
@staff_page("cashapp.view")
def undo(request: PageRequest, pk: int) -> HttpResponse:
    """Put the money back where it was."""
    page = request.page
    rows = Correction.objects.select_related("entity", "receipt__item__customer", "moved__item__customer")
    correction = get_visible(rows, page.by, pk=pk)
    page.ask_first("cashapp.undo_correction", correction.entity)
    form = ReasonForm(request.POST, prefix=f"undo-{correction.pk}")
    if not form.is_valid():
        messages.error(request, "Say why the correction is undone.")
        return redirect("cashapp:receipt", correction.target.pk)
    try:
        undo_correction(
            by=page.by, correction=correction, undone_on=form.cleaned_data["on"], reason=form.cleaned_data["reason"]
        )
        messages.success(request, f"The money is back with {correction.receipt.item.customer.name}.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("cashapp:receipt", correction.receipt_id)
