"""The lists of invoices and credit notes, their saved views, and the same as workbooks."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.actions import delete_view, save_view
from core.models import SavedView
from core.money import ZERO
from core.pages import Page, PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.forms import SaveViewForm
from invoicing.models import CreditNote, Document, Invoice
from invoicing.queries.delivered import deliveries_of
from invoicing.queries.lists import (
    CREDIT_NOTES,
    INVOICES,
    CreditNoteFilter,
    InvoiceFilter,
    Rows,
    credit_note_tabs,
    invoice_tabs,
    open_amounts,
    ordered,
    page_of,
    plain_query,
    sums_of,
    sums_of_rows,
)

CHUNK = 2000
DOCUMENT_COLUMNS = (Column("Number", 18), Column("Customer", 12), Column("Name", 36), Column("Dated", 12))
FIGURE_COLUMNS = (
    Column("Currency", 9),
    Column("Net", 14, total=True),
    Column("Tax", 14, total=True),
    Column("Total", 14, total=True),
    Column("Open", 14, total=True),
)
INVOICE_COLUMNS = (
    *DOCUMENT_COLUMNS,
    Column("Due", 12),
    Column("Purchase order", 18),
    *FIGURE_COLUMNS,
    Column("Delivery", 14),
)
CREDIT_NOTE_COLUMNS = (
    *DOCUMENT_COLUMNS,
    Column("Invoice", 18),
    Column("Reason", 24),
    *FIGURE_COLUMNS,
    Column("Delivery", 14),
)


@staff_page("invoicing.view")
def invoices(request: PageRequest) -> HttpResponseBase:
    """Invoices and drafts of the chosen company: find, narrow, sort, add up, take along."""
    page = request.page
    filters = InvoiceFilter(request.GET, page.entity, page.as_at, page.today)
    rows = ordered(filters.qs.select_related("customer"), request.GET.get("sort", ""))
    if request.GET.get("format") == "xlsx":
        return _workbook(page, "invoices", INVOICE_COLUMNS, _invoice_cells(page, rows))
    if request.htmx and "sums" in request.GET:
        return render(request, "invoicing/invoices.html#sums", _sums_context(page, filters))
    shown = page_of(rows, request.GET.get("page", ""))
    left = with_open_amounts(page, shown)
    with_deliveries(shown)
    if "sums" in request.GET:
        sums = _sums_context(page, filters)["sums"]
    else:
        sums = sums_of_rows(shown, left) if shown.is_all else None
    context = {
        "rows": shown,
        "filter": filters.offered_form(),
        "sums": sums,
        "sums_url": page.url(sums="1"),
        "tabs": invoice_tabs(page.by, page.entity, request.GET, page.as_at, page.today),
        **_ticks(page),
        **_around(request, shown, INVOICES, plain_query(request.GET, InvoiceFilter)),
    }
    return render(request, "invoicing/invoices.html", context)


def _sums_context(page: Page, filters: InvoiceFilter) -> dict[str, Any]:
    return {
        "sums": sums_of(filters.qs, as_of=page.as_at, today=page.today),
        **_ticks(page),
    }


def _ticks(page: Page) -> dict[str, bool]:
    """Drafts are ticked to be issued, invoices to be credited; who may do neither has nothing to tick."""
    is_drafts = page.request.GET.get("state") == "draft"
    permission = "invoicing.issue_invoice" if is_drafts else "invoicing.draft_bulk_credit"
    return {"is_drafts": is_drafts, "may_tick": page.is_live and page.may(permission)}


@staff_page("invoicing.view")
def credit_notes(request: PageRequest) -> HttpResponseBase:
    """Credit notes and their drafts."""
    page = request.page
    filters = CreditNoteFilter(request.GET, page.entity, page.as_at, page.today)
    rows = ordered(filters.qs.select_related("customer", "invoice"), request.GET.get("sort", ""))
    if request.GET.get("format") == "xlsx":
        return _workbook(page, "credit-notes", CREDIT_NOTE_COLUMNS, _credit_note_cells(page, rows))
    shown = page_of(rows, request.GET.get("page", ""))
    with_open_amounts(page, shown)
    with_deliveries(shown)
    context = {
        "rows": shown,
        "filter": filters.form,
        "tabs": credit_note_tabs(page.by, page.entity, request.GET),
        **_around(request, shown, CREDIT_NOTES, plain_query(request.GET, CreditNoteFilter)),
    }
    return render(request, "invoicing/credit_notes.html", context)


@require_POST
@staff_page("invoicing.view")
def keep_view(request: PageRequest, page_name: str) -> HttpResponse:
    """Keep the filters of a list under a name."""
    list_name = f"invoicing:{page_name}"
    address, form = reverse(list_name), SaveViewForm(request.POST)
    if form.is_valid():
        save_view(by=request.page.by, page=list_name, **form.cleaned_data)
        messages.success(request, f"“{form.cleaned_data['name']}” stands above the list now.")
        return redirect(f"{address}?{form.cleaned_data['query']}")
    messages.error(request, "Write a name for the view.")
    return redirect(f"{address}?{urlencode({'view': 'all'})}")


@require_POST
@staff_page("invoicing.view")
def drop_view(request: PageRequest, pk: int) -> HttpResponse:
    """Drop one of one's own views."""
    view = get_object_or_404(SavedView, pk=pk, user=request.page.by, page__in=(INVOICES, CREDIT_NOTES))
    delete_view(by=request.page.by, view=view)
    messages.success(request, f"The view “{view.name}” is dropped.")
    return redirect(view.page)


