"""The list of customers, and the short answers that other pages ask for."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.actions import delete_view, save_view
from core.models import SavedView
from core.pages import Page, PageRequest, staff_page
from core.xlsx import Cell, Column, Sheet, workbook_response
from customers.forms import SaveViewForm
from customers.models import Customer
from customers.queries import CustomerFilter, customer_list, customers_found, tabs_of, visible_customers
from customers.queries.lists import PAGE, asked_for, plain_query

ROWS = 50
OPTIONS = 8
COLUMNS = (
    Column("Code", 14),
    Column("Name", 40),
    Column("Status", 10),
    Column("Parent", 14),
    Column("Terms", 26),
    Column("Currency", 9),
    Column("Credit limit", 16),
    Column("Tax status", 16),
    Column("Tax number", 20),
    Column("Segment", 18),
    Column("Invoices go by", 16),
    Column("Invoices go to", 34),
    Column("Payment reference", 28),
)


@staff_page("customers.view")
def customers(request: PageRequest) -> HttpResponseBase:
    """Customers of the chosen company: find, narrow, sort, keep as a view, take along as a workbook."""
    page = request.page
    asked = asked_for(request.GET)
    filters = CustomerFilter(asked, page.entity, page.as_at)
    rows = customer_list(filters, request.GET.get("sort", ""))
    if request.GET.get("format") == "xlsx":
        return _workbook(page, rows)
    context = {
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "filter": filters.offered_form(),
        "tabs": tabs_of(page.by, page.entity, asked, page.as_at),
        "is_narrowed": bool(plain_query(request.GET)),
        "view_form": SaveViewForm(initial={"query": urlencode(plain_query(asked))}),
    }
    return render(request, "customers/customers.html", context)


@require_POST
@staff_page("customers.view")
def keep_view(request: PageRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    form = SaveViewForm(request.POST)
    address = reverse(PAGE)
    if form.is_valid():
        save_view(by=request.page.by, page=PAGE, **form.cleaned_data)
        messages.success(request, f"“{form.cleaned_data['name']}” stands above the list now.")
        return redirect(f"{address}?{form.cleaned_data['query']}")
    messages.error(request, "Write a name for the view.")
    return redirect(f"{address}?{request.POST.get('query', '')}")


@require_POST
@staff_page("customers.view")
def drop_view(request: PageRequest, pk: int) -> HttpResponse:
    """Drop one of one's own views."""
    view = get_object_or_404(SavedView, pk=pk, user=request.page.by, page=PAGE)
    delete_view(by=request.page.by, view=view)
    messages.success(request, f"The view “{view.name}” is dropped.")
    return redirect(PAGE)


@staff_page("customers.view")
def find(request: PageRequest) -> HttpResponse:
    """What a combobox offers while somebody types a customer."""
    rows = visible_customers(request.page.by).filter(entity=request.page.entity, status=Customer.Status.ACTIVE)
    found = customers_found(rows, request.GET.get("q", "").split(" · ")[0])
    options = [{"code": row.code, "name": row.name, "note": row.segment} for row in found[:OPTIONS]]
    return render(request, "core/forms/options.html", {"options": options})


def _workbook(page: Page, rows: QuerySet[Customer]) -> HttpResponseBase:
    asked = plain_query(page.request.GET)
    notes = [("Company", page.entity.legal_name), ("As at", f"{page.as_at}"), *sorted(asked.items())]
    sheet = Sheet("Customers", COLUMNS, _cells(rows), notes)
    return workbook_response([sheet], f"customers-{page.entity.code}-{page.today}.xlsx")


def _cells(rows: QuerySet[Customer]) -> Iterator[list[Cell]]:
    for row in rows.iterator(chunk_size=2000):
        yield [
            row.code,
            row.name,
            row.get_status_display(),
            row.parent.code if row.parent else "",
            row.terms.name,
            row.currency,
            row.credit_limit,
            row.get_tax_status_display(),
            row.tax_number,
            row.segment,
            row.get_delivery_display(),
            getattr(row, "receiver", "") or "",
            row.payment_reference,
        ]
