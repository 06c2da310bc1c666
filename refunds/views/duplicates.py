"""Payments that came twice: the list, looking anew, and keeping one on account."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from refunds.actions import find_duplicates, keep_duplicate
from refunds.forms import KeepForm
from refunds.models import DuplicatePayment
from refunds.queries.duplicates import duplicates
from refunds.views.doing import carried_out

ROWS = 50
VIEWS = {"open": "To decide", "kept": "Kept on account", "refunded": "Refund asked for"}
COLUMNS = (
    Column("Receipt", 16), Column("Customer", 12), Column("Name", 30), Column("Received", 12), Column("What", 34),
    Column("Evidence", 80), Column("Kept by", 18), Column("Why", 40), Column("Currency", 9),
    Column("Amount", 14, total=True),
)  # fmt: skip


@staff_page("refunds.view")
def duplicates_page(request: PageRequest) -> HttpResponseBase:
    """Suspicions with their evidence, and what was decided."""
    page = request.page
    view = request.GET.get("view", "open")
    rows = duplicates(page.entity, view if view in VIEWS else "open")
    if request.GET.get("format") == "xlsx":
        return workbook_response([Sheet("Duplicates", COLUMNS, _cells(rows))], f"duplicate-payments-{page.today}.xlsx")
    context = {
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "view": view,
        "views": [(key, label, duplicates(page.entity, key).count()) for key, label in VIEWS.items()],
    }
    return render(request, "refunds/duplicates.html", context)


@require_POST
@staff_page("refunds.find_duplicates")
def look(request: PageRequest) -> HttpResponse:
    """Look for duplicates now."""
    page = request.page
    carried_out(request, find_duplicates, "Looked through the last 90 days.", entity=page.entity, as_of=page.today)
    return redirect("refunds:duplicates")


@require_POST
@staff_page("refunds.keep_duplicate")
def keep(request: PageRequest, pk: int) -> HttpResponse:
    """Leave the money on account, with whose consent."""
    rows = DuplicatePayment.objects.select_related("receipt__entity", "receipt__item__customer")
    found = get_visible(rows, request.page.by, pk=pk)
    form = KeepForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    carried_out(request, keep_duplicate, "It stays on account.", duplicate=found, note=note)
    return redirect("refunds:duplicates")


def _cells(rows: Any) -> Iterator[list[Cell]]:
    for row in rows:
        item = row.receipt.item
        yield [
            item.number, item.customer.code, item.customer.name, row.receipt.received_on, row.get_cause_display(),
            row.evidence, row.kept_by.name if row.kept_by else "", row.kept_note, row.receipt.currency,
            row.receipt.amount,
        ]  # fmt: skip
