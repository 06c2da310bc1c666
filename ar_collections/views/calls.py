"""Calls: the day's list, those of a customer, and the form with script and payment instructions beside it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ar_collections.actions.calls import log_call, take_back_call
from ar_collections.forms.calls import CallFilter, CallForm
from ar_collections.models import Call
from ar_collections.queries.calls import (
    SHOWN,
    CallQuestion,
    attempts_of,
    call_list,
    calls_of,
    counts_by_agent,
    day_count,
    to_return,
)
from ar_collections.queries.worklist import contacts_of
from core.forms import carry_out, shown
from core.models import LegalEntity
from core.pages import Page, PageRequest, staff_page
from core.papers import accounts_to_pay_into, in_groups
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Contact, Customer
from ledger.balances import open_items
from ledger.models import OpenItem

ROWS = 50
OFFERED = 12
COLUMNS = (
    Column("Day", 12), Column("Time", 8), Column("Customer", 12), Column("Name", 34), Column("Contact", 24),
    Column("Number", 18), Column("Direction", 10), Column("Attempt", 9), Column("Outcome", 24), Column("Reached", 9),
    Column("Collector", 20), Column("Next on", 12), Column("Note", 60),
)  # fmt: skip


@staff_page("collections.view")
def calls_page(request: PageRequest) -> HttpResponseBase:
    """The day's calls with its count, and what waits to be returned or written down."""
    page, form = request.page, CallFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    agent = page.by if asked.get("mine") else None
    view = asked.get("view") or "today"
    question = CallQuestion(page.entity, page.as_at, view, asked.get("q", "").strip(), agent)
    rows = call_list(question, by=page.by)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, question, rows)
    context = {
        "form": form,
        "question": question,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "count": day_count(entity=page.entity, on=page.as_at, agent=page.by),
        "team": counts_by_agent(entity=page.entity, on=page.as_at),
        "waiting": to_return(page.entity).count(),
    }
    return render(request, "collections/calls.html", context)


@staff_page("collections.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """The calls with a customer: a box that the account's page fetches, or a page."""
    customer = _customer(request, pk)
    rows = calls_of(customer).filter(on__lte=request.page.as_at)
    context = {"customer": customer, "calls": rows[:5] if request.htmx else rows[:200]}
    template = "collections/parts/customer_calls.html" if request.htmx else "collections/customer_calls.html"
    return render(request, template, context)


@staff_page("collections.log_call")
def log_page(request: PageRequest, pk: int) -> HttpResponse:
    """Write a call with a customer down."""
    page, customer = request.page, _customer(request, pk)
    page.ask_first("collections.log_call", customer.entity)
    told = _told(request, customer)
    items = items_of(customer, page)
    form = call_form(request, customer, items, contacts_of(customer))
    if request.method == "POST" and form.is_valid():
        call = carry_out(form, log_call, by=page.by, customer=customer, log=form.log(told), on=page.today)
        if call is not None:
            messages.success(request, f"{call.get_outcome_display()}. {call.next_step}".strip())
            return redirect("collections:customer_calls", pk)
    context = {"customer": customer, "told": told, **beside_the_form(page, customer, items)}
    return shown(request, "collections/log_call.html", context, form)


@require_POST
@staff_page("collections.view")
def take_back(request: PageRequest, pk: int) -> HttpResponse:
    """Undo a call that was written down by mistake."""
    page = request.page
    call = get_visible(Call.objects.select_related("entity"), page.by, pk=pk)
    page.ask_first("collections.log_call", call.entity)
    take_back_call(by=page.by, call=call)
    messages.success(request, "Taken back.")
    if "to_worklist" in request.POST and call.customer_id:
        return redirect(f"{reverse('collections:worklist')}?view=mine&customer={call.customer_id}")
    where = ("collections:customer_calls", call.customer_id) if call.customer_id else ("collections:calls",)
    return redirect(*where)


def call_form(request: PageRequest, customer: Customer, items: list[Any], contacts: list[Contact]) -> CallForm:
    """The form as posted, or empty with what is overdue already chosen."""
    overdue = [item for item in items if item.due_on < request.page.today]
    first = max((each for each in contacts if each.phone), key=_role, default=None)
    initial = {
        "request_id": uuid4(),
        "direction": Call.Direction.OUT,
        "contact": first,
        "amount": sum((item.open_then for item in overdue if item.currency == items[0].currency), 0) or None,
        "items": [item.pk for item in overdue],
    }
    return CallForm(request.POST or None, customer=customer, items=items, contacts=contacts, initial=initial)


def _role(contact: Contact) -> str:
    """Whoever pays comes before whom one escalates to, and these before those who get bills, as their codes do."""
    return contact.role


def items_of(customer: Customer, page: Page) -> list[Any]:
    """What the customer owes, the oldest due first."""
    owed = open_items(entity=customer.entity, as_of=page.today, customer=customer)
    return list(owed.filter(side=OpenItem.Side.DEBIT).order_by("due_on", "document_on", "pk")[:OFFERED])


def beside_the_form(page: Page, customer: Customer, items: list[Any]) -> dict[str, Any]:
    """What somebody on the telephone needs: figures, where to pay, and how often it was tried."""
    overdue = [item for item in items if item.due_on < page.today]
    tried, was_reached = attempts_of(customer, on=page.today)
    return {
        "items": items,
        "overdue": overdue,
        "oldest": overdue[0] if overdue else None,
        "account": _account(customer.entity, customer.currency),
        "reference": in_groups(customer.payment_reference),
        "tried": tried,
        "was_reached": was_reached,
    }


def _account(entity: LegalEntity, currency: str) -> Any:
    return accounts_to_pay_into(entity).get(currency)


def _told(request: PageRequest, customer: Customer) -> Call | None:
    asked = request.GET.get("call", "")
    if not asked.isdecimal() or len(asked) > 18:
        return None
    return get_visible(Call.objects.filter(entity=customer.entity), request.page.by, pk=int(asked))


def _customer(request: PageRequest, pk: int) -> Customer:
    return get_visible(Customer.objects.select_related("entity"), request.page.by, pk=pk)


def _workbook(page: Page, question: CallQuestion, rows: QuerySet[Call]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("As at", f"{page.as_at}"), ("Calls", question.view)]
    sheet = Sheet("Calls", COLUMNS, _cells(page, rows), notes)
    return workbook_response([sheet], f"calls-{page.entity.code}-{page.as_at}.xlsx")


def _cells(page: Page, rows: QuerySet[Call]) -> Iterator[list[Cell]]:
    for row in rows.select_related(*SHOWN).iterator(chunk_size=2000):
        yield [
            row.on,
            f"{row.started_at.astimezone(page.entity.zone):%H:%M}",
            row.customer.code if row.customer else "",
            row.customer.name if row.customer else "",
            row.contact.name if row.contact else "",
            row.phone,
            row.get_direction_display(),
            row.attempt,
            row.get_outcome_display(),
            "yes" if row.was_reached else "no",
            row.agent.name if row.agent else "",
            row.next_on,
            row.note,
        ]
