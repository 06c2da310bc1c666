"""Remittances: the lists, and one with its lines beside what is open."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.remittances import give_up_remittance, tie_remittance, untie_remittance
from cashapp.forms.remittances import TieForm, WhyForm
from cashapp.models import MatchTask, Remittance
from cashapp.queries.money import live_receipts
from cashapp.queries.remittance_documents import state_of
from cashapp.queries.remittances import (
    VIEWS,
    differences_of,
    found_remittances,
    in_view,
    lines_beside,
    remittances_of,
    suggested_lines,
)
from core.forms import Form, carry_out
from core.models import AuditEvent
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

PAGE_SIZE = 50
SHOWN_LINES = 200
COLUMNS = [
    Column("Reference", 24),
    Column("Trace", 24),
    Column("Paid on", 12),
    Column("Payer", 36),
    Column("Customer", 12),
    Column("Format", 16),
    Column("Currency", 10),
    Column("Total", 16),
    Column("State", 20),
]
LINE_COLUMNS = [
    Column("Document", 20),
    Column("Purchase order", 18),
    Column("Recognised as", 20),
    Column("Gross", 14, total=True),
    Column("Discount", 14, total=True),
    Column("Kept back", 14, total=True),
    Column("Why", 40),
    Column("Paid", 14, total=True),
    Column("Open", 14),
    Column("Differences", 40),
]


@staff_page("cashapp.view")
def remittances_page(request: PageRequest) -> HttpResponseBase:
    """What payers said, the latest first."""
    page = request.page
    view, query = request.GET.get("view", ""), request.GET.get("q", "").strip()
    every = remittances_of(page.entity, page.by)
    rows = found_remittances(in_view(every, view), query)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Remittances", COLUMNS, _cells(rows.iterator(chunk_size=2000)), [("Company", page.entity.name)])
        return workbook_response([sheet], f"remittances-{page.entity.code}-{page.today}.xlsx")
    context = {
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query,
        "view": view,
        "views": [(value, label, in_view(every, value).count()) for value, label in VIEWS],
        "is_filtered": bool(query or view),
        "all_url": page.url(view=None, q=None, page=None),
    }
    return render(request, "cashapp/remittances.html", context)


def _cells(rows: Iterable[Any]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.reference,
            row.trace,
            row.paid_on,
            row.payer,
            row.customer.code if row.customer else "",
            row.file_format,
            row.currency,
            row.total,
            _state_words(row),
        ]


def _state_words(row: Any) -> str:
    if row.is_given_up:
        return "Given up"
    if row.receipt_id:
        return "Booked"
    state = "Tied" if row.line_id else "Waiting for its money"
    return f"{state}, with differences" if row.differs else state


@staff_page("cashapp.view")
def remittance_page(request: PageRequest, pk: int) -> HttpResponse:
    """One remittance: its lines beside what is open, its money, and what doesn't fit."""
    return _shown(request, _remittance(request, pk))


@staff_page("cashapp.view")
def remittance_workbook(request: PageRequest, pk: int) -> HttpResponseBase:
    """The lines of a remittance as a workbook."""
    remittance = _remittance(request, pk)
    rows = (
        [
            each.line.number,
            each.line.purchase_order,
            each.line.item.number if each.line.item else "",
            each.line.gross,
            each.line.discount,
            sum((kept["amount"] for kept in each.deducted), start=0) or None,
            "; ".join(f"{kept['reason']}: {kept['words']}".rstrip(": ") for kept in each.deducted),
            each.line.paid,
            each.line.item.open_amount if each.line.item else None,
            "; ".join(each.differences),
        ]
        for each in lines_beside(remittance, is_booked=False)
    )
    notes = [("Company", remittance.entity.name), ("Payer", remittance.payer), ("Trace", remittance.trace)]
    return workbook_response([Sheet("Lines", LINE_COLUMNS, rows, notes)], f"remittance {remittance}.xlsx")


# Tying ---------------------------------------------------------------------------------------------------------------


