"""What came back: the list, a report on its way in, one return, and what is left to do."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.errors import Refused
from core.forms import carry_out, shown
from core.models import StoredFile
from core.pages import Page, PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from directdebit.actions.booking import assign_return, set_aside_return
from directdebit.actions.reports import take_in_report, upload_report
from directdebit.forms.returns import AsideForm, AssignForm, ReportForm
from directdebit.models import Collection, ReturnedDebit, ReturnSettlement
from directdebit.queries.finding import Told, candidates
from directdebit.queries.returned import (
    counted_states,
    found_returns,
    meaning_of,
    report_of_file,
    returns_of,
    told_lines,
)
from directdebit.queries.returned_money import choices_for
from directdebit.returns import read_report
from directdebit.tasks import book_returns

PAGE_SIZE = 50
CHOICES = 100
State = ReturnedDebit.State
COLUMNS = [
    Column("Told by", 10),
    Column("Code", 8),
    Column("Meaning", 50),
    Column("Customer", 36),
    Column("Mandate", 24),
    Column("Reference", 24),
    Column("Collected", 12),
    Column("Counts from", 12),
    Column("Currency", 9),
    Column("Amount", 14, total=True),
    Column("State", 18),
    Column("Why", 60),
]


@staff_page("directdebit.view")
def returns(request: PageRequest) -> HttpResponseBase:
    """What banks and providers sent back, the latest first; what waits for a person is a view of its own."""
    page = request.page
    state, query = request.GET.get("state", ""), request.GET.get("q", "").strip()
    rows = found_returns(returns_of(page.entity, page.by), query)
    rows = rows.filter(state=state) if state in State.values else rows
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Returned debits", COLUMNS, _cells(rows), [("Company", page.entity.legal_name)])
        return workbook_response([sheet], f"returned-debits-{page.entity.code}-{page.today}.xlsx")
    found = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    for row in found:
        row.meaning = meaning_of(row.codes, row.code)  # type: ignore[attr-defined]
    context = {"rows": found, "query": query, "state": state, "views": _views(page, state)}
    return render(request, "directdebit/returns.html", context)


def _views(page: Page, chosen: str) -> list[dict[str, Any]]:
    counted = counted_states(page.entity, page.by)
    choices = [("", "All", sum(counted.values()))]
    choices += [(state.value, state.label, counted[state.value]) for state in State if counted.get(state.value)]
    return [
        {"label": label, "count": count, "url": page.url(state=value or None, page=None), "is_chosen": value == chosen}
        for value, label, count in choices
    ]


def _cells(rows: QuerySet[ReturnedDebit]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        yield [
            row.codes,
            row.code,
            meaning_of(row.codes, row.code),
            row.mandate.customer.name if row.mandate else row.payer,
            row.mandate_reference,
            row.collection_reference,
            row.collected_on,
            row.effective_on,
            row.currency,
            row.amount,
            row.get_state_display(),
            row.why,
        ]


# A report on its way in ----------------------------------------------------------------------------------------------


@staff_page("directdebit.upload_report")
def upload(request: PageRequest) -> HttpResponse:
    """Take a report from the bank."""
    form = ReportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, page = form.cleaned_data["file"], request.page
        kept = carry_out(form, upload_report, by=page.by, entity=page.entity, name=file.name, content=file.read())
        if kept:
            return redirect("directdebit:return_file", kept.pk)
    return shown(request, "directdebit/return_upload.html", {}, form)


@staff_page("directdebit.take_in_report")
def file_page(request: PageRequest, pk: int) -> HttpResponse:
    """What a report tells and what would follow, before anything of it is booked."""
    file = _file(request, pk)
    report = read_report(file.read(), file.name)
    pages = Paginator(report.advices, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "file": file,
        "report": report,
        "pages": pages,
        "lines": list(told_lines(request.page.entity, pages.object_list)),
        "known": report_of_file(file),
    }
    return render(request, "directdebit/return_file.html", context)


@staff_page("directdebit.take_in_report")
@require_POST
def take_in(request: PageRequest, pk: int) -> HttpResponse:
    """Write down everything that the report tells and book it."""
    page, file = request.page, _file(request, pk)
    try:
        report = take_in_report(by=page.by, entity=page.entity, file=file)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("directdebit:return_file", pk)
    book_returns.delay(report.pk)
    messages.success(request, f"{report} is taken in; {report.returns.count()} told for the first time.")
    return redirect("directdebit:returns")


def _file(request: PageRequest, pk: int) -> StoredFile:
    return get_visible(StoredFile.objects.filter(entity=request.page.entity), request.page.by, pk=pk)


# One return ----------------------------------------------------------------------------------------------------------


@staff_page("directdebit.view")
def one(request: PageRequest, pk: int) -> HttpResponse:
    """What was told, what followed, and what a person may decide."""
    return _shown(request, _return(request, pk))


@staff_page("directdebit.view")
@require_POST
def assign(request: PageRequest, pk: int) -> HttpResponse:
    """Say which collection came back."""
    returned, page = _return(request, pk), request.page
    page.ask_first("directdebit.assign_return", returned.entity)
    form = AssignForm(request.POST, rows=_choices(returned))
    if form.is_valid():
        chosen: Collection = form.cleaned_data["collection"]
        if carry_out(form, assign_return, by=page.by, returned=returned, collection=chosen, on=page.today):
            messages.success(request, f"Booked on {chosen}.")
            return redirect("directdebit:return", pk)
    return _shown(request, returned, assign_form=form)


@staff_page("directdebit.view")
@require_POST
def set_aside(request: PageRequest, pk: int) -> HttpResponse:
    """Say that it is none of ours."""
    returned, page = _return(request, pk), request.page
    page.ask_first("directdebit.set_aside_return", returned.entity)
    form = AsideForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if carry_out(form, set_aside_return, by=page.by, returned=returned, reason=reason):
            return redirect("directdebit:return", pk)
    return _shown(request, returned, aside_form=form)


def _shown(
    request: PageRequest,
    returned: ReturnedDebit,
    assign_form: AssignForm | None = None,
    aside_form: AsideForm | None = None,
) -> HttpResponse:
    page = request.page
    is_open = returned.state in {State.NEW, State.WAITING} and page.is_live
    rows = _choices(returned)
    settlement = ReturnSettlement.objects.filter(returned=returned).select_related("line", "entry").first()
    context = {
        "returned": returned,
        "settlement": settlement,
        "money_lines": choices_for(returned) if settlement is None else [],
        "may_settle": page.may("directdebit.settle_returns") and page.is_live,
        "meaning": meaning_of(returned.codes, returned.code),
        "follow_ups": returned.follow_ups.order_by("pk"),
        "may_decide": is_open and page.may("directdebit.assign_return"),
        "candidates": rows.exists() if is_open else False,
        "assign_form": assign_form or AssignForm(rows=rows),
        "aside_form": aside_form or AsideForm(),
    }
    return shown(request, "directdebit/return.html", context, assign_form or aside_form or AsideForm())


def _choices(returned: ReturnedDebit) -> QuerySet[Collection]:
    keys = candidates(Told.of(returned)).values("pk")[:CHOICES]
    return Collection.objects.filter(pk__in=list(keys.values_list("pk", flat=True))).select_related("customer")


def _return(request: PageRequest, pk: int) -> ReturnedDebit:
    rows = ReturnedDebit.objects.select_related(
        "entity", "mandate__customer", "receipt__item", "report__file", "same_as", "decided_by", "collection"
    )
    return get_visible(rows, request.page.by, pk=pk)