def with_open_amounts(page: Page, rows: Iterable[Any]) -> dict[int, Decimal]:
    """Put beside each document what is open of it on the page's day."""
    left = open_amounts(rows, as_of=page.as_at, today=page.today)
    for row in rows:
        row.left = left.get(row.item_id, ZERO) if row.is_issued else None
    return left


def with_deliveries(rows: Iterable[Any]) -> None:
    """Put beside each document how far it has come on its way."""
    found = deliveries_of(rows)
    for row in rows:
        row.delivery_told = found.get(row.pk)


def _around(request: PageRequest, rows: Rows[Any], list_name: str, asked: dict[str, str]) -> dict[str, Any]:
    """What stands around the rows: the way to the pages beside, and the form that keeps the view."""
    return {
        "previous": request.page.url(page=rows.number - 1, sums=None) if rows.number > 1 else "",
        "next": request.page.url(page=rows.number + 1, sums=None) if rows.has_next else "",
        "is_narrowed": bool(asked),
        "list_name": list_name.partition(":")[2],
        "view_form": SaveViewForm(initial={"query": urlencode(asked)}),
    }


def _workbook(page: Page, name: str, columns: Iterable[Column], rows: Iterator[list[Cell]]) -> HttpResponseBase:
    asked = [(key, str(value)) for key, value in sorted(page.request.GET.items()) if value and key != "format"]
    notes = [("Company", page.entity.legal_name), ("As at", f"{page.as_at}"), *asked]
    sheet = Sheet(name.replace("-", " ").capitalize(), tuple(columns), rows, notes)
    return workbook_response([sheet], f"{name}-{page.entity.code}-{page.as_at}.xlsx")


def _in_chunks(page: Page, rows: QuerySet[Any]) -> Iterator[Any]:
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            with_open_amounts(page, chunk)
            with_deliveries(chunk)
            yield from chunk
            chunk = []
    with_open_amounts(page, chunk)
    with_deliveries(chunk)
    yield from chunk


def _invoice_cells(page: Page, rows: QuerySet[Invoice]) -> Iterator[list[Cell]]:
    for row in _in_chunks(page, rows):
        yield [*_head_cells(row), row.due_on, row.purchase_order, *_figure_cells(row), _told(row)]


def _credit_note_cells(page: Page, rows: QuerySet[CreditNote]) -> Iterator[list[Cell]]:
    for row in _in_chunks(page, rows):
        yield [*_head_cells(row), row.invoice.number, row.get_reason_code_display(), *_figure_cells(row), _told(row)]


def _head_cells(row: Document) -> list[Cell]:
    return [row.number or "Draft", row.customer.code, row.customer.name, row.issued_on]


def _figure_cells(row: Any) -> list[Cell]:
    return [row.currency, row.net, row.tax, row.gross, row.left or 0]


def _told(row: Any) -> str:
    return row.delivery_told.label if row.delivery_told else ""
