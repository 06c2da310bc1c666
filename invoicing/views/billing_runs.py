"""One billing run: what stands in its way, and starting it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.models import Run
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.actions import accept_exception, check_billing_run, start_billing_run
from invoicing.billing.findings import ACCEPTABLE
from invoicing.forms.billing import AcceptForm
from invoicing.models import BillingException, BillingRun
from invoicing.queries.billing_runs import (
    TABS,
    beside_each_other,
    billed_by,
    exceptions_in,
    last_run_of,
    sums_in,
    where_to,
)
from invoicing.tasks import carry_out_billing

ROWS = 50
COLUMNS = (
    Column("Customer", 12),
    Column("Name", 36),
    Column("Contract", 16),
    Column("Kind", 26),
    Column("Found", 70),
    Column("Currency", 9),
    Column("Net", 14),
    Column("Accepted by", 20),
    Column("Reason", 40),
)


@staff_page("invoicing.view")
def billing_run(request: PageRequest, pk: int) -> HttpResponseBase:
    """A run with its figures beside the last run's, and the queue of its exceptions."""
    page = request.page
    found = get_visible(BillingRun.objects.select_related("entity", "run", "prepared_by"), page.by, pk=pk)
    tab = request.GET.get("state", "open")
    rows = exceptions_in(found, tab)
    if request.GET.get("format") == "xlsx":
        return _workbook(found, rows)
    shown_rows = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    queue = [(row, where_to(row), row.code in ACCEPTABLE) for row in shown_rows]
    context = {"rows": shown_rows, "queue": queue, "tab": tab, **_around(found)}
    return render(request, "invoicing/billing_run.html", context)


def _around(found: BillingRun) -> dict[str, Any]:
    last = last_run_of(found.entity, before=found)
    now = billed_by(found) if found.is_started else sums_in(found.figures)
    return {
        "billing_run": found,
        "tabs": [(name, label, exceptions_in(found, name).count()) for name, label in TABS],
        "sums": beside_each_other(now, billed_by(last) if last else []),
        "last": last,
        "can_go_on": found.run is not None and found.run.state in {Run.State.FAILED, Run.State.WAITING},
    }


@require_POST
@staff_page("invoicing.check_billing_run")
def check(request: PageRequest, pk: int) -> HttpResponse:
    """Look again at everything."""
    found = get_visible(BillingRun.objects.select_related("entity"), request.page.by, pk=pk)
    try:
        checked = check_billing_run(by=request.page.by, billing_run=found)
        ready, stopped = checked.figures["ready"], checked.figures["stopped"]
        messages.success(request, f"Checked: {ready:,} invoices are ready, {stopped:,} are kept out.")
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("invoicing:billing_run", pk)


@require_POST
@staff_page("invoicing.start_billing_run")
def start(request: PageRequest, pk: int) -> HttpResponse:
    """Issue what is ready, or go on where the run was broken off."""
    found = get_visible(BillingRun.objects.select_related("entity"), request.page.by, pk=pk)
    checked_at = request.POST.get("checked_at", "")
    try:
        run = start_billing_run(by=request.page.by, billing_run=found, checked_at=checked_at)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("invoicing:billing_run", pk)
    carry_out_billing.delay(run.pk)
    return redirect("core:run", run.pk)


@staff_page("invoicing.accept_exception")
def accept(request: PageRequest, pk: int) -> HttpResponse:
    """Say why an invoice is billed although something was found."""
    rows = BillingException.objects.select_related("billing_run__entity", "customer", "contract")
    found = get_visible(rows, request.page.by, pk=pk)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, accept_exception, by=request.page.by, exception=found, **form.cleaned_data):
            messages.success(request, f"{found.customer.name} is billed all the same. Check the run again to count it.")
            return redirect("invoicing:billing_run", found.billing_run_id)
    return shown(request, "invoicing/billing_accept.html", {"exception": found}, form)


def _workbook(found: BillingRun, rows: QuerySet[BillingException]) -> HttpResponseBase:
    notes = [("Company", found.entity.legal_name), ("Billed through", f"{found.billed_through}")]
    sheet = Sheet("Exceptions", COLUMNS, _cells(rows), notes)
    return workbook_response([sheet], f"billing-exceptions-{found.entity.code}-{found.billed_through}.xlsx")


def _cells(rows: QuerySet[BillingException]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=1000):
        yield [
            row.customer.code,
            row.customer.name,
            row.contract.number,
            row.code.replace("_", " "),
            row.message,
            row.currency,
            row.net,
            str(row.accepted_by or ""),
            row.reason,
        ]
