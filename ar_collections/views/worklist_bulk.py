"""What is done with several customers of the worklist at once, and putting one off."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ar_collections.actions.notices import send_notice
from ar_collections.actions.worklist import assign_customers, snooze_customer
from ar_collections.forms.worklist import AssignForm, SnoozeForm
from ar_collections.ladder import remind
from ar_collections.queries.cases import Case, house_of, load_cases
from core import clock
from core.errors import NotAllowed, Refused
from core.forms import carry_out
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from customers.models import Customer

MOST = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """What a customer would get, or why nothing."""

    customer: Customer
    step: str = ""
    documents: int = 0
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one customer of a bulk notice."""

    customer: Customer
    refusal: str = ""


@require_POST
@staff_page("collections.assign_customers")
def assign(request: PageRequest) -> HttpResponse:
    """Hand the ticked customers to a collector."""
    page, form = request.page, AssignForm(request.POST, entity=request.page.entity)
    chosen = _ticked(request)
    if not chosen:
        messages.error(request, "Tick the customers first.")
    elif form.is_valid():
        collector = form.cleaned_data["collector"]
        facts = {"entity": page.entity, "customers": chosen, "collector": collector}
        if (made := carry_out(form, assign_customers, by=page.by, **facts)) is not None:
            messages.success(request, f"{len(made)} of {len(chosen)} customers are {collector.name}’s now.")
    _say_errors(request, form)
    return redirect(_back(request))


@require_POST
@staff_page("collections.send_notice")
def notice(request: PageRequest) -> HttpResponse:
    """Send the ticked customers a notice of all that is overdue: first the preview, then the messages."""
    chosen = _ticked(request)
    if not chosen:
        messages.error(request, "Tick the customers first.")
        return redirect(_back(request))
    if "send" not in request.POST:
        plans = _plans(request, chosen)
        going = sum(not plan.why_not for plan in plans)
        return render(request, "collections/bulk_notice.html", {"plans": plans, "going": going, "back": _back(request)})
    done = [_sent(request, customer) for customer in chosen]
    went = sum(not each.refusal for each in done)
    if went:
        messages.success(request, f"{went} notices are in the outbox.")
    return render(request, "collections/bulk_notice_done.html", {"done": done, "back": _back(request)})


@require_POST
@staff_page("collections.snooze_customer")
def snooze(request: PageRequest, pk: int) -> HttpResponse:
    """Put a customer off, or bring them back."""
    page = request.page
    customer = get_visible(Customer.objects.select_related("entity"), page.by, pk=pk)
    page.ask_first("collections.snooze_customer", customer.entity)
    form = SnoozeForm(request.POST)
    if form.is_valid():
        facts: dict[str, Any] = {"customer": customer, "snoozed_on": page.today, **form.cleaned_data}
        if (row := carry_out(form, snooze_customer, by=page.by, **facts)) is not None:
            back = row.until_on <= page.today
            words = "is back on the list" if back else f"comes back on {row.until_on:%a %d %b}"
            messages.success(request, f"{customer.name} {words}.")
    _say_errors(request, form)
    return redirect(_back(request))


def _plans(request: PageRequest, chosen: list[Customer]) -> list[Planned]:
    """What each customer would get today, or why nothing."""
    page = request.page
    by_hand = page.may("collections.send_final_notice")
    keys = [customer.pk for customer in chosen]
    cases = load_cases(house_of(page.entity), keys, on=page.today, at=clock.now(), by_hand=by_hand)
    known = {case.customer.pk: case for case in cases}
    return [_planned(customer, known.get(customer.pk), page.today, by_hand) for customer in chosen]


def _planned(customer: Customer, case: Case | None, on: date, by_hand: bool) -> Planned:
    if case is None:
        return Planned(customer, why_not="Owes nothing")
    if case.asked_already is not None:
        return Planned(customer, why_not="Was asked today already")
    decision = case.decision if case.decision.is_asked else remind(case.party, case.items, on, by_hand=by_hand)
    if decision.rung is None:
        words = sorted({str(stop) for stop in case.decision.stops.values()}) or ["Nobody works there today"]
        return Planned(customer, why_not="; ".join(words[:3]))
    return Planned(customer, step=decision.rung.name, documents=len(decision.lines))


def _sent(request: PageRequest, customer: Customer) -> Sent:
    try:
        send_notice(by=request.page.by, customer=customer, on=request.page.today, at=clock.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        return Sent(customer, refusal.message)
    return Sent(customer)


def _ticked(request: PageRequest) -> list[Customer]:
    keys = [int(key) for key in request.POST.getlist("customers")[:MOST] if key.isdecimal() and len(key) < 19]
    rows = Customer.objects.visible_to(request.page.by).filter(entity=request.page.entity, pk__in=keys)
    return list(rows.select_related("entity").order_by("name", "pk"))


def _say_errors(request: PageRequest, form: Any) -> None:
    for sentences in form.errors.values():
        for sentence in sentences:
            messages.error(request, str(sentence))


def _back(request: PageRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{reverse('collections:worklist')}{'?' + query if query else ''}"
