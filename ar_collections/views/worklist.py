"""The worklist: whom to contact now and why, with the call's form beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page as Rows
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from ar_collections.actions.calls import log_call
from ar_collections.actions.worklist import claim_customer, refresh_worklist
from ar_collections.forms.worklist import AssignForm, KeepViewForm, SnoozeForm
from ar_collections.models import Call, WorklistEntry
from ar_collections.queries.calls import calls_of, day_count
from ar_collections.queries.worklist import (
    VIEWS,
    Figures,
    beside,
    contacts_of,
    figures_of_list,
    found,
    in_order,
    in_view,
    seen_entries,
    to_call_first,
    why,
)
from ar_collections.views.calls import beside_the_form, call_form, items_of
from ar_collections.views.worklist_views import OwnView, asked_by, own_views, query_of, saved_views
from core import clock
from core.calendars import calendar_of
from core.forms import carry_out
from core.pages import Page, PageRequest, staff_page
from core.permissions import system_user
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer
from ledger.ageing import ageing

ROWS = 40
COLUMNS = (
    Column("Priority", 9), Column("Customer", 12), Column("Name", 34), Column("Why", 30),
    Column("Open", 14, total=True),
    Column("Overdue", 14, total=True), Column("Held back", 14, total=True), Column("At risk", 14, total=True),
    Column("Oldest due", 12), Column("Collector", 20),
)  # fmt: skip


@staff_page("collections.view")
def worklist_page(request: PageRequest) -> HttpResponseBase:
    """The customers of a view in the policy's order, the first or the chosen one opened."""
    page = request.page
    view = _view(request)
    rows = _rows(request, view)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, view, rows)
    asked = request.GET.get("customer", "")
    chosen = _chosen(request, asked) if asked.isdecimal() and len(asked) < 19 else None
    if request.htmx and chosen is not None:
        return render(request, "collections/worklist.html#panel", _panel(request, chosen))
    top = _top(request, view)
    shown = _counted(rows, top.count).get_page(request.GET.get("page"))
    if chosen is None and shown.object_list and not request.GET.get("list"):
        chosen = shown.object_list[0].customer
    return render(request, "collections/worklist.html", _context(request, top, shown, chosen))


@require_POST
@staff_page("collections.log_call")
def log(request: PageRequest, pk: int) -> HttpResponse:
    """Write the call down and go on to the next customer."""
    page = request.page
    customer = get_visible(Customer.objects.select_related("entity"), page.by, pk=pk)
    page.ask_first("collections.log_call", customer.entity)
    form = call_form(request, customer, items_of(customer, page), contacts_of(customer))
    following = request.POST.get("next", "")
    if form.is_valid():
        call = carry_out(form, log_call, by=page.by, customer=customer, log=form.log(), on=page.today)
        if call is not None:
            refresh_worklist(by=system_user(), entity=customer.entity, today=page.today, customers=[customer.pk])
            request.session["last_call"] = call.pk
            messages.success(
                request, f"{customer.name}: {call.get_outcome_display().lower()}. {call.next_step}".strip()
            )
            return redirect(_address(request, following if "go_on" in request.POST else str(pk)))
    top = _top(request, _view(request))
    shown = _counted(_rows(request, top.view), top.count).get_page(request.GET.get("page"))
    context = {**_context(request, top, shown, customer), "form": form}
    return render(request, "collections/worklist.html", context, status=422)


@require_POST
@staff_page("collections.log_call")
def claim(request: PageRequest, pk: int) -> HttpResponse:
    """Say that one is at this customer; answers with who else is."""
    page = request.page
    customer = get_visible(Customer.objects.select_related("entity"), page.by, pk=pk)
    page.ask_first("collections.log_call", customer.entity)
    held = claim_customer(by=page.by, customer=customer)
    if not request.htmx:
        return redirect(_address(request, str(pk)))
    return render(request, "collections/parts/claim.html", {"claim": held, "customer": customer})


