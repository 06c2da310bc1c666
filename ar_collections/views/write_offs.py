"""Write-offs: the list, one of them, those of a customer; chosen with a preview, approved, reversed, dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.write_offs import (
    approve_write_off,
    drop_write_off,
    request_write_off,
    reverse_write_off,
    write_off_items,
)
from ar_collections.forms.write_offs import EndForm, RecoverForm, UndoForm, WriteOffFilter, WritingForm
from ar_collections.models import Recovery, WriteOff
from ar_collections.queries.write_offs import (
    WriteOffQuestion,
    WrittenLine,
    debts_of,
    losses_of,
    receipts_on_account,
    recoveries_of,
    state_of,
    sums_of,
    with_recovered,
    with_states,
    write_off_list,
    written_lines,
    written_off_of,
)
from controls.models import ApprovalRequest, Authority
from controls.queries import covers, open_request, reach_of
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.models import AuditEvent
from core.money import ZERO, Money
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer
from ledger.models import OpenItem

if TYPE_CHECKING:
    from ar_collections.queries.write_offs import WithSums

ROWS = 50
OFFERED = 150
COLUMNS = (
    Column("Number", 16), Column("Customer", 12), Column("Name", 34), Column("State", 16), Column("Currency", 9),
    Column("Written off", 14, total=True), Column("Recovered", 14, total=True), Column("Document", 18),
    Column("Amount of it", 14), Column("Tax in it", 12), Column("Relief from", 12), Column("Relief until", 12),
    Column("Relief claimed", 14), Column("Reason", 22), Column("Note", 40), Column("Posted", 12),
    Column("Asked by", 20), Column("Approved by", 20),
)  # fmt: skip


@staff_page("collections.view")
def write_offs_page(request: PageRequest) -> HttpResponseBase:
    """Write-offs, the latest first."""
    page, form = request.page, WriteOffFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    question = WriteOffQuestion(page.entity, asked.get("state") or "posted", asked.get("q", "").strip())
    rows = write_off_list(question)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, question, rows)
    shown_rows = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "question": question,
        "rows": shown_rows,
        "listed": with_states(shown_rows),
        "sums": sums_of(rows),
    }
    return render(request, "collections/write_offs.html", context)


@staff_page("collections.view")
def write_off_page(request: PageRequest, pk: int) -> HttpResponse:
    """One write-off: its documents, the tax in them, what came in since, and who decided."""
    return show_write_off(request, get_write_off(request, pk))


@staff_page("collections.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """The write-offs of a customer: a box that the account's page fetches, or a page."""
    customer = _customer(request, pk)
    context = {"customer": customer, "rows": with_states(written_off_of(customer)[:10])}
    template = "collections/parts/customer_write_offs.html" if request.htmx else "collections/customer_write_offs.html"
    return render(request, template, context)


@staff_page("collections.request_write_off")
def write_page(request: PageRequest, pk: int) -> HttpResponse:
    """Choose documents, see what writing them off means, then do it or ask for it."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.request_write_off", customer.entity)
    form = _form(request, customer)
    step = request.POST.get("step", "")
    if request.method == "POST" and form.is_valid() and step in STEPS:
        action, day, permission = STEPS[step]
        page.ask_first(permission, customer.entity)
        facts: dict[str, Any] = {"customer": customer, "writing": form.writing(), day: page.today}
        if (row := carry_out(form, action, by=page.by, **facts)) is not None:
            messages.success(request, _said(row))
            return redirect("collections:write_off", row.pk)
    context = {"customer": customer, **(_preview(request, customer, form) if form.is_bound and form.is_valid() else {})}
    return shown(request, "collections/write_off_items.html", context, form)


@require_POST
@staff_page("collections.approve_write_off")
def approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a write-off out of the queue of requests."""
    page = request.page
    asked = get_visible(ApprovalRequest, page.by, pk=pk, kind=Authority.WRITE_OFF)
    row = get_visible(WriteOff.objects.select_related("entity", "customer"), page.by, pk=int(asked.subject_id))
    comment = request.POST.get("comment", "")
    try:
        approve_write_off(by=page.by, request=asked, write_off=row, posted_on=page.today, comment=comment)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("controls:approval", pk)
    messages.success(request, f"Approved: {row.money} of {row.customer.name} is written off.")
    return redirect("collections:write_off", row.pk)


@require_POST
@staff_page("collections.reverse_write_off")
def reverse(request: PageRequest, pk: int) -> HttpResponse:
    """Open the documents of a write-off again."""
    return _ended(request, pk, "collections.reverse_write_off", reverse_write_off, "reversed_on")


@require_POST
@staff_page("collections.request_write_off")
def drop(request: PageRequest, pk: int) -> HttpResponse:
    """Give up a write-off that was never posted."""
    return _ended(request, pk, "collections.request_write_off", drop_write_off, "dropped_on")


STEPS: dict[str, tuple[Callable[..., WriteOff], str, str]] = {
    "write_off": (write_off_items, "posted_on", "collections.write_off_items"),
    "ask": (request_write_off, "requested_on", "collections.request_write_off"),
}


