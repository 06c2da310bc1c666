"""Trying a version of a strategy on months that are over. Nothing is written."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.rehearsals import start_dry_run
from ar_collections.forms.dunning import RehearsalForm
from ar_collections.forms.strategies import TryForm
from ar_collections.models import StrategyVersion
from ar_collections.queries.dry_run import Basis, DryRun, dry_run
from ar_collections.tasks import rehearse_company
from core.errors import Refused
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

ROWS = 50
COLUMNS = (
    Column("Day", 12), Column("Customer", 12), Column("Name", 34), Column("Step", 26), Column("Documents", 50),
    Column("Currency", 9), Column("Asked for", 14, total=True),
)  # fmt: skip


@staff_page("collections.view")
def try_page(request: PageRequest, pk: int) -> HttpResponseBase:
    """What a version would have sent in the quarter before, or on other days that are over."""
    page = request.page
    rows = StrategyVersion.objects.select_related("strategy__entity")
    version = get_visible(rows, page.by, pk=pk)
    asked = {**last_quarter(page.today), "basis": Basis.THEN, **request.GET.dict()}
    form = TryForm(asked, today=page.today)
    found = dry_run(version, form.span()) if form.is_valid() else None
    if request.GET.get("format") == "xlsx" and found is not None:
        notes = [("Strategy", str(version)), ("Days", f"{found.span.from_on} to {found.span.until_on}")]
        sheet = Sheet("Would have been sent", COLUMNS, _cells(found), notes)
        return workbook_response([sheet], f"dry-run-{version.strategy.code}-{version.number}.xlsx")
    context = {
        "version": version,
        "form": form,
        "found": found,
        "request_id": uuid4(),
        "rows": Paginator(found.messages if found else [], ROWS).get_page(request.GET.get("page")),
    }
    return render(request, "collections/try_strategy.html", context, status=200 if found else 422)


@require_POST
@staff_page("collections.start_dry_run")
def start_run(request: PageRequest, pk: int) -> HttpResponseBase:
    """Try a version on every customer, in the background."""
    page = request.page
    version = get_visible(StrategyVersion.objects.select_related("strategy__entity"), page.by, pk=pk)
    page.ask_first("collections.start_dry_run", version.strategy.entity)
    form, once = TryForm(request.POST, today=page.today), RehearsalForm(request.POST)
    if not form.is_valid() or not once.is_valid():
        raise Refused("The form is out of date. Load the page again.")
    facts = {"span": form.span(), "today": page.today, "request_id": once.cleaned_data["request_id"]}
    run = start_dry_run(by=page.by, version=version, **facts)
    rehearse_company.delay(run.pk)
    return redirect("core:run", run.pk)


def last_quarter(today: date) -> dict[str, date]:
    """The three calendar months before this quarter."""
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    until_on = first - timedelta(days=1)
    return {"from_on": date(until_on.year, until_on.month - 2, 1), "until_on": until_on}


def _cells(found: DryRun) -> Iterator[list[Cell]]:
    for each in found.messages:
        for total in each.totals:
            yield [
                each.on, each.customer.code, each.customer.name, each.step, ", ".join(each.numbers), total.currency,
                total.amount,
            ]  # fmt: skip
