"""Tolerances and withholding taxes, and what was let go under them."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.tolerances import end_tolerance, end_withholding, set_tolerance, set_withholding
from cashapp.forms.rules import SpanForm, ToleranceForm, WithholdingForm
from cashapp.models import Tolerance, WithholdingPattern
from cashapp.queries.shortages import LetGo, small_write_offs
from core.forms import Form, carry_out
from core.money import ZERO, Money
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Column, Sheet, workbook_response

COLUMNS = (
    Column("Month", 12), Column("Customer", 12), Column("Name", 34), Column("Class", 18), Column("Currency", 9),
    Column("How many", 10, number_format="0"), Column("Under a tolerance", 16), Column("Decided by people", 16),
    Column("Together", 14), Column("Cap of the month", 16),
)  # fmt: skip


@staff_page("cashapp.view")
def tolerances_page(request: PageRequest) -> HttpResponse:
    """How much may be missing, and which taxes are kept back by law."""
    return _shown(request)


@require_POST
@staff_page("cashapp.view")
def set_(request: PageRequest) -> HttpResponse:
    """Set a tolerance."""
    page = request.page
    page.ask_first("cashapp.set_tolerance")
    form = ToleranceForm(request.POST, entity=page.entity)
    found = None
    if form.is_valid():
        found = carry_out(form, set_tolerance, by=page.by, entity=page.entity, bounds=form.bounds())
    if found is not None:
        messages.success(request, "Set. It holds for what is decided from now on.")
        return redirect("cashapp:tolerances")
    return _shown(request, form=form)


@require_POST
@staff_page("cashapp.view")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """End a tolerance."""
    tolerance = get_visible(Tolerance.objects.select_related("entity"), request.page.by, pk=pk)
    end_tolerance(by=request.page.by, tolerance=tolerance)
    messages.success(request, f"Ended: {tolerance}.")
    return redirect("cashapp:tolerances")


@require_POST
@staff_page("cashapp.view")
def set_tax(request: PageRequest) -> HttpResponse:
    """Set a tax that is kept back by law."""
    page = request.page
    page.ask_first("cashapp.set_withholding")
    form = WithholdingForm(request.POST, by=page.by, entity=page.entity, prefix="tax")
    if form.is_valid():
        facts = {**form.cleaned_data, "base": WithholdingPattern.Base(form.cleaned_data["base"])}
        if carry_out(form, set_withholding, by=page.by, entity=page.entity, **facts):
            messages.success(request, "Set. The desk offers it where the figures fit to the cent.")
            return redirect("cashapp:tolerances")
    return _shown(request, tax_form=form)


@require_POST
@staff_page("cashapp.view")
def end_tax(request: PageRequest, pk: int) -> HttpResponse:
    """No longer offer a tax."""
    pattern = get_visible(WithholdingPattern.objects.select_related("entity"), request.page.by, pk=pk)
    end_withholding(by=request.page.by, pattern=pattern)
    messages.success(request, f"Ended: {pattern}.")
    return redirect("cashapp:tolerances")


@staff_page("cashapp.view")
def let_go_page(request: PageRequest) -> HttpResponseBase:
    """What was let go in small differences and bank charges, per customer and month."""
    page = request.page
    form = SpanForm(request.GET if "from_on" in request.GET else None, initial=_this_year(page.as_at))
    days = form.cleaned_data if form.is_valid() else _this_year(page.as_at)
    rows = small_write_offs(page.entity, **days)
    if request.GET.get("format") == "xlsx":
        notes = [("Company", page.entity.legal_name), ("From", f"{days['from_on']} to {days['until_on']}")]
        sheet = Sheet("Small differences", COLUMNS, map(_cells, rows), notes)
        return workbook_response([sheet], f"small-differences-{page.entity.code}-{days['until_on']}.xlsx")
    context = {"form": form, "rows": rows, "sums": _sums(rows), "tab": "tolerances"}
    return render(request, "cashapp/small_differences.html", context)


def _this_year(today: date) -> dict[str, date]:
    return {"from_on": (today - timedelta(days=365)).replace(day=1), "until_on": today}


def _cells(row: LetGo) -> list[Any]:
    figures = (row.count, row.under_tolerance, row.by_people, row.total, row.cap)
    return [row.month, row.customer.code, row.customer.name, row.customer.segment, row.currency, *figures]


def _sums(rows: list[LetGo]) -> list[Money]:
    totals: dict[str, Any] = {}
    for row in rows:
        totals[row.currency] = totals.get(row.currency, ZERO) + row.total
    return [Money(total, currency) for currency, total in sorted(totals.items())]


def _shown(request: PageRequest, form: Form | None = None, tax_form: Form | None = None) -> HttpResponse:
    page = request.page
    tolerances = Tolerance.objects.visible_to(page.by).filter(entity=page.entity).select_related("set_by", "ended_by")
    patterns = WithholdingPattern.objects.visible_to(page.by).filter(entity=page.entity, ended_at=None)
    context = {
        "tolerances": tolerances.filter(ended_at=None),
        "ended": tolerances.exclude(ended_at=None).order_by("-ended_at")[:20],
        "patterns": patterns.select_related("customer", "set_by"),
        "form": form or ToleranceForm(entity=page.entity, initial={"currency": page.entity.currency}),
        "tax_form": tax_form or WithholdingForm(by=page.by, entity=page.entity, prefix="tax"),
        "tab": "tolerances",
    }
    return render(request, "cashapp/tolerances.html", context, status=422 if form or tax_form else 200)