def _ended(request: PageRequest, pk: int, permission: str, action: Callable[..., WriteOff], day: str) -> HttpResponse:
    page, row, form = request.page, get_write_off(request, pk), EndForm(request.POST)
    page.ask_first(permission, row.entity)
    if form.is_valid():
        facts = {"write_off": row, "reason": form.cleaned_data["reason"], day: page.today}
        if carry_out(form, action, by=page.by, **facts):
            messages.success(request, "Done. What it was about is open as before.")
            return redirect("collections:write_off", pk)
    return show_write_off(request, row, end_form=form)


def get_write_off(request: PageRequest, pk: int) -> WithSums:
    """A write-off that the person may see, with what its page shows."""
    return get_visible(with_recovered(WriteOff.objects.all()), request.page.by, pk=pk)


Refusal = tuple[int, Form]
"""A form that was refused, and which line or recovery it was about."""


def show_write_off(
    request: PageRequest,
    row: WithSums,
    *,
    end_form: EndForm | None = None,
    recover: Refusal | None = None,
    undo: Refusal | None = None,
) -> HttpResponse:
    """The page of a write-off, with a form that was refused."""
    happened = AuditEvent.objects.filter(object_type="collections.writeoff", object_id=str(row.pk))
    receipts = list(receipts_on_account(row))
    context = {
        "row": row,
        "state": state_of(row, row.recovered),
        "recovered": Money(row.recovered, row.currency),
        "lines": _lines(request, row, receipts, recover),
        "recoveries": _recoveries(row, undo),
        "asked": open_request(kind=Authority.WRITE_OFF, subject_type="collections.writeoff", subject_id=row.pk),
        "receipts": receipts,
        "events": happened.select_related("by"),
        "end_form": end_form or EndForm(),
    }
    refused = end_form or next((each[1] for each in (recover, undo) if each), EndForm())
    return shown(request, "collections/write_off.html", context, refused)


def _lines(
    request: PageRequest, row: WithSums, receipts: list[OpenItem], refused: Refusal | None
) -> list[tuple[WrittenLine, bool, Form]]:
    """Each document, whether its tax may be claimed today, and the form for what came of it."""
    found: list[tuple[WrittenLine, bool, Form]] = []
    for each in written_lines(row.lines.all()):
        form: Form = RecoverForm(receipts=receipts, auto_id=f"id_{each.line.pk}_%s", initial={"request_id": uuid4()})
        if refused is not None and refused[0] == each.line.pk:
            form = refused[1]
        found.append((each, each.may_claim(request.page.today), form))
    return found


def _recoveries(row: WithSums, refused: Refusal | None) -> list[tuple[Recovery, Form]]:
    return [
        (each, refused[1] if refused and refused[0] == each.pk else UndoForm(auto_id=f"id_undo_{each.pk}_%s"))
        for each in recoveries_of(row)
    ]


def _form(request: PageRequest, customer: Customer) -> WritingForm:
    asked = request.GET.get("currency", "")[:3].upper()
    currency = request.POST.get("currency", asked or customer.currency)[:3]
    items = debts_of(customer, as_of=request.page.today, currency=currency)[:OFFERED]
    return WritingForm(request.POST or None, currency=currency, items=items, initial={"request_id": uuid4()})


def _preview(request: PageRequest, customer: Customer, form: WritingForm) -> dict[str, Any]:
    """What it would post, the tax in it, and how far one's own limit reaches."""
    page, losses = request.page, losses_of(customer.entity, form.chosen, on=request.page.today)
    total = Money(sum((loss.amount for loss in losses), ZERO), form.currency)
    reach = reach_of(
        by=page.by,
        entity=customer.entity,
        kind=Authority.WRITE_OFF,
        currency=form.currency,
        counts_with=f"customer:{customer.pk}",
        as_of=page.today,
    )
    return {
        "losses": losses,
        "total": total,
        "tax": Money(sum((loss.tax for loss in losses), ZERO), form.currency),
        "reach": reach,
        "may_alone": covers(reach, total, page.today) and page.may("collections.write_off_items"),
    }


def _said(row: WriteOff) -> str:
    if row.item is None:
        return "It waits for approval now. Until then everything goes on as before."
    return f"{row.money} is written off as {row.item.number}."


def _customer(request: PageRequest, pk: int) -> Customer:
    return get_visible(Customer.objects.select_related("entity"), request.page.by, pk=pk)


def _workbook(page: Page, question: WriteOffQuestion, rows: QuerySet[WithSums]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("State", question.state)]
    sheet = Sheet("Write-offs", COLUMNS, _cells(rows), notes)
    return workbook_response([sheet], f"write-offs-{page.entity.code}-{page.as_at}.xlsx")


def _cells(rows: QuerySet[WithSums]) -> Iterator[list[Cell]]:
    """A line for each document; the sums of a write-off stand in its first line alone."""
    for row in rows.prefetch_related("lines__item", "lines__relief").iterator(chunk_size=500):
        recovered = row.recovered
        head: list[Cell] = [
            str(row.item or ""), row.customer.code, row.customer.name, state_of(row, recovered), row.currency
        ]  # fmt: skip
        sums: list[Cell] = [row.amount, recovered]
        for line in row.lines.all():
            relief = getattr(line, "relief", None)
            yield [
                *head,
                *sums,
                line.item.number,
                line.amount,
                line.tax,
                line.relief_from_on,
                line.relief_until_on,
                relief.amount if relief else None,
                row.get_reason_display(),
                row.note,
                row.posted_on,
                row.asked_by.name,
                row.approved_by.name if row.approved_by else "",
            ]
            sums = [None, None]
