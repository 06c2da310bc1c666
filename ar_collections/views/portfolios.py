"""Portfolios: what each collector has, who had whom, customers handed over with a preview, rules and covers."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from ar_collections.actions.portfolios import reassign_customers
from ar_collections.forms.portfolios import EVERYBODY, NOBODY, HistoryForm, MoveForm
from ar_collections.models import WorkAssignment
from ar_collections.portfolios import Features, Rule, shared_out
from ar_collections.queries.portfolios import (
    Load,
    Move,
    assignments_of,
    assignments_on,
    assignments_on_now,
    features_of,
    loads,
    moves_of,
    sums_of_moves,
)
from core.forms import carry_out, shown
from core.keys import key_in
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.models import Customer

ROWS = 100
LOADS = (
    Column("Collector", 24), Column("Customers", 11, total=True, number_format="0"),
    Column("Owing", 9, total=True, number_format="0"), Column("Open", 16, total=True),
    Column("Past due", 16, total=True), Column("Over 31 days", 16, total=True),
    Column("To contact", 11, total=True, number_format="0"), Column("Covered by", 24),
)  # fmt: skip
HISTORY = (
    Column("Customer", 12), Column("Name", 34), Column("Collector", 24), Column("Since", 18), Column("Until", 18),
    Column("By", 24), Column("How", 30),
)  # fmt: skip


@staff_page("collections.view")
def portfolios_page(request: PageRequest) -> HttpResponseBase:
    """Every collector with customers, open, past due and whom to contact today."""
    page = request.page
    rows = loads(page.entity, by=page.by, today=page.today)
    if request.GET.get("format") == "xlsx":
        notes = [("Company", page.entity.legal_name), ("As at", f"{page.today}"), ("Currency", page.entity.currency)]
        sheet = Sheet("Load", LOADS, _loads(rows), notes)
        return workbook_response([sheet], f"portfolios-{page.entity.code}-{page.today}.xlsx")
    return render(request, "collections/portfolios.html", {"loads": rows})


@staff_page("collections.view")
def history_page(request: PageRequest) -> HttpResponseBase:
    """Whose each customer was at the end of a day."""
    page = request.page
    form = HistoryForm(request.GET, entity=page.entity)
    asked = form.cleaned_data if form.is_valid() else {}
    on: date = asked.get("on") or page.today
    person = asked.get("collector")
    rows = assignments_on(page.entity, on, collector=person.pk if person else None)
    if request.GET.get("format") == "xlsx":
        notes = [("Company", page.entity.legal_name), ("At the end of", f"{on}")]
        sheet = Sheet("Who had whom", HISTORY, _history(page, rows), notes)
        return workbook_response([sheet], f"who-had-whom-{page.entity.code}-{on}.xlsx")
    context = {"form": form, "on": on, "rows": Paginator(rows, ROWS).get_page(request.GET.get("page"))}
    return render(request, "collections/portfolio_history.html", context)


@staff_page("collections.view")
def of_customer(request: PageRequest, pk: int) -> HttpResponse:
    """Whose a customer ever was."""
    customer = get_visible(Customer.objects.select_related("entity"), request.page.by, pk=pk)
    context = {"customer": customer, "rows": assignments_of(customer)}
    return render(request, "collections/customer_collectors.html", context)


@staff_page("collections.assign_customers")
def move_page(request: PageRequest) -> HttpResponse:
    """Hand many customers over: first the preview, which names each of them, then all or none."""
    page = request.page
    page.ask_first("collections.assign_customers")
    form = MoveForm(request.POST or None, entity=page.entity)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        moves = _moves(request, form)
        if "move" in request.POST and form.is_valid():
            facts = {"entity": page.entity, "moves": moves, "reason": form.cleaned_data["reason"]}
            if (made := carry_out(form, reassign_customers, by=page.by, **facts)) is not None:
                messages.success(request, f"{len(made)} customers are handed over, under one line of the audit trail.")
                return redirect("collections:portfolios")
        context = {"moves": moves, "sums": sums_of_moves(moves), "agreed": _written(moves), "is_planned": True}
    return shown(request, "collections/move_customers.html", context, form)


def _moves(request: PageRequest, form: MoveForm) -> list[Move]:
    """What the preview showed, or what the form asks for."""
    page = request.page
    plan = _agreed(request) if "move" in request.POST else _plan(page, form.cleaned_data)
    return carry_out(form, moves_of, entity=page.entity, plan=plan) or []


def _plan(page: Page, asked: dict[str, Any]) -> dict[int, int]:
    """Who goes to whom: what fits of one collector's customers, of nobody's or of everybody's, shared out."""
    held = dict(assignments_on_now(page.entity).values_list("customer_id", "collector_id"))
    rule = Rule(
        0, 0, [asked["country"].upper()] if asked["country"] else [], asked["first_letter"].upper(),
        asked["last_letter"].upper(), asked["segment"],
    )  # fmt: skip
    found = [each for each in features_of(page.entity) if _is_of(each, asked["source"], held) and rule.fits(each)]
    return shared_out(found, [person.pk for person in asked["to"]])


def _is_of(customer: Features, source: str, held: dict[int, int]) -> bool:
    if source == EVERYBODY:
        return True
    return held.get(customer.key) == (None if source == NOBODY else key_in(source))


def _written(moves: list[Move]) -> str:
    return ",".join(f"{move.customer.pk}:{move.collector.pk}" for move in moves)


def _agreed(request: PageRequest) -> dict[int, int]:
    """What the preview showed: that, and nothing worked out anew, is what happens."""
    pairs = (pair.partition(":") for pair in request.POST.get("agreed", "").split(","))
    keys = ((key_in(one), key_in(two)) for one, _, two in pairs)
    return {one: two for one, two in keys if one is not None and two is not None}


def _loads(rows: list[Load]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.person.name if row.person else "Nobody",
            row.customers,
            row.owing,
            row.open,
            row.overdue,
            row.over_31,
            row.calls,
            row.cover.cover.name if row.cover else "",
        ]


def _history(page: Page, rows: QuerySet[WorkAssignment]) -> Iterator[list[Cell]]:
    zone = page.entity.zone
    for row in rows.iterator(chunk_size=2000):
        yield [
            row.customer.code,
            row.customer.name,
            row.collector.name,
            row.assigned_at.astimezone(zone),
            row.ended_at.astimezone(zone) if row.ended_at else None,
            row.assigned_by.name,
            f"by rule: {row.rule}" if row.rule else "by hand",
        ]
