"""Customers from a file: upload, columns, preview, all or nothing."""

from __future__ import annotations

from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.forms import carry_out, shown
from core.keys import key_in
from core.models import LegalEntity, User
from core.pages import PageRequest, staff_page
from core.permissions import require
from core.scoping import get_visible
from core.tables import LARGEST_TABLE, TableRefused, read_table
from customers.actions import choose_columns, save_mapping, start_import, upload_customers
from customers.forms import ColumnsForm, UploadForm
from customers.importing.columns import LABELS, usable_columns
from customers.importing.preview import preview_of
from customers.models import CustomerImport, ImportMapping, PaymentTerms
from customers.tasks import carry_in_customers

ROWS = 100
PERMISSION = "customers.import_customers"


@staff_page(PERMISSION)
def upload(request: PageRequest) -> HttpResponse:
    """Choose the file."""
    entity = request.page.entity
    form = UploadForm(request.POST or None, request.FILES or None, entity=entity)
    if request.method == "POST" and form.is_valid():
        file = cast("UploadedFile[Any]", form.cleaned_data["file"])
        if taken := carry_out(form, _take_in, by=request.page.by, entity=entity, file=file):
            mapping = form.cleaned_data["mapping"]
            address = redirect("customers:import_columns", taken.pk)
            if mapping:
                address["Location"] += f"?mapping={mapping.pk}"
            return address
    latest = CustomerImport.objects.filter(entity=entity).select_related("file", "uploaded_by")[:8]
    has_terms = PaymentTerms.objects.filter(entity=entity, is_active=True).exists()
    return shown(request, "customers/import_upload.html", {"latest": latest, "has_terms": has_terms}, form)


def _take_in(*, by: User, entity: LegalEntity, file: UploadedFile[Any]) -> CustomerImport:
    if (file.size or 0) > LARGEST_TABLE:
        raise TableRefused(f"{file.name} is too large; up to {LARGEST_TABLE // 1024 // 1024} MB are read. Split it.")
    return upload_customers(by=by, entity=entity, name=file.name or "customers.csv", content=file.read())


@staff_page(PERMISSION)
def columns(request: PageRequest, pk: int) -> HttpResponse:
    """Say what each column holds."""
    taken = _opened(request, pk)
    if taken.state == CustomerImport.State.IMPORTED:
        return redirect("customers:import_preview", pk)
    table = read_table(taken.file.name, taken.file.read())
    form = ColumnsForm(
        request.POST or None,
        entity=taken.entity,
        headings=table.headings,
        **_chosen_before(request, taken, table.headings),
    )
    if request.method == "POST" and form.is_valid():
        if carry_out(form, _choose, by=request.page.by, taken=taken, filled=form):
            return redirect("customers:import_preview", pk)
    samples = [[cells[at] for _, cells in table.rows[:3]] for at in range(len(table.headings))]
    context = {"taken": taken, "table": table, "columns": list(zip(form.column_fields(), samples, strict=True))}
    return shown(request, "customers/import_columns.html", context, form)


def _chosen_before(request: PageRequest, taken: CustomerImport, headings: list[str]) -> dict[str, Any]:
    asked = request.GET.get("mapping", "")
    saved = ImportMapping.objects.filter(entity=taken.entity)
    mapping = saved.filter(pk=key_in(asked) or 0).first()
    columns = usable_columns(mapping.columns, headings) if mapping else taken.columns
    sign = mapping.decimal_sign if mapping else taken.decimal_sign
    return {"columns": columns, "initial": {"decimal_sign": sign, "default_terms": taken.default_terms}}


@transaction.atomic
def _choose(*, by: User, taken: CustomerImport, filled: ColumnsForm) -> CustomerImport:
    given = filled.cleaned_data
    chosen = choose_columns(
        by=by,
        upload=taken,
        columns=filled.columns(),
        decimal_sign=given["decimal_sign"],
        default_terms=given["default_terms"],
    )
    if given["save_as"]:
        save_mapping(by=by, upload=chosen, name=given["save_as"])
    return chosen


@staff_page(PERMISSION)
def preview(request: PageRequest, pk: int) -> HttpResponse:
    """What the file would bring, row by row; nothing is stored yet."""
    taken = _opened(request, pk)
    if taken.default_terms is None:
        return redirect("customers:import_columns", pk)
    return _preview_page(request, taken)


@require_POST
@staff_page(PERMISSION)
def carry_in(request: PageRequest, pk: int) -> HttpResponse:
    """Have a worker make customers of all rows; the run's page shows how far it is."""
    taken = _opened(request, pk)
    if taken.state == CustomerImport.State.IMPORTED or taken.default_terms is None:
        return redirect("customers:import_preview", pk)
    rows = request.POST.get("rows", "")
    run = start_import(by=request.page.by, upload=taken, rows=int(rows) if rows.isdecimal() else 0)
    carry_in_customers.delay(run.pk)
    return redirect("core:run", run.pk)


def _preview_page(request: PageRequest, taken: CustomerImport) -> HttpResponse:
    form = UploadForm(entity=taken.entity)
    if taken.state == CustomerImport.State.IMPORTED:
        return shown(request, "customers/import_done.html", {"taken": taken}, form)
    found = preview_of(taken)
    part = request.GET.get("show", "wrong" if found.wrong else "all")
    rows = [row for row in found.rows if part == "all" or (row.errors if part == "wrong" else row.warnings)]
    shown_fields = [key for key in LABELS if key in taken.columns.values()]
    context = {
        "taken": taken,
        "found": found,
        "part": part,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "fields": [(key, LABELS[key]) for key in shown_fields],
    }
    return shown(request, "customers/import_preview.html", context, form)


def _opened(request: PageRequest, pk: int) -> CustomerImport:
    rows = CustomerImport.objects.select_related("entity", "file", "default_terms", "uploaded_by")
    taken = get_visible(rows, request.page.by, pk=pk)
    request.page.entity = taken.entity
    require(request.page.by, PERMISSION, taken.entity)
    return taken
