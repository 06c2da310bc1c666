"""Finals: every one with what was done for it, its questions, and the calendar of the next twelve months."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.finals import answer_final_question, ask_final_question, record_final_receipt
from ar_collections.finals import Task
from ar_collections.forms.finals import AnswerForm, FinalsFilter, QuestionForm, ReceiptForm
from ar_collections.models import FinalQuestion
from ar_collections.queries.finals import (
    FinalRow,
    final_row,
    finals_calendar,
    finals_of_month,
    months_back,
    unpaid_finals,
)
from core.forms import carry_out, shown
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from ledger.models import OpenItem

ROWS = 50
COLUMNS = (
    Column("Customer", 12), Column("Name", 34), Column("Month", 12), Column("Left on", 12), Column("Final", 18),
    Column("Due", 12), Column("Currency", 9), Column("Open", 14, total=True), Column("Contact from", 12),
    Column("Called", 12), Column("Written to", 12), Column("Arrived", 10), Column("Says who", 24),
    Column("Open questions", 50), Column("5 days: called", 12), Column("5 days: written", 12),
    Column("15 days: called", 12), Column("15 days: written", 12), Column("Suspension", 12), Column("Next", 24),
)  # fmt: skip


@staff_page("collections.view")
def finals_page(request: PageRequest) -> HttpResponseBase:
    """Every final that is not paid, or all of a month, what is to be done first in front."""
    page, form = request.page, FinalsFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    month = asked["month"].replace(day=1) if asked.get("month") else None
    found, older = _found(page, month, is_older=bool(asked.get("older")))
    rows = [row for row in found if _fits(row, asked)]
    if request.GET.get("format") == "xlsx":
        return _workbook(page, rows)
    context = {
        "form": form,
        "month": month,
        "asked": asked,
        "older": older,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "counts": [(task.label, number) for task in Task if (number := sum(row.task == task for row in found))],
        "is_filtered": bool(asked.get("task") or asked.get("q")),
        "calendar": finals_calendar(page.entity, page.today),
    }
    return render(request, "collections/finals.html", context)


@staff_page("collections.view")
def final_page(request: PageRequest, pk: int) -> HttpResponse:
    """One final: its contacts, whether it arrived, its questions and their answers."""
    return _shown(request, _item(request, pk))


@require_POST
@staff_page("collections.view")
def receipt(request: PageRequest, pk: int) -> HttpResponse:
    """Write down whether it arrived."""
    page, item = request.page, _item(request, pk)
    page.ask_first("collections.record_final_receipt", item.entity)
    form = ReceiptForm(request.POST, prefix="receipt")
    if form.is_valid():
        facts = {"item": item, "said_on": page.today, **form.cleaned_data}
        if carry_out(form, record_final_receipt, by=page.by, **facts):
            messages.success(request, "Written down.")
            return redirect("collections:final", pk)
    return _shown(request, item, receipt=form)


@require_POST
@staff_page("collections.view")
def ask(request: PageRequest, pk: int) -> HttpResponse:
    """Write a question down."""
    page, item = request.page, _item(request, pk)
    page.ask_first("collections.ask_final_question", item.entity)
    form = QuestionForm(request.POST, prefix="question", entity=item.entity)
    if form.is_valid():
        facts = {"item": item, "question": form.question(), "asked_on": page.today}
        if carry_out(form, ask_final_question, by=page.by, **facts):
            messages.success(request, "Written down. It stands in the list until it is answered.")
            return redirect("collections:final", pk)
    return _shown(request, item, question=form)


@require_POST
@staff_page("collections.view")
def answer(request: PageRequest, pk: int) -> HttpResponse:
    """Write an answer down."""
    page = request.page
    question = get_visible(FinalQuestion.objects.select_related("entity", "item__customer"), page.by, pk=pk)
    page.ask_first("collections.answer_final_question", question.entity)
    form = AnswerForm(request.POST, request.FILES, prefix="answer")
    if form.is_valid():
        facts = {"question": question, "on": page.today, **form.facts()}
        if carry_out(form, answer_final_question, by=page.by, **facts):
            messages.success(request, "Answered.")
            return redirect("collections:final", question.item_id)
    return _shown(request, question.item, answer=form)


def _item(request: PageRequest, pk: int) -> OpenItem:
    return get_visible(OpenItem.objects.select_related("entity", "customer__entity"), request.page.by, pk=pk)


def _shown(request: PageRequest, item: OpenItem, **refused: Any) -> HttpResponse:
    row = final_row(item, today=request.page.today)
    if row is None:  # a document that isn't the last of anybody any more, because notice was withdrawn
        return redirect("reporting:document", item.pk)
    forms = {
        "receipt": refused.get("receipt") or ReceiptForm(prefix="receipt"),
        "question": refused.get("question") or QuestionForm(prefix="question", entity=item.entity),
        "answer": refused.get("answer") or AnswerForm(prefix="answer"),
    }
    context = {"row": row, "item": item, "forms": forms}
    return shown(request, "collections/final.html", context, next(iter(refused.values()), forms["receipt"]))


def _found(page: Page, month: date | None, *, is_older: bool) -> tuple[list[FinalRow], int]:
    """The finals of a month, else those that are not paid; and how many of these are older than the list goes back."""
    if month is not None:
        return finals_of_month(page.entity, month, today=page.today), 0
    unpaid, since = unpaid_finals(page.entity, today=page.today), months_back(page.today)
    older = [row for row in unpaid if row.month_on < since]
    return older if is_older else [row for row in unpaid if row.month_on >= since], len(older)


def _fits(row: FinalRow, asked: dict[str, Any]) -> bool:
    sought = asked.get("q", "").strip().lower()
    names = (row.item.customer.name, row.item.customer.code, row.item.number)
    return (not asked.get("task") or row.task == asked["task"]) and any(sought in name.lower() for name in names)


def _workbook(page: Page, rows: Iterable[FinalRow]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("As at", str(page.today))]
    sheet = Sheet("Finals", COLUMNS, _cells(rows), notes)
    return workbook_response([sheet], f"finals-{page.entity.code}-{page.today}.xlsx")


def _cells(rows: Iterable[FinalRow]) -> Iterator[list[Cell]]:
    for row in rows:
        first, five, fifteen = row.contacts
        yield [
            row.item.customer.code,
            row.item.customer.name,
            row.month_on,
            row.left_on,
            row.item.number,
            row.item.due_on,
            row.item.currency,
            row.item.open_amount,
            first.from_on,
            first.called_on,
            first.mailed_on,
            {None: "", True: "yes", False: "no"}[row.facts.received],
            row.receipt.said_by if row.receipt else "",
            "; ".join(f"{question.get_kind_display()}: {question.text}" for question in row.open_questions),
            five.called_on,
            five.mailed_on,
            fifteen.called_on,
            fifteen.mailed_on,
            "open" if row.case else "",
            row.task.label,
        ]
