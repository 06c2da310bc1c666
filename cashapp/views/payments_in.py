"""Taking electronic payments in by hand and by file, and who takes them for us."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.payments import add_provider, change_processing_hours, take_in_payment
from cashapp.electronic import Named, PaymentDraft
from cashapp.forms.payments import HoursForm, PaymentForm, PaymentsFileForm, ProviderForm
from cashapp.models import ElectronicPayment
from cashapp.payments_file import PaymentsFile
from cashapp.queries.payments import hours_of, providers_of
from core import clock
from core.errors import NotAllowed, Refused
from core.forms import carry_out, refuse, shown
from core.models import LegalEntity, User
from core.money import ZERO, Money
from core.pages import PageRequest, staff_page

Source = ElectronicPayment.Source


@staff_page("cashapp.take_in_payment")
def new_payment(request: PageRequest) -> HttpResponse:
    """A payment that a provider or a payer tells of."""
    page = request.page
    page.ask_first("cashapp.take_in_payment")
    first = {
        "received_at": clock.now(),
        "currency": page.entity.currency,
        "provider": providers_of(page.entity).first(),
    }
    form = PaymentForm(request.POST or None, by=page.by, entity=page.entity, initial=first)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        draft = PaymentDraft(
            method=facts["method"],
            reference=facts["reference"],
            money=Money(facts["amount"], facts["currency"]),
            received_at=facts["received_at"],
            provider=facts["provider"],
            surcharge=facts["surcharge"] or ZERO,
            customer=facts["customer"],
            documents=[Named(number) for number in re.split(r"[\s,;]+", facts["documents"]) if number],
            payer=facts["payer"],
            payer_email=facts["payer_email"],
        )
        made = carry_out(form, take_in_payment, by=page.by, entity=page.entity, draft=draft, source=Source.FORM)
        if made:
            messages.success(request, f"{made} of {made.collected} is in the queue.")
            return redirect("cashapp:payment", made.pk)
    return shown(request, "cashapp/new_payment.html", {}, form)


@staff_page("cashapp.take_in_payment")
def import_payments(request: PageRequest) -> HttpResponse:
    """A file of payments: each row comes in by itself or says why not."""
    page = request.page
    page.ask_first("cashapp.take_in_payment")
    form = PaymentsFileForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"providers": providers_of(page.entity)}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            context["outcome"] = _take_in_all(page.by, page.entity, upload.name, upload.read())
        except NotAllowed:
            raise
        except Refused as refusal:
            refuse(form, refusal.message, "file")
    return shown(request, "cashapp/import_payments.html", context, form)


def _take_in_all(by: User, entity: LegalEntity, name: str, content: bytes) -> dict[str, object]:
    complaints, taken, known = [], 0, 0
    before = set(ElectronicPayment.objects.filter(entity=entity).values_list("pk", flat=True))
    for row in PaymentsFile(entity, name, content).rows():
        if row.draft is None:
            complaints.append(row.complaint)
            continue
        try:
            payment = take_in_payment(by=by, entity=entity, draft=row.draft, source=Source.FILE)
        except NotAllowed:
            raise
        except Refused as refusal:
            complaints.append(f"Row {row.number}: {refusal.message}")
            continue
        known += payment.pk in before
        taken += payment.pk not in before
    return {"name": name, "taken": taken, "known": known, "complaints": complaints}


@staff_page("cashapp.view")
def payment_settings(request: PageRequest) -> HttpResponse:
    """The hours of the team and the providers."""
    return _settings(request)


@require_POST
@staff_page("cashapp.change_processing_hours")
def hours(request: PageRequest) -> HttpResponse:
    """Change the hours of the team."""
    page = request.page
    form = HoursForm(request.POST, prefix="hours")
    if form.is_valid():
        if carry_out(form, change_processing_hours, by=page.by, entity=page.entity, **form.cleaned_data):
            messages.success(request, "The hours are changed.")
            return redirect("cashapp:payment_settings")
    return _settings(request, hours_form=form)


@require_POST
@staff_page("cashapp.add_provider")
def provider(request: PageRequest) -> HttpResponse:
    """Add a provider."""
    page = request.page
    form = ProviderForm(request.POST, prefix="provider")
    if form.is_valid():
        made = carry_out(form, add_provider, by=page.by, entity=page.entity, **form.cleaned_data)
        if made:
            messages.success(request, f"{made} clears through {made.clearing}.")
            return redirect("cashapp:payment_settings")
    return _settings(request, provider_form=form)


def _settings(request: PageRequest, **forms: HoursForm | ProviderForm) -> HttpResponse:
    page, kept = request.page, hours_of(request.page.entity)
    first = {"time_zone": kept.zone.key, "opens_at": kept.opens_at, "closes_at": kept.closes_at}
    context = {
        "hours": kept,
        "providers": providers_of(page.entity),
        "hours_form": HoursForm(prefix="hours", initial=first),
        "provider_form": ProviderForm(prefix="provider"),
        **forms,
    }
    return render(request, "cashapp/payment_settings.html", context, status=422 if forms else 200)
