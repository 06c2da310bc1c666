"""Changing an active contract: the form, what it costs, and only then the change. Usage by hand, too."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from core.errors import NotAllowed, Refused
from core.forms import carry_out, refuse, shown
from core.money import ZERO
from core.pages import PageRequest, staff_page
from invoicing.actions import amend_contract, record_usage
from invoicing.actions.usage import Reading
from invoicing.amending import Outcome
from invoicing.forms.amendments import TITLES, AmendmentForm, ReadingForm
from invoicing.models import Contract
from invoicing.queries.amending import effects_on, outcome_of, usage_line
from invoicing.views.contracts import opened


@staff_page("invoicing.amend_contract")
def amend(request: PageRequest, pk: int, kind: str) -> HttpResponse:
    """Write a change, see its working, record it."""
    if kind not in TITLES:
        raise Http404("There is no such change of a contract.")
    page, found = request.page, opened(request, pk)
    page.ask_first("invoicing.amend_contract", found.entity)
    form = AmendmentForm(found, kind, request.POST or None)
    context: dict[str, Any] = {"contract": found, "title": TITLES[kind], "kind": kind}
    if request.method == "POST" and form.is_valid():
        if "record" in request.POST:
            if made := carry_out(form, amend_contract, by=page.by, contract=found, draft=form.draft()):
                messages.success(request, f"{made} is recorded on {found}.")
                return redirect("invoicing:contract", pk)
        else:
            context |= _previewed(found, form)
    return shown(request, "invoicing/amend.html", context, form)


def _previewed(contract: Contract, form: AmendmentForm) -> dict[str, Any]:
    """What it would do; a refusal stands at the form."""
    try:
        outcome: Outcome = outcome_of(contract, form.draft())
    except NotAllowed:
        raise
    except Refused as refusal:
        refuse(form, refusal.message)
        return {}
    effects = effects_on(contract, outcome)
    total = sum((effect.amount for effect in effects), ZERO)
    return {"outcome": outcome, "effects": effects, "total": total}


@staff_page("invoicing.view")
def usage(request: PageRequest, pk: int) -> HttpResponse:
    """The readings of a contract, and one more by hand."""
    page, found = request.page, opened(request, pk)
    page.ask_first("invoicing.record_usage", found.entity)
    form = ReadingForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, _record, request=request, contract=found, given=form.cleaned_data):
            messages.success(request, "The reading is kept. It is billed with its month, or with the next.")
            return redirect("invoicing:record_usage", pk)
    metered = [line for line in found.lines.filter(cycle="usage").prefetch_related("readings__recorded_by")]
    return shown(request, "invoicing/usage.html", {"contract": found, "metered": metered}, form)


def _record(*, request: PageRequest, contract: Contract, given: dict[str, Any]) -> object:
    line = usage_line(contract, given["position"], given["used_on"])
    reading = Reading(given["used_on"], given["quantity"], given["source_id"] or given["request_id"])
    return record_usage(by=request.page.by, line=line, readings=[reading])
