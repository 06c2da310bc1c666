"""Issuing one draft, and many: a preview of exactly what will happen, then a run."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, Refused
from core.forms import carry_out, day_in, shown
from core.keys import keys_in
from core.models import Run
from core.money import Money
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.actions import issue_invoice, start_issuing
from invoicing.forms import IssueForm, IssueManyForm
from invoicing.models import Invoice
from invoicing.queries.examining import Examined, examine
from invoicing.tasks import issue_drafts

SHOWN = 200
EXAMINED_AT_ONCE = 2_000


@dataclass(frozen=True)
class Preview:
    """What a run would issue, what it would leave, and what that comes to."""

    ready: Sequence[Examined]
    stopped: Sequence[Examined]
    sums: Sequence[Money]


@require_POST
@staff_page("invoicing.issue_invoice")
def issue(request: PageRequest, pk: int) -> HttpResponse:
    """Issue one draft."""
    found = get_visible(Invoice.objects.select_related("entity"), request.page.by, pk=pk)
    form = IssueForm(request.POST)
    day = day_in(form, "issued_on", request.page.today)
    try:
        issued = issue_invoice(by=request.page.by, entity=found.entity, invoice=found, issued_on=day)
        messages.success(request, f"{issued} is issued and on its way.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("invoicing:invoice", pk)


@staff_page("invoicing.issue_invoice")
def issue_many(request: PageRequest) -> HttpResponse:
    """Show what a run would do with the chosen drafts, or with all; a POST starts it with just those."""
    page = request.page
    form = IssueManyForm(request.POST or None)
    if form.is_valid():
        facts = {**form.cleaned_data, "request_id": str(form.cleaned_data["request_id"])}
        invoices = list(Invoice.objects.filter(entity=page.entity, pk__in=facts.pop("drafts")))
        started = carry_out(form, start_issuing, by=page.by, entity=page.entity, invoices=invoices, **facts)
        if started:
            return _at_run(request, *started)
    return _shown(request, form)


def _at_run(request: PageRequest, run: Run, is_new: bool) -> HttpResponse:
    issue_drafts.delay(run.pk)
    if not is_new:
        messages.info(request, "This run was started before; here it is.")
    return redirect("core:run", run.pk)


def _shown(request: PageRequest, form: IssueManyForm) -> HttpResponse:
    day_form = IssueForm(request.POST or request.GET)
    day = day_form.cleaned_data["issued_on"] if day_form.is_valid() else request.page.today
    picked = keys_in(request.GET.getlist("invoice"))
    rows = Invoice.objects.filter(entity=request.page.entity, number=None).select_related("customer").order_by("pk")
    if form.is_bound or picked:
        rows = rows.filter(pk__in=form.cleaned_data.get("drafts", ()) if form.is_bound else picked)
    chosen = list(rows)
    preview = _preview(request, chosen, day)
    context = {
        "preview": preview,
        "ready": preview.ready[:SHOWN],
        "more": max(0, len(preview.ready) - SHOWN),
        "picked": len(picked),
    }
    if not form.is_bound:
        form = IssueManyForm.fresh(day, (invoice.pk for invoice in chosen))
    return shown(request, "invoicing/issue_many.html", context, form)


def _preview(request: PageRequest, chosen: Sequence[Invoice], day: date) -> Preview:
    examined = [
        one
        for start in range(0, len(chosen), EXAMINED_AT_ONCE)
        for one in examine(entity=request.page.entity, invoices=chosen[start : start + EXAMINED_AT_ONCE], issued_on=day)
    ]
    ready = [one for one in examined if one.is_ready]
    sums: dict[str, Money] = defaultdict()
    for one in ready:
        total = one.invoice.money
        sums[total.currency] = sums[total.currency] + total if total.currency in sums else total
    return Preview(ready, [one for one in examined if not one.is_ready], list(sums.values()))
