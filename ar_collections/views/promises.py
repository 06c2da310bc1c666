"""Promises: the list, one of them, those of a customer, taken and withdrawn, and how far people's word goes."""

from collections.abc import Iterator
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.promises import record_promise, withdraw_promise
from ar_collections.forms.promises import PromiseFilter, PromiseForm, WithdrawForm
from ar_collections.models import Promise
from ar_collections.queries.promises import (
    WHOSE,
    PromiseQuestion,
    judgements,
    promise_list,
    promise_sums,
    promises_of,
    reliability,
    with_parts,
)
from core.forms import carry_out, shown
from core.models import AuditEvent
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer
from ledger.balances import open_items
from ledger.models import OpenItem

ROWS = 50
OFFERED = 60
SHOWN_IN_BOX = 5
COLUMNS = (
    Column("Customer", 12), Column("Name", 34), Column("Promised for", 12), Column("Currency", 9),
    Column("Promised", 14, total=True), Column("Received", 14, total=True), Column("Outcome", 16),
    Column("Decided", 12),
    Column("Said by", 24), Column("Taken by", 20), Column("Taken", 12), Column("Documents", 40), Column("Note", 40),
)  # fmt: skip


@staff_page("collections.view")
def promises_page(request: PageRequest) -> HttpResponseBase:
    """What customers have promised, the next first."""
    page, form = request.page, PromiseFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    question = PromiseQuestion(
        page.entity, page.as_at, asked.get("state") or "open", asked.get("q", "").strip(), _person(request)
    )
    rows = promise_list(question, by=page.by)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, question, rows)
    context = {
        "form": form,
        "question": question,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "sums": promise_sums(rows),
        "is_narrowed": bool(question.query or question.taken_by),
    }
    return render(request, "collections/promises.html", context)


@staff_page("collections.view")
def promise_page(request: PageRequest, pk: int) -> HttpResponse:
    """One promise: what was said, what came, and how it stands as at the day of the page."""
    return _shown(request, _promise(request, pk), WithdrawForm())


@require_POST
@staff_page("collections.view")
def withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Take a promise away."""
    page, promise = request.page, _promise(request, pk)
    page.ask_first("collections.withdraw_promise", promise.entity)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        facts = {"promise": promise, "reason": form.cleaned_data["reason"], "withdrawn_on": page.today}
        if carry_out(form, withdraw_promise, by=page.by, **facts):
            messages.success(request, "Withdrawn. Its documents are collected again.")
            return redirect("collections:promise", pk)
    return _shown(request, promise, form)


@staff_page("collections.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """The promises of a customer: a box that the account's page fetches, or a page."""
    page, customer = request.page, _customer(request, pk)
    rows = promises_of(customer).filter(taken_on__lte=page.as_at)
    context = {
        "customer": customer,
        "promises": rows[:SHOWN_IN_BOX] if request.htmx else rows[:200],
        "record": reliability(Promise.objects.filter(customer=customer), whose="customer", as_of=page.as_at),
    }
    template = "collections/parts/customer_promises.html" if request.htmx else "collections/customer_promises.html"
    return render(request, template, context)


@staff_page("collections.record_promise")
def record_page(request: PageRequest, pk: int) -> HttpResponse:
    """Write down what a customer promised."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.record_promise", customer.entity)
    owed = open_items(entity=customer.entity, as_of=page.today, customer=customer).filter(side=OpenItem.Side.DEBIT)
    currencies = sorted(
        set(owed.values_list("currency", flat=True)), key=lambda each: (each != customer.currency, each)
    )
    asked = request.GET.get("currency", "")
    currency = asked if asked in currencies else (currencies or [customer.currency])[0]
    items = list(owed.filter(currency=currency).order_by("due_on", "document_on", "pk")[:OFFERED])
    ticks = {f"take_{item.pk}": item.due_on < page.today for item in items}
    form = PromiseForm(
        request.POST or None,
        customer=customer,
        currency=currency,
        items=items,
        initial={"request_id": uuid4(), **ticks},
    )
    if request.method == "POST" and form.is_valid():
        promise = carry_out(
            form, record_promise, by=page.by, customer=customer, pledge=form.pledge(), taken_on=page.today
        )
        if promise is not None:
            messages.success(request, f"Promised: {promise}. Reminders wait until {promise.until_on:%d %b %Y}.")
            return redirect("collections:promise", promise.pk)
    context = {"customer": customer, "currency": currency, "currencies": currencies}
    return shown(request, "collections/record_promise.html", context, form)


@staff_page("collections.view")
def reliability_page(request: PageRequest) -> HttpResponse:
    """How promises were kept in the year before, by customer, by contact or by collector."""
    page = request.page
    whose = request.GET.get("whose", "")
    whose = whose if whose in WHOSE else "collector"
    rows = reliability(Promise.objects.visible_to(page.by).filter(entity=page.entity), whose=whose, as_of=page.as_at)
    context = {"whose": whose, "kinds": WHOSE, "rows": Paginator(rows, ROWS).get_page(request.GET.get("page"))}
    return render(request, "collections/reliability.html", context)


def _promise(request: PageRequest, pk: int) -> Promise:
    return get_visible(with_parts(Promise.objects.all()), request.page.by, pk=pk)


def _customer(request: PageRequest, pk: int) -> Customer:
    return get_visible(Customer.objects.select_related("entity"), request.page.by, pk=pk)


def _person(request: PageRequest) -> int | None:
    asked = request.GET.get("taken_by", "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else None


def _shown(request: PageRequest, promise: Promise, form: WithdrawForm) -> HttpResponse:
    happened = AuditEvent.objects.filter(object_type="collections.promise", object_id=str(promise.pk))
    judged = judgements([promise], as_of=request.page.as_at)[promise.pk]
    context = {
        "promise": promise,
        "judged": judged,
        "instalments": list(zip(promise.instalments.all(), judged.instalments, strict=True)),
        "events": happened.select_related("by"),
    }
    return shown(request, "collections/promise.html", context, form)


def _workbook(page: Page, question: PromiseQuestion, rows: QuerySet[Promise]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("As at", f"{page.as_at}"), ("State", question.state)]
    sheet = Sheet("Promises", COLUMNS, _cells(rows), notes)
    return workbook_response([sheet], f"promises-{page.entity.code}-{page.as_at}.xlsx")


def _cells(rows: QuerySet[Promise]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        yield [
            row.customer.code,
            row.customer.name,
            row.due_on,
            row.currency,
            row.amount,
            row.received,
            row.get_outcome_display(),
            row.ended_on,
            row.said_by,
            row.taken_by.name,
            row.taken_on,
            ", ".join(part.item.number for part in row.items.all()),
            row.note,
        ]
