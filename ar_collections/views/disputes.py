"""Disputes: the list, one of them, opened on an item and closed."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions import assign_dispute, close_dispute, open_dispute
from ar_collections.forms.disputes import AssignDisputeForm, CloseDisputeForm, DisputeFilter, OpenDisputeForm
from ar_collections.models import Dispute
from ar_collections.queries.disputes import (
    SHOWN,
    DisputeQuestion,
    dispute_list,
    dispute_sums,
    disputes_of_item,
    undisputed,
)
from ar_collections.reasons import CODES, code_of
from core.forms import Form, carry_out, shown
from core.keys import key_in
from core.models import AuditEvent
from core.money import ZERO
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from ledger.models import OpenItem

ROWS = 50
COLUMNS = (
    Column("Customer", 12), Column("Name", 34), Column("Document", 18), Column("Due", 12), Column("Reason", 30),
    Column("Code", 14), Column("Currency", 9), Column("Disputed", 14, total=True), Column("Open of the document", 14),
    Column("Department", 20), Column("Person", 20), Column("Opened", 12), Column("Resolve by", 12),
    Column("Outcome", 14), Column("Right of it", 14), Column("Closed", 12), Column("What the customer says", 50),
)  # fmt: skip


@staff_page("collections.view")
def disputes_page(request: PageRequest) -> HttpResponseBase:
    """What customers contest, the most urgent first."""
    page = request.page
    form = DisputeFilter(request.GET)
    question = _question(request, form)
    rows = dispute_list(question, by=page.by)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, question, rows)
    context = {
        "form": form,
        "question": question,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "sums": dispute_sums(rows),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "reason", "department", "customer", "item")),
    }
    return render(request, "collections/disputes.html", context)


@staff_page("collections.view")
def dispute_page(request: PageRequest, pk: int) -> HttpResponse:
    """One dispute: what is contested, who looks into it, and how it ended."""
    return _shown(request, _dispute(request, pk), CloseDisputeForm())


@require_POST
@staff_page("collections.view")
def assign(request: PageRequest, pk: int) -> HttpResponse:
    """Give a dispute to somebody else, or more time."""
    page, dispute = request.page, _dispute(request, pk)
    page.ask_first("collections.assign_dispute", dispute.entity)
    form = AssignDisputeForm(request.POST, dispute=dispute)
    if form.is_valid():
        facts = {"dispute": dispute, "task": form.task(), "assigned_on": page.today}
        if done := carry_out(form, assign_dispute, by=page.by, **facts):
            messages.success(request, f"{done.owner or done.get_department_display()} looks into it.")
            return redirect("collections:dispute", pk)
    return _shown(request, dispute, CloseDisputeForm(), form)


@staff_page("collections.open_dispute")
def open_page(request: PageRequest, pk: int) -> HttpResponse:
    """Open a dispute of an item."""
    page = request.page
    item = get_visible(OpenItem.objects.select_related("customer", "entity"), page.by, pk=pk)
    page.ask_first("collections.open_dispute", item.entity)
    left = undisputed(item.open_amount, sum((each.amount for each in item.disputes.filter(outcome="")), ZERO))
    form = OpenDisputeForm(request.POST or None, entity=item.entity, initial={"amount": left})
    if request.method == "POST" and form.is_valid():
        claim = form.claim(item.currency)
        dispute = carry_out(form, open_dispute, by=page.by, item=item, claim=claim, opened_on=page.today)
        if dispute is not None:
            messages.success(request, f"Disputed: {dispute}. The rest stays in collection.")
            return redirect("collections:dispute", dispute.pk)
    return shown(request, "collections/open_dispute.html", {"item": item, "codes": CODES}, form)


@require_POST
@staff_page("collections.view")
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Say how a dispute ended."""
    page, dispute = request.page, _dispute(request, pk)
    page.ask_first("collections.close_dispute", dispute.entity)
    form = CloseDisputeForm(request.POST)
    if form.is_valid():
        closing = form.closing(dispute.currency)
        if carry_out(form, close_dispute, by=page.by, dispute=dispute, closing=closing, closed_on=page.today):
            messages.success(request, f"Closed: {closing.outcome.label.lower()}.")
            return redirect("collections:dispute", pk)
    return _shown(request, dispute, form)


@staff_page("collections.view")
def of_item(request: PageRequest, pk: int) -> HttpResponse:
    """The disputes of one item, as a box that its pages fetch."""
    item = get_visible(OpenItem.objects.select_related("customer", "entity"), request.page.by, pk=pk)
    context = {"item": item, "disputes": disputes_of_item(item.pk, by=request.page.by)}
    template = "collections/parts/item_disputes.html" if request.htmx else "collections/item_disputes.html"
    return render(request, template, context)


def _dispute(request: PageRequest, pk: int) -> Dispute:
    return get_visible(Dispute.objects.select_related(*SHOWN, "entity"), request.page.by, pk=pk)


def _shown(request: PageRequest, dispute: Dispute, form: Form, task_form: Form | None = None) -> HttpResponse:
    happened = AuditEvent.objects.filter(object_type="collections.dispute", object_id=str(dispute.pk))
    context = {
        "dispute": dispute,
        "code": code_of(dispute.reason),
        "events": happened.select_related("by"),
        "form": form,
        "task_form": task_form or AssignDisputeForm(dispute=dispute),
    }
    status = 422 if form.errors or (task_form and task_form.errors) else 200
    return render(request, "collections/dispute.html", context, status=status)


def _question(request: PageRequest, form: DisputeFilter) -> DisputeQuestion:
    asked = form.cleaned_data if form.is_valid() else {}
    return DisputeQuestion(
        entity=request.page.entity,
        as_of=request.page.as_at,
        state=asked.get("state") or "open",
        reason=asked.get("reason", ""),
        department=asked.get("department", ""),
        query=asked.get("q", "").strip(),
        customer=request.GET.get("customer", ""),
        item=key_in(request.GET.get("item", "")),
    )


def _workbook(page: Page, question: DisputeQuestion, rows: QuerySet[Dispute]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("As at", f"{page.as_at}"), ("State", question.state)]
    return workbook_response(
        [Sheet("Disputes", COLUMNS, _cells(rows), notes)], f"disputes-{page.entity.code}-{page.as_at}.xlsx"
    )


def _cells(rows: QuerySet[Dispute]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        yield [
            row.customer.code,
            row.customer.name,
            row.item.number,
            row.item.due_on,
            row.get_reason_display(),
            code_of(row.reason).code,
            row.currency,
            row.amount,
            row.item.open_amount,
            row.get_department_display(),
            row.owner.name if row.owner else "",
            row.opened_on,
            row.due_on,
            row.get_outcome_display(),
            row.accepted,
            row.closed_on,
            row.note,
        ]
