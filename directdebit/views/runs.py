"""Collection runs: the list, the preview, one run with its days, one collection, and the files."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.models import BankStatementLine
from core.calendars import calendar_of
from core.errors import NotAllowed, Refused
from core.files import file_response
from core.forms import carry_out, shown
from core.keys import key_in, keys_in
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from directdebit.actions.paying import settle_submission
from directdebit.actions.runs import cancel_collection, drop_run, prepare_run
from directdebit.actions.submitting import submit_collections, take_submission
from directdebit.forms.core import ReasonForm, RunForm
from directdebit.models import Collection, CollectionRun, Submission
from directdebit.planning import Plan, Wanted
from directdebit.queries.arrivals import arrivals_for, arrivals_of, arrivals_of_line, arriving_money
from directdebit.queries.planning import plan_of
from directdebit.queries.runs import days_of_run, may_be_cancelled, runs_of

PAGE_SIZE = 50
RUN_COLUMNS = [
    Column("Run", 30),
    Column("Debited on", 12),
    Column("Collections", 12),
    Column("Amount", 16, total=True),
    Column("To be submitted", 16),
    Column("Came back", 12),
    Column("Prepared by", 20),
]
COLLECTION_COLUMNS = [
    Column("Collection", 16),
    Column("Customer", 36),
    Column("Mandate", 24),
    Column("Debited on", 12),
    Column("Documents", 40),
    Column("Currency", 9),
    Column("Amount", 14, total=True),
    Column("State", 16),
    Column("Moved", 40),
]


@staff_page("directdebit.view")
def runs(request: PageRequest) -> HttpResponseBase:
    """The runs of a company, and the form for the next."""
    page = request.page
    rows = runs_of(page.entity, page.by)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Collection runs", RUN_COLUMNS, _run_cells(rows), [("Company", page.entity.legal_name)])
        return workbook_response([sheet], f"collection-runs-{page.entity.code}-{page.today}.xlsx")
    context = {
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "run_form": _fresh_form(request),
        "arrivals": arrivals_of(page.entity),
    }
    return render(request, "directdebit/runs.html", context)


def _fresh_form(request: PageRequest) -> RunForm:
    page = request.page
    return RunForm(entity=page.entity, initial=RunForm.fresh(page.today, calendar_of(page.entity)))


def _run_cells(rows: QuerySet[CollectionRun]) -> Iterator[list[Cell]]:
    for row in rows:
        counted: Any = row
        figures = [counted.count, counted.total or 0, counted.waiting, counted.back]
        yield [str(row), row.collect_on, *figures, row.prepared_by.name]


@staff_page("directdebit.prepare_run")
def preview(request: PageRequest) -> HttpResponse:
    """What a run would draw, from whom and when, and what it would leave. Nothing is written.

    Without values it asks for them.
    """
    if not request.GET:
        return render(request, "directdebit/preview.html", {"run_form": _fresh_form(request)})
    form = RunForm(request.GET, entity=request.page.entity)
    found = plan_of(_wanted(request, form)) if form.is_valid() else Plan((), ())
    return shown(request, "directdebit/preview.html", {"plan": found}, form)


@require_POST
@staff_page("directdebit.prepare_run")
def prepare(request: PageRequest) -> HttpResponse:
    """Lay down the run and queue its notices."""
    form = RunForm(request.POST, entity=request.page.entity)
    if form.is_valid():
        without = keys_in(request.POST.getlist("without"))
        facts = {"wanted": _wanted(request, form), "request_id": form.cleaned_data["request_id"], "without": without}
        if made := carry_out(form, prepare_run, by=request.page.by, **facts):
            messages.success(request, f"{made} is prepared; its notices leave now. Somebody else submits it.")
            return redirect("directdebit:run", made.pk)
    found = plan_of(_wanted(request, form)) if form.cleaned_data.get("creditor") and form.is_valid() else Plan((), ())
    return shown(request, "directdebit/preview.html", {"plan": found}, form)


def _wanted(request: PageRequest, form: RunForm) -> Wanted:
    given = form.cleaned_data
    return Wanted(given["creditor"], given["due_until"], given["collect_on"], request.page.today)


@staff_page("directdebit.view")
def run(request: PageRequest, pk: int) -> HttpResponseBase:
    """One run: its days, what leaves on each, the files, and what was left out."""
    found = _run(request, pk)
    if request.GET.get("format") == "xlsx":
        rows = found.collections.select_related("customer", "mandate").prefetch_related("parts__item")
        sheet = Sheet("Collections", COLLECTION_COLUMNS, map(_cells, rows), [("Run", str(found))])
        return workbook_response([sheet], f"collections-{found.creditor.code}-{found.collect_on}.xlsx")
    return _shown(request, found, ReasonForm())


def _run(request: PageRequest, pk: int) -> CollectionRun:
    rows = CollectionRun.objects.select_related("creditor", "entity", "prepared_by", "dropped_by")
    found = get_visible(rows, request.page.by, pk=pk)
    request.page.entity = found.entity
    return found


def _shown(request: PageRequest, found: CollectionRun, form: ReasonForm) -> HttpResponse:
    days = days_of_run(found)
    context = {
        "run": found,
        "days": days,
        "left_out": found.left_out.select_related("item__customer"),
        "is_own": found.prepared_by_id == request.page.by.pk,
        "may_drop": not found.dropped_at and not any(day.submission for day in days),
    }
    return shown(request, "directdebit/run.html", context, form)


def _cells(row: Collection) -> list[Cell]:
    documents = ", ".join(part.item.number for part in row.parts.all())
    return [
        row.reference,
        row.customer.name,
        row.mandate.reference,
        row.collect_on,
        documents,
        row.currency,
        row.amount,
        row.get_state_display(),
        row.moved_reason,
    ]


@require_POST
@staff_page("directdebit.view")
def submit(request: PageRequest, pk: int) -> HttpResponse:
    """Let a day of a run leave."""
    found = _run(request, pk)
    request.page.ask_first("directdebit.submit_collections", found.entity)
    try:
        day = date.fromisoformat(request.POST.get("collect_on", ""))
    except ValueError:
        raise Http404("There is no such day in the run.") from None
    form = ReasonForm(request.POST)
    form.full_clean()
    form.errors.clear()
    facts = {"run": found, "collect_on": day, "submitted_on": request.page.today}
    made = carry_out(form, submit_collections, by=request.page.by, **facts)
    if made is None:
        return _shown(request, found, form)
    messages.success(request, f"{made.count} collections of {made.money} are submitted as {made}.")
    return redirect("directdebit:run", pk)


@require_POST
@staff_page("directdebit.view")
def drop(request: PageRequest, pk: int) -> HttpResponse:
    """Take a run back before anything of it left."""
    found = _run(request, pk)
    request.page.ask_first("directdebit.drop_run", found.entity)
    form = ReasonForm(request.POST)
    if form.is_valid():
        facts = {"run": found, "dropped_on": request.page.today, **form.cleaned_data}
        if carry_out(form, drop_run, by=request.page.by, **facts):
            messages.success(request, "The run is dropped; its items can be collected by another.")
            return redirect("directdebit:run", pk)
    return _shown(request, found, form)


@staff_page("directdebit.view")
def collection(request: PageRequest, pk: int) -> HttpResponse:
    """One collection: what it draws, its notice, its steps; and taking it back while it is here."""
    rows = Collection.objects.select_related(
        "customer",
        "mandate__creditor",
        "mandate__bank_account",
        "entity",
        "notice",
        "submission",
        "run",
        "receipt__item",
    )
    found = get_visible(rows, request.page.by, pk=pk)
    request.page.entity = found.entity
    request.page.ask_first("directdebit.cancel_collection", found.entity)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"collection": found, "cancelled_on": request.page.today, **form.cleaned_data}
        if carry_out(form, cancel_collection, by=request.page.by, **facts):
            messages.success(request, f"{found} is cancelled.")
            return redirect("directdebit:collection", pk)
    context = {
        "collection": found,
        "parts": found.parts.select_related("item"),
        "events": found.events.select_related("by"),
        "may_cancel": may_be_cancelled(found),
    }
    return shown(request, "directdebit/collection.html", context, form)


@staff_page("directdebit.view")
def submission(request: PageRequest, pk: int) -> HttpResponse:
    """One file: what it holds, who let it leave, who fetched it, and the bank line on which it arrived."""
    found = _submission(request, pk)
    context = {"submission": found, "arrivals": arrivals_for(found), "arriving": arriving_money(found)}
    return render(request, "directdebit/submission.html", context)


def _submission(request: PageRequest, pk: int) -> Submission:
    rows = Submission.objects.select_related(
        "creditor", "entity", "run", "prepared_by", "approved_by", "taken_by", "file", "line", "entry"
    ).prefetch_related("block_arrivals__line", "block_arrivals__entry")
    found = get_visible(rows, request.page.by, pk=pk)
    request.page.entity = found.entity
    return found


@require_POST
@staff_page("directdebit.view")
def take(request: PageRequest, pk: int) -> HttpResponse:
    """Fetch the file; the first time is marked."""
    found = _submission(request, pk)
    request.page.ask_first("directdebit.take_submission", found.entity)
    take_submission(by=request.page.by, submission=found)
    if found.file is None:
        raise Http404("There is no file.")
    return file_response(found.file, download=True)


@require_POST
@staff_page("directdebit.view")
def settle(request: PageRequest, pk: int) -> HttpResponse:
    """Tie the file to the bank line on which its money arrived."""
    found = _submission(request, pk)
    request.page.ask_first("directdebit.settle_submission", found.entity)
    wanted = key_in(request.POST.get("line", ""))
    line = get_visible(BankStatementLine.objects.select_related("bank_account"), request.page.by, pk=wanted)
    try:
        settle_submission(by=request.page.by, submission=found, line=line)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{found} arrived with {line}.")
    return redirect("cashapp:desk") if "desk" in request.POST else redirect("directdebit:submission", pk)


@staff_page("directdebit.view")
def of_line(request: PageRequest, pk: int) -> HttpResponse:
    """The files whose money a line of the cash desk may be; the desk fetches this part."""
    line = get_visible(BankStatementLine.objects.select_related("bank_account__entity"), request.page.by, pk=pk)
    return render(request, "directdebit/of_line.html", {"line": line, "arrivals": arrivals_of_line(line)})
