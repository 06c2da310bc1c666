"""The list of contracts, the page of one, and what is done to it by one button."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, Refused
from core.files import LARGEST_FILE, FileRefused
from core.forms import day_in
from core.models import User
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.actions import (
    activate_contract,
    attach_contract_file,
    discard_contract,
    give_notice,
    withdraw_notice,
)
from invoicing.forms.amendments import TITLES, NoticeForm
from invoicing.forms.contracts import ContractFileForm
from invoicing.models import Contract, ContractFile
from invoicing.notice import latest_notice_on
from invoicing.queries.contracts import (
    ContractFilter,
    contracts_in_order,
    history_of_contract,
    page_of_contract,
    value_of,
)

ROWS = 50
COMING_SHOWN = 36
COLUMNS = (
    Column("Number", 18), Column("Customer", 12), Column("Name", 36), Column("Kind", 18), Column("Starts", 12),
    Column("Last day", 12), Column("Renews", 8), Column("Notice given", 12), Column("State", 10), Column("Source", 12),
    Column("Source’s id", 18), Column("Currency", 9), Column("A year", 14, total=True),
)  # fmt: skip


@staff_page("invoicing.view")
def contracts(request: PageRequest) -> HttpResponseBase:
    """Contracts of the chosen company: find, narrow, sort, take along."""
    page = request.page
    filters = ContractFilter(request.GET, page.entity, page.as_at)
    rows = contracts_in_order(filters.qs, request.GET.get("sort", ""))
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Contracts", COLUMNS, _cells(request, rows), [("Company", page.entity.legal_name)])
        return workbook_response([sheet], f"contracts-{page.entity.code}-{page.as_at}.xlsx")
    shown = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    is_narrowed = any(request.GET.get(name) for name in ("q", "state", "kind", "customer"))
    context = {
        "rows": shown,
        "listed": [(row, value_of(row, page.as_at)) for row in shown],
        "filter": filters.form,
        "is_narrowed": is_narrowed,
    }
    return render(request, "invoicing/contracts.html", context)


def _cells(request: PageRequest, rows: QuerySet[Contract]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=1000):
        head: list[Cell] = [row.number, row.customer.code, row.customer.name, row.get_kind_display()]
        days: list[Cell] = [row.starts_on, row.ends_on, "yes" if row.renews else "no", row.notice_given_on]
        state = "Active" if row.is_active else "Draft"
        value = value_of(row, request.page.as_at)
        yield [*head, *days, state, row.source, row.source_id or "", row.currency, value]


@staff_page("invoicing.view")
def contract(request: PageRequest, pk: int) -> HttpResponse:
    """Its lines as a history, what was billed for which days, what comes next, and what may be done."""
    page, found = request.page, opened(request, pk)
    history = page_of_contract(found, as_of=page.as_at)
    context = {
        "contract": found,
        "found": history,
        "coming": [(one, one.net(found.currency)) for one in history.coming[:COMING_SHOWN]],
        "more_coming": max(0, len(history.coming) - COMING_SHOWN),
        "notice_by": latest_notice_on(found),
        "files": found.files.select_related("file", "attached_by"),
        "quotes": found.quotes.select_related("file", "quoted_by"),
        "history": history_of_contract(found),
        "changes_offered": [(kind, title) for kind, title in TITLES.items() if kind != "buy_out" or _is_lease(found)],
        "notice_form": NoticeForm(initial={"given_on": page.today}),
        "file_form": ContractFileForm(),
    }
    return render(request, "invoicing/contract.html", context)


@require_POST
@staff_page("invoicing.view")
def activate(request: PageRequest, pk: int) -> HttpResponse:
    """Let it bill."""
    return _done(request, pk, activate_contract, "{} is active and bills from its first day.")


@require_POST
@staff_page("invoicing.view")
def discard(request: PageRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    found = opened(request, pk)
    try:
        discard_contract(by=request.page.by, contract=found)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("invoicing:contract", pk)
    messages.success(request, f"{found} is discarded. The audit trail keeps that there was one.")
    return redirect("invoicing:contracts")


@require_POST
@staff_page("invoicing.view")
def notice(request: PageRequest, pk: int) -> HttpResponse:
    """It isn't to go on after its term."""
    page = request.page
    page.ask_first("invoicing.give_notice", opened(request, pk).entity)
    form = NoticeForm(request.POST)
    given_on = day_in(form, "given_on", page.today)
    facts = {**form.cleaned_data, "given_on": given_on}
    return _done(request, pk, give_notice, "Notice is recorded; {} ends with its term.", **facts)


@require_POST
@staff_page("invoicing.view")
def take_notice_back(request: PageRequest, pk: int) -> HttpResponse:
    """It goes on after all."""
    return _done(request, pk, withdraw_notice, "Notice is taken back on {}.")


@require_POST
@staff_page("invoicing.view")
def attach(request: PageRequest, pk: int) -> HttpResponse:
    """Keep a file at the contract."""
    page, found = request.page, opened(request, pk)
    page.ask_first("invoicing.attach_contract_file", found.entity)
    form = ContractFileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Choose a file to attach.")
        return redirect("invoicing:contract", pk)
    return _done(request, pk, _attach, "The file is kept at {}.", **form.cleaned_data)


def _attach(*, by: User, contract: Contract, file: UploadedFile[Any], kind: str, note: str) -> ContractFile:
    if (file.size or 0) > LARGEST_FILE:
        raise FileRefused(f"{file.name} is too large; up to {LARGEST_FILE // 1024 // 1024} MB are taken.")
    name = file.name or "file"
    return attach_contract_file(by=by, contract=contract, name=name, content=file.read(), kind=kind, note=note)


def opened(request: PageRequest, pk: int) -> Contract:
    """The contract, with the page turned to its company."""
    rows = Contract.objects.select_related("entity", "customer__terms", "terms", "drafted_by")
    found = get_visible(rows, request.page.by, pk=pk)
    request.page.entity = found.entity
    return found


def _done(request: PageRequest, pk: int, action: Callable[..., Any], sentence: str, **facts: Any) -> HttpResponse:
    """Carry an action out and go back to the contract, with what was done or why not."""
    found = opened(request, pk)
    try:
        action(by=request.page.by, contract=found, **facts)
        messages.success(request, sentence.format(found))
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("invoicing:contract", pk)


def _is_lease(contract: Contract) -> bool:
    return contract.kind == Contract.Kind.LEASE
