"""What the company sells: the list, and the form of one product."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.forms import SEPARATOR, carry_out, shown
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import Cell, Column, Sheet, workbook_response
from invoicing.actions import add_product, change_product, deactivate_product, reactivate_product
from invoicing.forms.products import ProductForm
from invoicing.models import Product
from invoicing.queries.products import products_found

OPTIONS = 12
COLUMNS = (
    Column("Code", 14), Column("Name", 36), Column("Unit", 10), Column("Taxed as", 14), Column("Income is earned", 30),
    Column("List price", 14), Column("Currency", 9), Column("Sold", 8),
)  # fmt: skip


@staff_page("invoicing.view")
def products(request: PageRequest) -> HttpResponseBase:
    """What is sold, and what was."""
    page, asked = request.page, request.GET.get("q", "").strip()
    rows = products_found(Product.objects.filter(entity=page.entity), asked).order_by("-is_active", "name", "pk")
    if request.GET.get("format") == "xlsx":
        sheet = Sheet("Products", COLUMNS, (_cells(row) for row in rows), [("Company", page.entity.legal_name)])
        return workbook_response([sheet], f"products-{page.entity.code}.xlsx")
    return render(request, "invoicing/products.html", {"rows": rows, "asked": asked})


@staff_page("invoicing.view")
def find(request: PageRequest) -> HttpResponse:
    """What a combobox offers while somebody types a product."""
    rows = Product.objects.filter(entity=request.page.entity, is_active=True)
    found = products_found(rows, request.GET.get("q", "").split(SEPARATOR)[0])
    options = [{"code": row.code, "name": row.name, "note": _price(row)} for row in found[:OPTIONS]]
    return render(request, "core/forms/options.html", {"options": options})


@staff_page("invoicing.add_product")
def new_product(request: PageRequest) -> HttpResponse:
    """Add one."""
    page = request.page
    page.ask_first("invoicing.add_product")
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if made := carry_out(form, add_product, by=page.by, entity=page.entity, **form.given()):
            messages.success(request, f"{made} can be sold.")
            return redirect("invoicing:products")
    return shown(request, "invoicing/product.html", {"product": None}, form)


@staff_page("invoicing.view")
def product(request: PageRequest, pk: int) -> HttpResponse:
    """Change one."""
    page = request.page
    found = get_visible(Product.objects.select_related("entity"), page.by, pk=pk)
    page.ask_first("invoicing.change_product", found.entity)
    form = ProductForm(request.POST or None, instance=get_visible(Product, page.by, pk=pk))
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_product, by=page.by, product=found, new=form.given()):
            messages.success(request, f"{found} is saved.")
            return redirect("invoicing:products")
    return shown(request, "invoicing/product.html", {"product": found}, form)


@require_POST
@staff_page("invoicing.view")
def deactivate(request: PageRequest, pk: int) -> HttpResponse:
    """Sell it no more."""
    found = get_visible(Product.objects.select_related("entity"), request.page.by, pk=pk)
    deactivate_product(by=request.page.by, product=found)
    messages.success(request, f"{found} is sold no more; contracts that name it run on.")
    return redirect("invoicing:products")


@require_POST
@staff_page("invoicing.view")
def reactivate(request: PageRequest, pk: int) -> HttpResponse:
    """Sell it again."""
    found = get_visible(Product.objects.select_related("entity"), request.page.by, pk=pk)
    reactivate_product(by=request.page.by, product=found)
    messages.success(request, f"{found} can be sold again.")
    return redirect("invoicing:products")


def _price(row: Product) -> str:
    return "" if row.list_price is None else f"{row.list_price.normalize():f} {row.currency}"


def _cells(row: Product) -> list[Cell]:
    taxed, earned = row.get_tax_class_display(), row.get_release_display()
    sold = "yes" if row.is_active else "no"
    return [row.code, row.name, row.get_unit_display(), taxed, earned, row.list_price, row.currency, sold]
