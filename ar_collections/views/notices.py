"""Reminders: the preview of a day, what was decided on a day, and one notice."""

from collections.abc import Iterator
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ar_collections.actions.rehearsals import start_preview
from ar_collections.forms.dunning import PreviewFilter, RehearsalForm
from ar_collections.models import DunningNotice
from ar_collections.queries.cases import customers_with_debts
from ar_collections.queries.preview import Preview, PreviewRow, notices_of, preview
from ar_collections.tasks import rehearse_company
from core.errors import Refused
from core.forms import NotADay, day_in
from core.models import AuditEvent
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response

ROWS = 50
AT_ONCE = 500
"""Customers whose part a page works out at once; a run works out everybody's."""
ASKED = (
    Column("Customer", 12), Column("Name", 34), Column("Message", 24), Column("By", 14), Column("Document", 18),
    Column("Due", 12), Column("Days past due", 10), Column("Segment", 22), Column("Step", 24), Column("Currency", 9),
    Column("Open", 14), Column("Asked for", 14, total=True),
)  # fmt: skip
NOT_ASKED = (
    Column("Customer", 12), Column("Name", 34), Column("Document", 18), Column("Due", 12), Column("Days past due", 10),
    Column("Segment", 22), Column("Currency", 9), Column("Open", 14, total=True), Column("Why not", 30),
    Column("In words", 50),
)  # fmt: skip


@staff_page("collections.view")
def preview_page(request: PageRequest) -> HttpResponseBase:
    """What the review of a day will bring: whom it asks, and whom not and why."""
    page, form = request.page, PreviewFilter(request.GET)
    if "on" in form.errors:
        raise NotADay(f"“{request.GET['on']}” is no day. Write it as 2026-12-31.")
    asked = form.cleaned_data if form.is_valid() else {}
    on = asked.get("on") or page.today
    if on < page.today:
        raise NotADay(f"{on:%d %b %Y} is over. What was decided then stands in the list of reminders.")
    keys = customers_with_debts(page.entity, on)
    parts = Paginator(keys, AT_ONCE).get_page(request.GET.get("part"))
    found = preview(page.entity, on, customers=list(parts.object_list))
    if request.GET.get("format") == "xlsx":
        return _workbook(page, found)
    state, words = asked.get("state") or "asked", asked.get("q", "").strip().casefold()
    rows = found.asked if state == "asked" else found.not_asked
    context = {
        "form": form,
        "preview": found,
        "state": state,
        "query": asked.get("q", ""),
        "rows": Paginator([row for row in rows if _holds(row, words)], ROWS).get_page(request.GET.get("page")),
        "is_narrowed": bool(words),
        "parts": parts,
        "request_id": uuid4(),
    }
    return render(request, "collections/preview.html", context)


@require_POST
@staff_page("collections.start_preview")
def start_preview_run(request: PageRequest) -> HttpResponse:
    """Work the preview of everybody out in the background."""
    page, form = request.page, RehearsalForm(request.POST)
    on = day_in(PreviewFilter(request.POST), "on", page.today)
    if not form.is_valid():
        raise Refused("The form is out of date. Load the page again.")
    facts = {"on": on, "today": page.today, "request_id": form.cleaned_data["request_id"]}
    run = start_preview(by=page.by, entity=page.entity, **facts)
    rehearse_company.delay(run.pk)
    return redirect("core:run", run.pk)


@staff_page("collections.view")
def notices_page(request: PageRequest) -> HttpResponse:
    """What was decided, the latest first: sent, to be called, held back and why."""
    page, form = request.page, PreviewFilter(request.GET)
    if "on" in form.errors:
        raise NotADay(f"“{request.GET['on']}” is no day. Write it as 2026-12-31.")
    on, state = form.cleaned_data.get("on"), request.GET.get("state", "")
    rows = notices_of(page.entity, by=page.by, on=on, state=state)
    context = {"rows": Paginator(rows, ROWS).get_page(request.GET.get("page")), "on": on, "state": state}
    return render(request, "collections/notices.html", context)


@staff_page("collections.view")
def notice_page(request: PageRequest, pk: int) -> HttpResponse:
    """One notice: what it asked for, what fell out of it, and what became of its message."""
    shown = ("customer", "step__version__strategy", "message", "decided_by", "run", "entity")
    notice = get_visible(DunningNotice.objects.select_related(*shown), request.page.by, pk=pk)
    events = AuditEvent.objects.filter(object_type="collections.dunningnotice", object_id=str(pk))
    context = {
        "notice": notice,
        "lines": notice.lines.select_related("item", "strategy").order_by("item__due_on", "pk"),
        "events": events.select_related("by"),
    }
    return render(request, "collections/notice.html", context)


def _holds(row: PreviewRow, words: str) -> bool:
    return (
        not words
        or words in f"{row.customer.code} {row.customer.name}".casefold()
        or any(words in line.number.casefold() for line in row.lines)
    )


def _workbook(page: Page, found: Preview) -> HttpResponseBase:
    notes = [("Company", page.entity.legal_name), ("Review of", f"{found.on}"), ("As known on", f"{page.today}")]
    sheets = [
        Sheet("Asked", ASKED, _asked(found), notes),
        Sheet("Not asked", NOT_ASKED, _not_asked(found), notes),
    ]
    return workbook_response(sheets, f"reminders-{page.entity.code}-{found.on}.xlsx")


def _asked(found: Preview) -> Iterator[list[Cell]]:
    for row in found.asked:
        for line in row.lines:
            if line.asked:
                yield [
                    row.customer.code, row.customer.name, row.step, row.ways, line.number, line.due_on, line.days,
                    line.segment, line.step or "named along", line.open.currency, line.open.amount, line.asked.amount,
                ]  # fmt: skip


def _not_asked(found: Preview) -> Iterator[list[Cell]]:
    for row in found.rows:
        for line in row.lines:
            if line.asked and row.is_asked:
                continue
            why = line.stop.reason.label if line.stop else "Asked that day already"
            words = str(line.stop) if line.stop else "; ".join(row.reasons)
            yield [
                row.customer.code, row.customer.name, line.number, line.due_on, line.days, line.segment,
                line.open.currency, line.open.amount, why, words,
            ]  # fmt: skip
