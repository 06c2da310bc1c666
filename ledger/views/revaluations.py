"""The revaluation of a month: what it would post, what it has posted, item by item, and that both tie."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from core.forms import carry_out, shown
from core.models import Run
from core.pages import PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response
from ledger.actions import start_revaluation
from ledger.actions.revaluing import ITEMS_AT_ONCE, KIND
from ledger.forms import RevaluationForm
from ledger.models import Revaluation, RevaluedItem
from ledger.periods import last_of_month
from ledger.revaluing import CurrencyWorking, customers_in_foreign_currency, preview, tie_of
from ledger.tasks import revalue_month

ROWS = 100
COLUMNS = (
    Column("Customer", 12), Column("Name", 30), Column("Document", 18), Column("Kind", 14), Column("Currency", 9),
    Column("Open", 16), Column("In books", 16), Column("Rate", 12, number_format="0.00000000"),
    Column("At closing rate", 16), Column("Posted", 14), Column("Entry", 12), Column("Taken back by", 12),
)  # fmt: skip


@staff_page("ledger.view")
def revaluation_page(request: PageRequest) -> HttpResponseBase:
    """A month's working; a POST starts its run."""
    page = request.page
    last_month = page.today.replace(day=1) - timedelta(days=1)
    if request.method == "POST":
        page.ask_first("ledger.revalue_items")
    asked = request.POST or (request.GET if "month_on" in request.GET else None)
    form = RevaluationForm(asked, initial={"month_on": last_month})
    month_end = last_of_month(form.cleaned_data["month_on"] if form.is_valid() else last_month)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, month_end)
    if request.method == "POST" and form.is_valid():
        done = carry_out(
            form,
            start_revaluation,
            by=page.by,
            entity=page.entity,
            month_on=month_end,
            asked_on=page.today,
            late_reason=form.cleaned_data["late_reason"],
        )
        if done:
            revalue_month.delay(done[0].pk)
            return redirect("core:run", done[0].pk)
    return _shown(request, form, month_end)


def _shown(request: PageRequest, form: RevaluationForm, month_end: date) -> HttpResponse:
    entity = request.page.entity
    rows = _preview(request, month_end)
    context = {
        "month_end": month_end,
        "rows": rows,
        "nothing_to_post": not any(row.to_post for row in rows) or any(row.refusal for row in rows),
        "tie": tie_of(entity, month_end),
        "entries": Revaluation.objects.filter(entity=entity, month_end=month_end).select_related("entry", "reversal"),
        "items": Paginator(_items(request, month_end), ROWS).get_page(request.GET.get("page")),
        "runs": Run.objects.filter(entity=entity, kind=KIND).order_by("-business_date", "-pk")[:12],
    }
    return shown(request, "ledger/revaluation.html", context, form)


def _preview(request: PageRequest, month_end: date) -> list[CurrencyWorking]:
    groups = customers_in_foreign_currency(request.page.entity, month_end, ITEMS_AT_ONCE)
    return preview(request.page.entity, month_end, [pk for group in groups for pk in group])


def _items(request: PageRequest, month_end: date) -> QuerySet[RevaluedItem]:
    rows = RevaluedItem.objects.filter(revaluation__entity=request.page.entity, revaluation__month_end=month_end)
    return rows.select_related("item__customer", "revaluation__entry", "revaluation__reversal").order_by("pk")


def _workbook(request: PageRequest, month_end: date) -> HttpResponseBase:
    entity, tie = request.page.entity, tie_of(request.page.entity, month_end)
    notes = [
        ("Company", entity.legal_name),
        ("Month end", month_end.isoformat()),
        ("Working", f"{tie.working} {entity.currency}"),
        ("Account 1101", f"{tie.account} {entity.currency}"),
    ]
    sheet = Sheet("Revaluation", COLUMNS, _cells(_items(request, month_end)), notes)
    return workbook_response([sheet], f"revaluation-{entity.code}-{month_end}.xlsx")


def _cells(rows: QuerySet[RevaluedItem]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2_000):
        item, of = row.item, row.revaluation
        yield [
            item.customer.code, item.customer.name, item.number, item.get_kind_display(), item.currency,
            row.open_amount, row.carried, of.rate, row.worth, row.posted, of.entry.number, of.reversal.number,
        ]  # fmt: skip
