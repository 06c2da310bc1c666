"""Master data that has to be put right."""

from collections.abc import Iterable, Iterator

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.forms import carry_out
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.actions import resolve_task
from customers.forms import ReasonForm
from customers.models import DataQualityTask
from customers.queries.data_quality import open_tasks, resolved_tasks

MOST = 500
COLUMNS = (
    Column("Customer", 12),
    Column("Name", 36),
    Column("Contact", 24),
    Column("Address", 36),
    Column("What", 20),
    Column("Said", 60),
    Column("Since", 18),
    Column("Put right", 18),
    Column("How", 40),
)


@staff_page("customers.view")
def data_quality(request: PageRequest) -> HttpResponseBase:
    """Addresses that return mail, and those that were put right."""
    page = request.page
    is_done = request.GET.get("view") == "done"
    rows = resolved_tasks(page.entity) if is_done else open_tasks(page.entity)
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Data quality", COLUMNS, _cells(rows), [("As at", f"{page.as_at}")])
        return workbook_response([sheet], f"data-quality-{page.entity.code}-{page.as_at}.xlsx")
    context = {"rows": rows[:MOST], "is_done": is_done, "waiting": open_tasks(page.entity).count()}
    return render(request, "customers/data_quality.html", context)


@staff_page("customers.view")
@require_POST
def resolve(request: PageRequest, pk: int) -> HttpResponse:
    """Free an address by hand."""
    rows = DataQualityTask.objects.select_related("customer__entity")
    task = get_visible(rows, request.page.by, pk=pk)
    request.page.ask_first("customers.resolve_task", task.customer.entity)
    form = ReasonForm(request.POST)
    if form.is_valid():
        resolved = carry_out(form, resolve_task, by=request.page.by, task=task, **form.cleaned_data)
        if resolved:
            messages.success(request, f"{task.address} may be written to again.")
    for sentence in [error for errors in form.errors.values() for error in errors]:
        messages.error(request, str(sentence))
    return redirect("customers:data_quality")


def _cells(rows: Iterable[DataQualityTask]) -> Iterator[list[Cell]]:
    for task in rows:
        zone = task.customer.entity.zone
        yield [
            task.customer.code,
            task.customer.name,
            task.contact.name if task.contact else "",
            task.address,
            task.get_kind_display(),
            task.detail,
            task.opened_at.astimezone(zone),
            task.resolved_at.astimezone(zone) if task.resolved_at else None,
            task.resolution,
        ]