def _view(request: PageRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "all"


def _rows(request: PageRequest, view: str) -> QuerySet[WorklistEntry]:
    page = request.page
    rows = in_view(seen_entries(page.entity, page.by), view, entity=page.entity, by=page.by, today=page.today)
    return in_order(found(rows, request.GET.get("q", "")), entity=page.entity, today=page.today)


def _chosen(request: PageRequest, asked: str) -> Customer:
    return get_visible(Customer.objects.select_related("entity", "terms"), request.page.by, pk=int(asked))


@dataclass(frozen=True, slots=True)
class Top:
    """What stands above the list, out of one statement; `count` is how many customers the list holds."""

    view: str
    words: str
    figures: Figures
    own: Sequence[OwnView]
    count: int


def _top(request: PageRequest, view: str) -> Top:
    page, words = request.page, request.GET.get("q", "")
    saved = saved_views(page.by)
    asked = [*(asked_by(each.query) for each in saved), (view, words)]
    rows = seen_entries(page.entity, page.by)
    figures = figures_of_list(rows, entity=page.entity, by=page.by, today=page.today, own=asked)
    own = own_views(saved, figures.own[:-1], query_of(view, words))
    return Top(view, words, figures, own, figures.own[-1])


def _counted(rows: QuerySet[WorklistEntry], count: int) -> Paginator[WorklistEntry]:
    """Pages of rows that were counted before."""
    pages = Paginator(rows, ROWS)
    pages.count = count
    return pages


def _context(request: PageRequest, top: Top, shown: Rows[WorklistEntry], chosen: Customer | None) -> dict[str, Any]:
    page = request.page
    listed = list(shown.object_list)
    return {
        "view": top.view,
        "tabs": [(key, label, top.figures.counts[key]) for key, label in VIEWS.items()],
        "rows": shown,
        "beside": beside(page.entity, [row.pk for row in listed], today=page.today),
        "sums": top.figures.sums,
        "count": day_count(entity=page.entity, on=page.today, agent=page.by),
        "assign": AssignForm(entity=page.entity),
        "last_call": _last_call(request),
        "query": top.words,
        "own": top.own,
        "keep": KeepViewForm(initial={"view": top.view, "q": top.words}),
        "base": _query(request),
        "carry": _query(request),
        **(_panel(request, chosen, listed) if chosen is not None else {}),
    }


def _panel(request: PageRequest, customer: Customer, listed: list[WorklistEntry] | None = None) -> dict[str, Any]:
    page = request.page
    rows = listed if listed is not None else list(_rows(request, _view(request))[:ROWS])
    keys = [row.pk for row in rows]
    after = keys[keys.index(customer.pk) + 1 :] if customer.pk in keys else keys
    entry = next((row for row in rows if row.pk == customer.pk), None)
    entry = entry or WorklistEntry.objects.filter(customer=customer).first()
    items, contacts, days = items_of(customer, page), contacts_of(customer), _next_days(page)
    return {
        "customer": customer,
        "entry": entry,
        "why": why(entry, page.entity) if entry else None,
        "balances": ageing(entities=[customer.entity], as_of=page.today, customers=[customer]),
        "contacts": to_call_first(contacts)[:3],
        "calls": calls_of(customer)[:4],
        "promises": customer.promises.order_by("-pk")[:2],
        "form": call_form(request, customer, items, contacts) if request.method == "GET" else None,
        "snooze": SnoozeForm(initial={"until_on": days[0]}),
        "days": days,
        "next": after[0] if after else "",
        "carry": _query(request),
        "now": clock.now(),
        **beside_the_form(page, customer, items),
    }


def _next_days(page: Page) -> list[Any]:
    """Days that people promise: the next business day, this Friday, in a week, in two."""
    calendar = calendar_of(page.entity)
    return [calendar.add_business_days(page.today, count) for count in (1, 3, 5, 10)]


def _last_call(request: PageRequest) -> Call | None:
    """The call that was just written down, to be taken back by a key."""
    asked = request.session.pop("last_call", None)
    return Call.objects.filter(pk=asked, agent=request.page.by, taken_back_at=None).first() if asked else None


def _query(request: PageRequest) -> str:
    kept = {name: value for name, value in request.GET.items() if name in ("view", "q", "page") and value}
    return urlencode(kept)


def _address(request: PageRequest, customer: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name in ("view", "q", "page") and value}
    return f"{reverse('collections:worklist')}?{urlencode({**kept, **({'customer': customer} if customer else {})})}"


def _workbook(page: Page, view: str, rows: QuerySet[WorklistEntry]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("As at", f"{page.today}"), ("View", VIEWS[view])]
    sheet = Sheet("Worklist", COLUMNS, _cells(page, rows), notes)
    return workbook_response([sheet], f"worklist-{page.entity.code}-{page.today}.xlsx")


def _cells(page: Page, rows: QuerySet[WorklistEntry]) -> Iterator[list[Cell]]:
    everybody = list(rows)
    names = beside(page.entity, [row.pk for row in everybody], today=page.today).collectors
    for row in everybody:
        yield [
            row.priority,
            row.customer.code,
            row.customer.name,
            row.get_tier_display(),
            row.open_amount,
            row.overdue,
            row.held,
            row.at_risk,
            row.oldest_on,
            names.get(row.pk, ""),
        ]