@require_POST
@staff_page("cashapp.view")
def tie(request: PageRequest, pk: int) -> HttpResponse:
    """Say which bank line is its money."""
    remittance = _remittance(request, pk)
    request.page.ask_first("cashapp.tie_remittance", remittance.entity)
    form = TieForm(suggested_lines(remittance), request.POST)
    if form.is_valid():
        line = form.cleaned_data["line"]
        made = carry_out(form, tie_remittance, by=request.page.by, remittance=remittance, line=line)
        if made is not None:
            messages.success(request, f"Tied to {line}.")
            return redirect("cashapp:remittance", remittance.pk)
    return _shown(request, remittance, tie_form=form)


@require_POST
@staff_page("cashapp.view")
def untie(request: PageRequest, pk: int) -> HttpResponse:
    """Take it and its bank line apart."""
    remittance = _remittance(request, pk)
    request.page.ask_first("cashapp.untie_remittance", remittance.entity)
    form = WhyForm(request.POST, prefix="untie")
    if form.is_valid():
        why = form.cleaned_data["reason"]
        if carry_out(form, untie_remittance, by=request.page.by, remittance=remittance, reason=why):
            messages.success(request, "Taken apart. The bank line is matched without it.")
            return redirect("cashapp:remittance", remittance.pk)
    return _shown(request, remittance, untie_form=form)


@require_POST
@staff_page("cashapp.view")
def give_up(request: PageRequest, pk: int) -> HttpResponse:
    """Stop waiting for its money."""
    remittance = _remittance(request, pk)
    request.page.ask_first("cashapp.give_up_remittance", remittance.entity)
    form = WhyForm(request.POST, prefix="give_up")
    if form.is_valid():
        why = form.cleaned_data["reason"]
        if carry_out(form, give_up_remittance, by=request.page.by, remittance=remittance, reason=why):
            messages.success(request, f"{remittance} is given up.")
            return redirect("cashapp:remittance", remittance.pk)
    return _shown(request, remittance, give_up_form=form)


# Reading -------------------------------------------------------------------------------------------------------------


def _remittance(request: PageRequest, pk: int) -> Remittance:
    rows = Remittance.objects.select_related("entity", "customer", "file", "taken_in_by", "given_up_by")
    return get_visible(rows, request.page.by, pk=pk)


def _shown(request: PageRequest, remittance: Remittance, **forms: Form) -> HttpResponse:
    page = request.page
    tie = remittance.ties.filter(ended_at=None).select_related("line__bank_account", "tied_by").first()
    state = state_of(remittance, tie)
    beside = lines_beside(remittance, state == "booked")
    is_open = page.is_live and not remittance.is_given_up
    waits = is_open and tie is None
    suggested = suggested_lines(remittance) if waits else []
    context: dict[str, Any] = {
        "remittance": remittance,
        "tie": tie,
        "state": state,
        "task": MatchTask.objects.filter(pk=tie.line_id).first() if tie else None,
        "receipts": live_receipts(tie.line) if tie else [],
        "lines": Paginator(beside, SHOWN_LINES).get_page(request.GET.get("page")),
        "differences": differences_of(remittance, beside, tie.line if tie else None),
        "events": AuditEvent.objects.filter(
            object_type="cashapp.remittance", object_id=str(remittance.pk)
        ).select_related("by"),
        "suggested": suggested,
        "tie_form": TieForm(suggested) if suggested and page.may("cashapp.tie_remittance") else None,
        "untie_form": WhyForm(prefix="untie") if _may_untie(page, tie, state, is_open) else None,
        "give_up_form": WhyForm(prefix="give_up") if waits and page.may("cashapp.give_up_remittance") else None,
    }
    status = 422 if forms else 200
    return render(request, "cashapp/remittance.html", {**context, **forms, "refused": forms}, status=status)


def _may_untie(page: Any, tie: object, state: str, is_open: bool) -> bool:
    return is_open and tie is not None and state == "tied" and bool(page.may("cashapp.untie_remittance"))
