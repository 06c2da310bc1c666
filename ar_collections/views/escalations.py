"""Escalations: the list, one of them, raised from a customer, answered, handed over."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.escalations import answer_escalation, raise_escalation
from ar_collections.actions.handovers import hand_over_to_lawyers
from ar_collections.escalation import Advice
from ar_collections.forms.escalations import VIEWS, AnswerForm, EscalationFilter, EscalationForm, HandOverForm
from ar_collections.models import Escalation
from ar_collections.papers.case_summary import pdf_of_summary, summary_name
from ar_collections.queries.answering import asked_now
from ar_collections.queries.escalations import (
    SHOWN,
    EscalationQuestion,
    escalation_list,
    escalations_of,
    handover_of,
    handover_run,
    summary_of,
)
from ar_collections.tasks import put_legal_pack_together
from core.forms import carry_out, shown
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer

ROWS = 50
COLUMNS = (
    Column("Customer", 12), Column("Name", 34), Column("Why", 24), Column("Raised", 12), Column("By", 20),
    Column("Who answers", 20), Column("Answer by", 12), Column("Recommended", 28), Column("Because", 50),
    Column("Decided", 28), Column("Answer", 50), Column("Answered", 12), Column("Handed over to", 30),
)  # fmt: skip


@staff_page("collections.view")
def escalations_page(request: PageRequest) -> HttpResponseBase:
    """Customers laid before managers, those that wait first."""
    page, form = request.page, EscalationFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    question = EscalationQuestion(page.entity, asked.get("view") or "open", asked.get("q", "").strip())
    rows = escalation_list(question, by=page.by)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, question, rows)
    context = {
        "question": question,
        "views": list(VIEWS.items()),
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "collections/escalations.html", context)


@staff_page("collections.view")
def escalation_page(request: PageRequest, pk: int) -> HttpResponse:
    """One escalation: the page as it was written, the answer, the hand-over."""
    return _shown(request, _escalation(request, pk))


@staff_page("collections.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """The escalations of a customer: a box that the account's page fetches, or a page."""
    customer = _customer(request, pk)
    folder = "collections/parts" if request.htmx else "collections"
    context = {"customer": customer, "escalations": escalations_of(customer)[:10]}
    return render(request, f"{folder}/customer_escalations.html", context)


@staff_page("collections.view")
def summary(request: PageRequest, pk: int) -> HttpResponse:
    """The page about a customer as it would be written now."""
    customer, today = _customer(request, pk), request.page.today
    pdf = pdf_of_summary(customer, summary_of(customer, on=today), on=today)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{summary_name(customer, today)}"'
    return response


@staff_page("collections.raise_escalation")
def raise_page(request: PageRequest, pk: int) -> HttpResponse:
    """Lay a customer before a manager, with the page beside the form."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.raise_escalation", customer.entity)
    form = EscalationForm(request.POST or None, entity=customer.entity)
    if request.method == "POST" and form.is_valid():
        facts = {"customer": customer, "plea": form.plea(), "on": page.today}
        if (escalation := carry_out(form, raise_escalation, by=page.by, **facts)) is not None:
            messages.success(request, f"{escalation.asked.name} answers by {escalation.answer_by:%d %b %Y}.")
            return redirect("collections:escalation", escalation.pk)
    context = {"customer": customer, "summary": summary_of(customer, on=page.today)}
    return shown(request, "collections/raise_escalation.html", context, form)


@require_POST
@staff_page("collections.view")
def answer(request: PageRequest, pk: int) -> HttpResponse:
    """Answer."""
    page, escalation = request.page, _escalation(request, pk)
    page.ask_first("collections.answer_escalation", escalation.entity)
    form = AnswerForm(request.POST, prefix="answer")
    if form.is_valid():
        facts = {"decision": Advice(form.cleaned_data["decision"]), "answer": form.cleaned_data["answer"]}
        if carry_out(form, answer_escalation, by=page.by, escalation=escalation, on=page.today, **facts):
            messages.success(request, f"Answered. {escalation.raised_by.name} is told.")
            return redirect("collections:escalation", pk)
    return _shown(request, escalation, answer=form)


@require_POST
@staff_page("collections.view")
def hand_over(request: PageRequest, pk: int) -> HttpResponse:
    """Hand a customer over to lawyers."""
    page, escalation = request.page, _escalation(request, pk)
    page.ask_first("collections.hand_over_to_lawyers", escalation.entity)
    form = HandOverForm(request.POST, prefix="hand_over")
    if form.is_valid():
        facts = {"escalation": escalation, "on": page.today, **form.cleaned_data}
        if (run := carry_out(form, hand_over_to_lawyers, by=page.by, **facts)) is not None:
            put_legal_pack_together.delay(run.pk)
            messages.success(request, "Handed over: nobody is reminded any more. The pack is put together now.")
            return redirect("collections:escalation", pk)
    return _shown(request, escalation, hand_over=form)


def _escalation(request: PageRequest, pk: int) -> Escalation:
    return get_visible(Escalation.objects.select_related(*SHOWN), request.page.by, pk=pk)


def _customer(request: PageRequest, pk: int) -> Customer:
    return get_visible(Customer.objects.select_related("entity", "terms"), request.page.by, pk=pk)


def _shown(request: PageRequest, escalation: Escalation, **refused: Any) -> HttpResponse:
    forms = {
        "answer": refused.get("answer") or AnswerForm(prefix="answer", initial={"decision": escalation.advice}),
        "hand_over": refused.get("hand_over") or HandOverForm(prefix="hand_over"),
    }
    context = {
        "escalation": escalation,
        "handover": handover_of(escalation),
        "run": handover_run(escalation),
        "asked_now": asked_now(escalation.entity, [escalation])[escalation.pk] if escalation.is_open else [],
        "forms": forms,
    }
    return shown(request, "collections/escalation.html", context, next(iter(refused.values()), forms["answer"]))


def _workbook(page: Page, question: EscalationQuestion, rows: QuerySet[Escalation]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("Shows", VIEWS[question.view]), ("As at", str(page.today))]
    sheet = Sheet("Escalations", COLUMNS, _cells(rows), notes)
    return workbook_response([sheet], f"escalations-{page.entity.code}-{page.today}.xlsx")


def _cells(rows: QuerySet[Escalation]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        handover = getattr(row, "handover", None)
        yield [
            row.customer.code,
            row.customer.name,
            row.get_trigger_display(),
            row.raised_on,
            row.raised_by.name,
            row.asked.name,
            row.answer_by,
            row.get_advice_display(),
            row.because,
            row.get_decision_display(),
            row.answer,
            row.answered_on,
            handover.to_whom if handover else "",
        ]
