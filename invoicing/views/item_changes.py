"""Adjustments and refunds: their lists, drafting one for an open item, and deciding."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from controls.models import ApprovalRequest, Authority
from controls.queries import is_within_limit, open_request
from core.errors import NotAllowed, Refused
from core.forms import carry_out, day_in, shown
from core.models import AuditEvent
from core.money import Money, round_to_currency
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.actions import (
    approve_adjustment,
    approve_refund,
    discard_adjustment,
    discard_refund,
    draft_adjustment,
    post_adjustment,
    request_adjustment,
    request_refund,
)
from invoicing.forms import IssueForm
from invoicing.forms.corrections import AdjustmentForm, RefundForm
from invoicing.models import Adjustment, ItemChange, Refund
from ledger.models import JournalLine, OpenItem

ROWS = 50
COLUMNS = (
    Column("Number", 16), Column("Customer", 12), Column("Name", 30), Column("Item", 18), Column("Posted", 12),
    Column("Change", 12), Column("Reason", 40), Column("Currency", 9), Column("Amount", 14, total=True),
    Column("By", 20),
)  # fmt: skip


@staff_page("invoicing.view")
def adjustments(request: PageRequest) -> HttpResponseBase:
    """Adjustments, the newest first."""
    return _list(request, Adjustment.objects.filter(entity=request.page.entity), "Adjustments")


@staff_page("invoicing.view")
def refunds(request: PageRequest) -> HttpResponseBase:
    """Refunds, the newest first."""
    return _list(request, Refund.objects.filter(entity=request.page.entity), "Refunds")


@staff_page("invoicing.draft_adjustment")
def draft(request: PageRequest, pk: int) -> HttpResponse:
    """Adjust one open item."""
    page, item = request.page, _item(request, pk)
    page.ask_first("invoicing.draft_adjustment", item.entity)
    initial = {"side": "credit", "request_id": uuid4().hex}
    form = AdjustmentForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        made = carry_out(
            form,
            draft_adjustment,
            by=page.by,
            item=item,
            side=facts["side"],
            amount=Money(facts["amount"], item.currency),
            reason_code=facts["reason_code"],
            reason=facts["reason"],
            file=form.upload,
            request_id=facts["request_id"] or None,
        )
        if made:
            return redirect("invoicing:adjustment", made.pk)
    return shown(request, "invoicing/item_change_form.html", {"item": item, "what": "Adjust"}, form)


@staff_page("invoicing.request_refund")
def ask_refund(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for a refund of an open credit."""
    page, item = request.page, _item(request, pk)
    page.ask_first("invoicing.request_refund", item.entity)
    initial = {"amount": round_to_currency(item.open_amount, item.currency), "request_id": uuid4().hex}
    form = RefundForm(item.customer, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        made = carry_out(
            form,
            request_refund,
            by=page.by,
            item=item,
            amount=Money(facts["amount"], item.currency),
            reason=facts["reason"],
            requested_on=page.today,
            bank_account=facts["bank_account"],
            file=form.upload,
            request_id=facts["request_id"] or None,
        )
        if made:
            messages.success(request, "It waits for approval now. You see the answer here and under Approvals.")
            return redirect("invoicing:refund", made.pk)
    return shown(request, "invoicing/item_change_form.html", {"item": item, "what": "Refund"}, form)


@staff_page("invoicing.view")
def adjustment(request: PageRequest, pk: int) -> HttpResponse:
    """One adjustment, and what can be done about it."""
    found = get_visible(_related(Adjustment.objects.all()), request.page.by, pk=pk)
    return render(request, "invoicing/item_change.html", _context(request.page, found, Authority.ADJUSTMENT))


@staff_page("invoicing.view")
def refund(request: PageRequest, pk: int) -> HttpResponse:
    """One refund, and what became of it."""
    found = get_visible(_related(Refund.objects.all()), request.page.by, pk=pk)
    return render(request, "invoicing/item_change.html", _context(request.page, found, Authority.REFUND))


@require_POST
@staff_page("invoicing.post_adjustment")
def post(request: PageRequest, pk: int) -> HttpResponse:
    """Post an adjustment within one's own authority."""
    found = get_visible(_related(Adjustment.objects.all()), request.page.by, pk=pk)
    form = IssueForm(request.POST)
    day = day_in(form, "issued_on", request.page.today)
    _try(request, post_adjustment, "{} is posted.", adjustment=found, posted_on=day)
    return redirect("invoicing:adjustment", pk)


@require_POST
@staff_page("invoicing.request_adjustment")
def ask(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for approval."""
    found = get_visible(_related(Adjustment.objects.all()), request.page.by, pk=pk)
    said = "{} waits for approval now."
    _try(request, request_adjustment, said, adjustment=found, requested_on=request.page.today)
    return redirect("invoicing:adjustment", pk)


@require_POST
@staff_page("invoicing.discard_adjustment")
def discard(request: PageRequest, pk: int) -> HttpResponse:
    """Throw the draft of an adjustment away."""
    found = get_visible(_related(Adjustment.objects.all()), request.page.by, pk=pk)
    _try(request, discard_adjustment, "The draft is discarded.", adjustment=found)
    return redirect("invoicing:adjustments")


@require_POST
@staff_page("invoicing.discard_refund")
def drop_refund(request: PageRequest, pk: int) -> HttpResponse:
    """Throw away a refund that was declined."""
    found = get_visible(_related(Refund.objects.all()), request.page.by, pk=pk)
    _try(request, discard_refund, "The draft is discarded.", refund=found)
    return redirect("invoicing:refunds")


@require_POST
@staff_page("invoicing.post_adjustment")
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a request and post its adjustment."""
    asked, day, comment = _decision(request, pk, "invoicing.adjustment")
    found = get_visible(_related(Adjustment.objects.all()), request.page.by, pk=int(asked.subject_id))
    done = approve_adjustment(by=request.page.by, request=asked, adjustment=found, posted_on=day, comment=comment)
    messages.success(request, f"{done} is approved and posted.")
    return redirect("invoicing:adjustment", done.pk)


@require_POST
@staff_page("invoicing.approve_refund")
def approve_a_refund(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a refund that somebody else asked for."""
    asked, day, comment = _decision(request, pk, "invoicing.refund")
    found = get_visible(_related(Refund.objects.all()), request.page.by, pk=int(asked.subject_id))
    done = approve_refund(by=request.page.by, request=asked, refund=found, posted_on=day, comment=comment)
    messages.success(request, f"{done} is approved and waits to be paid.")
    return redirect("invoicing:refund", done.pk)


def _list(request: PageRequest, rows: QuerySet[Any], title: str) -> HttpResponseBase:
    rows = _related(rows)
    if request.GET.get("format") == "xlsx":
        name = f"{title.lower()}-{request.page.entity.code}-{request.page.today}.xlsx"
        return workbook_response([Sheet(title, COLUMNS, _cells(rows))], name)
    paged = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "invoicing/item_changes.html", {"rows": paged, "title": title})


def _cells(rows: QuerySet[Any]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=1_000):
        yield [
            row.number or "Draft", row.customer.code, row.customer.name, row.item.number, row.posted_on,
            row.get_side_display(), row.reason, row.currency, row.amount, row.drafted_by.name,
        ]  # fmt: skip


def _related(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("entity", "customer", "item", "file", "entry__reversed_by", "drafted_by")


def _item(request: PageRequest, pk: int) -> OpenItem:
    return get_visible(OpenItem.objects.select_related("entity", "customer"), request.page.by, pk=pk)


def _context(page: Page, found: ItemChange, kind: Authority) -> dict[str, Any]:
    label = found._meta.label_lower
    waiting = None if found.is_posted else open_request(kind=kind, subject_type=label, subject_id=found.pk)
    history = AuditEvent.objects.filter(object_type=label, object_id=str(found.pk)).select_related("by")
    return {
        "found": found,
        "is_refund": kind == Authority.REFUND,
        "waiting": waiting,
        "within_limit": not found.is_posted and _is_within_limit(page, found, kind),
        "issue_form": IssueForm(initial={"issued_on": page.today}),
        "journal": JournalLine.objects.filter(entry=found.entry_id).select_related("account").order_by("pk"),
        "history": history.order_by("-pk"),
    }


def _is_within_limit(page: Page, found: ItemChange, kind: Authority) -> bool:
    return is_within_limit(
        by=page.by,
        entity=found.entity,
        kind=kind,
        amount=found.money,
        counts_with=f"customer:{found.customer_id}",
        as_of=page.today,
    )


def _decision(request: PageRequest, pk: int, subject_type: str) -> tuple[ApprovalRequest, date, str]:
    asked = get_visible(ApprovalRequest, request.page.by, pk=pk, subject_type=subject_type)
    return asked, request.page.today, request.POST.get("comment", "")


def _try(request: PageRequest, action: Callable[..., Any], said: str, **facts: Any) -> None:
    """Carry an action out and say so, or say why it was refused."""
    try:
        action(by=request.page.by, **facts)
        messages.success(request, said.format(*facts.values()))
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
