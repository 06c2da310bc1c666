"""The final bills of a month, and saying that they are all out."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.forms import carry_out, shown
from core.pages import Page, PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.actions import declare_finals
from invoicing.forms.billing import FinalsForm, MonthForm
from invoicing.queries.finals import LastBill, declaration_of, finals_of, left_open

COLUMNS = (
    Column("Customer", 12), Column("Name", 36), Column("Left on", 12), Column("Invoice", 18), Column("Dated", 12),
    Column("Due", 12), Column("Marked as final", 14), Column("Currency", 9), Column("Total", 14, total=True),
    Column("Open", 14, total=True),
)  # fmt: skip


@staff_page("invoicing.view")
def finals(request: PageRequest) -> HttpResponseBase:
    """The last bills of customers who leave in a month; what it still lacks while it isn't declared."""
    page = request.page
    month_on = MonthForm(page.today, request.GET).chosen
    if request.GET.get("format") == "xlsx":
        return _workbook(page, month_on, finals_of(entity=page.entity, month_on=month_on))
    return render(request, "invoicing/finals.html", {**_context(page, month_on), "form": _form(page, month_on)})


@require_POST
@staff_page("invoicing.declare_finals")
def declare(request: PageRequest) -> HttpResponse:
    """Declare a month's final billing complete."""
    page = request.page
    form = FinalsForm(page.today, request.POST)
    month_on = page.today.replace(day=1)
    if form.is_valid():
        month_on = form.cleaned_data["month_on"]
        facts = {"declared_on": page.today, **form.cleaned_data}
        if made := carry_out(form, declare_finals, by=page.by, entity=page.entity, **facts):
            messages.success(request, f"Final billing of {made.month_on:%B %Y} is declared complete.")
            return redirect(f"{reverse('invoicing:finals')}?month_on={made.month_on}")
    return shown(request, "invoicing/finals.html", _context(page, month_on), form)


def _form(page: Page, month_on: date) -> FinalsForm:
    return FinalsForm(page.today, initial={"month_on": month_on.isoformat()})


def _context(page: Page, month_on: date) -> dict[str, Any]:
    declared = declaration_of(entity=page.entity, month_on=month_on)
    return {
        "rows": finals_of(entity=page.entity, month_on=month_on),
        "month_on": month_on,
        "declared": declared,
        "lacking": [] if declared else left_open(entity=page.entity, month_on=month_on),
        "month_form": MonthForm(page.today, initial={"month_on": month_on.isoformat()}),
    }


def _workbook(page: Page, month_on: date, rows: Iterable[LastBill]) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("Month", f"{month_on:%B %Y}")]
    return workbook_response(
        [Sheet("Final bills", COLUMNS, _cells(rows), notes)], f"finals-{page.entity.code}-{month_on:%Y-%m}.xlsx"
    )


def _cells(rows: Iterable[LastBill]) -> Iterator[list[Cell]]:
    for one in rows:
        invoice = one.invoice
        yield [
            invoice.customer.code,
            invoice.customer.name,
            one.left_on,
            str(invoice.number),
            invoice.issued_on,
            invoice.due_on,
            "yes" if one.is_marked else "no",
            invoice.currency,
            invoice.gross,
            invoice.item.open_amount if invoice.item else None,
        ]
