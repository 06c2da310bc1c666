"""Billing: choosing what a run bills, seeing it before anything is written, and a month's finals."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.forms import carry_out, shown
from core.pages import Page, PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.actions import change_billing_checks, prepare_billing_run
from invoicing.forms.billing import BillingForm, ChecksForm
from invoicing.models import BillingRun
from invoicing.queries.billing_runs import (
    KindSum,
    beside_each_other,
    billed_by,
    figures_of,
    last_run_of,
    runs_of,
    sums_in,
)
from invoicing.queries.finals import declarations
from invoicing.queries.planning import Planned, checks_of, plan_billing

ROWS = 50
SHOWN = 200
RUN_COLUMNS = (
    Column("Billed through", 14),
    Column("Dated", 12),
    Column("State", 18),
    Column("Invoices", 10),
    Column("Kept out", 10),
    Column("Open exceptions", 16),
    Column("Prepared by", 20),
)
PREVIEW_COLUMNS = (
    Column("Customer", 12),
    Column("Name", 36),
    Column("Contracts", 24),
    Column("Kind", 14),
    Column("From", 12),
    Column("Until", 12),
    Column("Currency", 9),
    Column("Net", 14, total=True),
    Column("Last period", 14),
    Column("Difference", 14, total=True),
    Column("Found", 60),
)


@staff_page("invoicing.view")
def billing(request: PageRequest) -> HttpResponseBase:
    """The runs of a company, the form for the next one, and the months whose finals are complete."""
    page = request.page
    runs = runs_of(page.entity)
    if request.GET.get("format") == "xlsx":
        return _workbook(page, "billing-runs", RUN_COLUMNS, map(_run_cells, runs.iterator(chunk_size=ROWS)))
    context = {
        "rows": Paginator(runs, ROWS).get_page(request.GET.get("page")),
        "billing_form": BillingForm(initial=BillingForm.fresh(page.today)),
        "declared": declarations(page.entity),
    }
    return render(request, "invoicing/billing.html", context)


@staff_page("invoicing.prepare_billing_run")
def preview(request: PageRequest) -> HttpResponseBase:
    """What a run would do, in figures beside the last run's and invoice by invoice. Nothing is written."""
    page = request.page
    form = BillingForm(request.GET)
    if not request.GET.keys() & form.fields.keys():
        messages.info(request, "Choose what the run bills; the preview comes next.")
        return redirect("invoicing:billing")
    if not form.is_valid():
        return shown(request, "invoicing/billing_preview.html", {"planned": []}, form)
    chosen = form.facts
    planned = plan_billing(
        entity=page.entity,
        through=chosen["billed_through"],
        invoice_on=chosen["invoice_on"],
        kinds=chosen["kinds"],
    )
    if request.GET.get("format") == "xlsx":
        return _workbook(page, "billing-preview", PREVIEW_COLUMNS, map(_planned_cells, planned))
    return render(request, "invoicing/billing_preview.html", _preview_context(page, form, planned))


def _preview_context(page: Page, form: BillingForm, planned: Sequence[Planned]) -> dict[str, Any]:
    last = last_run_of(page.entity)
    figures = figures_of(planned, ())
    return {
        "form": form,
        "planned": planned[:SHOWN],
        "more": max(0, len(planned) - SHOWN),
        "figures": figures,
        "last": last,
        "sums": beside_each_other(sums_in(figures), _sums_of(last)),
    }


def _sums_of(billing_run: BillingRun | None) -> list[KindSum]:
    return billed_by(billing_run) if billing_run else []


@require_POST
@staff_page("invoicing.prepare_billing_run")
def prepare(request: PageRequest) -> HttpResponse:
    """Lay down a run with what stands in its way."""
    page = request.page
    form = BillingForm(request.POST)
    if form.is_valid():
        facts = {**form.facts, "request_id": form.cleaned_data["request_id"]}
        made = carry_out(form, prepare_billing_run, by=page.by, entity=page.entity, **facts)
        if made:
            return redirect("invoicing:billing_run", made.pk)
    return shown(request, "invoicing/billing_preview.html", {"planned": []}, form)


@staff_page("invoicing.view")
def checks(request: PageRequest) -> HttpResponse:
    """From which difference on a run asks."""
    page = request.page
    page.ask_first("invoicing.change_billing_checks")
    form = ChecksForm(request.POST or None, instance=checks_of(page.entity))
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_billing_checks, by=page.by, entity=page.entity, **form.cleaned_data):
            messages.success(request, "Runs that are checked from now on go by this.")
            return redirect("invoicing:billing_checks")
    return shown(request, "invoicing/billing_checks.html", {}, form)


def _workbook(page: Page, name: str, columns: Sequence[Column], rows: Iterator[list[Cell]]) -> HttpResponseBase:
    sheet = Sheet(name.replace("-", " ").capitalize(), columns, rows, [("Company", page.entity.legal_name)])
    return workbook_response([sheet], f"{name}-{page.entity.code}-{page.today}.xlsx")


def _run_cells(row: BillingRun) -> list[Cell]:
    state = row.run.get_state_display() if row.run else "Prepared"
    ready, stopped = row.figures.get("ready", 0), row.figures.get("stopped", 0)
    still_open: int = getattr(row, "open_count", 0)
    return [row.billed_through, row.invoice_on, state, ready, stopped, still_open, str(row.prepared_by)]


def _planned_cells(one: Planned) -> list[Cell]:
    plan = one.plan
    money: list[Decimal | None] = [plan.net, one.last_net, one.difference]
    return [
        plan.customer.code,
        plan.customer.name,
        ", ".join(contract.number for contract in plan.contracts),
        plan.chosen_as,
        plan.service_from,
        plan.service_until,
        plan.currency,
        *money,
        " ".join(finding.message for finding in one.findings),
    ]
