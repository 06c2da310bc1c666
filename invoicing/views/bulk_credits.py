"""Crediting many invoices: a preview of the chosen ones, then one decision."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from controls.models import ApprovalRequest, Authority
from controls.queries import are_within_limit, open_request
from core.errors import NotAllowed, Refused
from core.forms import carry_out, day_in, shown
from core.money import Money
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from invoicing.actions import approve_bulk_credit, draft_bulk_credit, request_bulk_credit, start_bulk_credit
from invoicing.forms import IssueForm
from invoicing.forms.corrections import BulkCreditForm
from invoicing.models import BulkCredit
from invoicing.queries.bulk_credits import Chosen, authority_needed, chosen_invoices
from invoicing.tasks import credit_many

SHOWN = 500


@staff_page("invoicing.draft_bulk_credit")
def choose(request: PageRequest) -> HttpResponse:
    """What would be credited of the chosen invoices; a POST lays them down for a decision."""
    page = request.page
    keys = [int(pk) for pk in (request.POST or request.GET).getlist("invoice") if pk.isdigit()]
    chosen = chosen_invoices(page.entity, keys)
    form = BulkCreditForm(request.POST or None, request.FILES or None, initial={"request_id": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        made = carry_out(
            form,
            draft_bulk_credit,
            by=page.by,
            entity=page.entity,
            invoices=[one.invoice for one in chosen],
            reason_code=facts["reason_code"],
            reason=facts["reason"],
            file=form.upload,
            request_id=facts["request_id"] or None,
        )
        if made:
            return redirect("invoicing:bulk_credit", made.pk)
    context = {
        "credited": [one for one in chosen if one.left][:SHOWN],
        "left_out": [one for one in chosen if not one.left],
        "count": sum(1 for one in chosen if one.left),
        "sums": _sums(chosen),
        "chosen": [one.invoice.pk for one in chosen],
    }
    return shown(request, "invoicing/bulk_credit_form.html", context, form)


@staff_page("invoicing.view")
def bulk_credit(request: PageRequest, pk: int) -> HttpResponse:
    """Many invoices with their credit notes, and what can be decided."""
    page = request.page
    rows = BulkCredit.objects.select_related("entity", "file", "run", "drafted_by", "decided_by")
    found = get_visible(rows, page.by, pk=pk)
    label = found._meta.label_lower
    waiting = None if found.is_decided else open_request(
        kind=Authority.CREDIT_NOTE, subject_type=label, subject_id=found.pk
    )  # fmt: skip
    within = not found.is_decided and are_within_limit(
        by=page.by,
        entity=found.entity,
        kind=Authority.CREDIT_NOTE,
        parts=authority_needed(found),
        as_of=page.today,
    )
    context = {
        "bulk": found,
        "rows": found.invoices.select_related("invoice__customer", "credit_note")[:SHOWN],
        "count": found.invoices.count(),
        "waiting": waiting,
        "within_limit": within,
        "issue_form": IssueForm(initial={"issued_on": page.today}),
    }
    return render(request, "invoicing/bulk_credit.html", context)


@require_POST
@staff_page("invoicing.issue_credit_note")
def start(request: PageRequest, pk: int) -> HttpResponse:
    """Decide within one's own authority, and issue."""
    found = get_visible(BulkCredit.objects.select_related("entity"), request.page.by, pk=pk)
    form = IssueForm(request.POST)
    day = day_in(form, "issued_on", request.page.today)
    try:
        run = start_bulk_credit(by=request.page.by, bulk=found, issued_on=day)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("invoicing:bulk_credit", pk)
    credit_many.delay(run.pk)
    return redirect("core:run", run.pk)


@require_POST
@staff_page("invoicing.request_bulk_credit")
def ask(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for one approval of all."""
    found = get_visible(BulkCredit.objects.select_related("entity"), request.page.by, pk=pk)
    try:
        request_bulk_credit(by=request.page.by, bulk=found, requested_on=request.page.today)
        messages.success(request, "It waits for approval now. You see the answer here and under Approvals.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("invoicing:bulk_credit", pk)


@require_POST
@staff_page("invoicing.issue_credit_note")
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a request and start issuing."""
    asked = get_visible(ApprovalRequest, request.page.by, pk=pk, subject_type="invoicing.bulkcredit")
    rows = BulkCredit.objects.select_related("entity")
    found = get_visible(rows, request.page.by, pk=int(asked.subject_id))
    run = approve_bulk_credit(
        by=request.page.by,
        request=asked,
        bulk=found,
        issued_on=request.page.today,
        comment=request.POST.get("comment", ""),
    )
    credit_many.delay(run.pk)
    messages.success(request, f"{found} is approved; its credit notes are being issued.")
    return redirect("invoicing:bulk_credit", found.pk)


def _sums(chosen: Sequence[Chosen]) -> list[Money]:
    sums: dict[str, Money] = defaultdict()
    for one in chosen:
        currency = one.invoice.currency
        sums[currency] = sums[currency] + one.money if currency in sums else one.money
    return [sums[currency] for currency in sorted(sums)]
