"""Orders, amendments and usage from a file: upload, columns, preview, then a run that brings each row in once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.keys import key_in
from core.models import LegalEntity, User
from core.pages import PageRequest, staff_page
from core.permissions import require
from core.scoping import get_visible
from core.tables import LARGEST_TABLE, TableRefused, read_table
from invoicing.actions import choose_intake_columns, save_intake_mapping, start_bringing_in, upload_contracts
from invoicing.forms.intake import IntakeColumnsForm, IntakeForm
from invoicing.intake.columns import labels_of, missing_columns, usable
from invoicing.intake.reading import preview_of
from invoicing.models import ContractIntake, IntakeMapping
from invoicing.tasks import bring_in_contracts

ROWS = 100
PERMISSION = "invoicing.bring_in_contracts"


@staff_page(PERMISSION)
def upload(request: PageRequest) -> HttpResponse:
    """Choose the file."""
    entity = request.page.entity
    form = IntakeForm(request.POST or None, request.FILES or None, entity=entity)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        facts = {"entity": entity, "kind": given["kind"], "file": given["file"]}
        if taken := carry_out(form, _take_in, by=request.page.by, **facts):
            address = redirect("invoicing:intake_columns", taken.pk)
            if given["mapping"]:
                address["Location"] += f"?mapping={given['mapping'].pk}"
            return address
    latest = ContractIntake.objects.filter(entity=entity).select_related("file", "uploaded_by", "run")[:8]
    return shown(request, "invoicing/intake_upload.html", {"latest": latest}, form)


def _take_in(*, by: User, entity: LegalEntity, kind: str, file: UploadedFile[Any]) -> ContractIntake:
    if (file.size or 0) > LARGEST_TABLE:
        raise TableRefused(f"{file.name} is too large; up to {LARGEST_TABLE // 1024 // 1024} MB are read. Split it.")
    return upload_contracts(by=by, entity=entity, kind=kind, name=file.name or "orders.csv", content=file.read())


@staff_page(PERMISSION)
def columns(request: PageRequest, pk: int) -> HttpResponse:
    """Say what each column holds."""
    taken = _opened(request, pk)
    if taken.run is not None:
        return redirect("core:run", taken.run.pk)
    table = read_table(taken.file.name, taken.file.read())
    before = _chosen_before(request, taken, table.headings)
    form = IntakeColumnsForm(request.POST or None, kind=taken.kind, headings=table.headings, **before)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, _choose, by=request.page.by, taken=taken, filled=form):
            return redirect("invoicing:intake_preview", pk)
    samples = [[cells[at] for _, cells in table.rows[:3]] for at in range(len(table.headings))]
    context = {"taken": taken, "table": table, "columns": list(zip(form.column_fields(), samples, strict=True))}
    return shown(request, "invoicing/intake_columns.html", context, form)


def _chosen_before(request: PageRequest, taken: ContractIntake, headings: list[str]) -> dict[str, Any]:
    asked = request.GET.get("mapping", "")
    saved = IntakeMapping.objects.filter(entity=taken.entity, kind=taken.kind)
    mapping = saved.filter(pk=key_in(asked) or 0).first()
    columns = usable(taken.kind, mapping.columns, headings) if mapping else taken.columns
    sign = mapping.decimal_sign if mapping else taken.decimal_sign
    return {"columns": columns, "initial": {"decimal_sign": sign, "activates": taken.activates}}


@transaction.atomic
def _choose(*, by: User, taken: ContractIntake, filled: IntakeColumnsForm) -> ContractIntake:
    given = filled.cleaned_data
    chosen = choose_intake_columns(
        by=by,
        intake=taken,
        columns=filled.columns(),
        decimal_sign=given["decimal_sign"],
        activates=bool(given.get("activates")),
    )
    if given["save_as"]:
        save_intake_mapping(by=by, intake=chosen, name=given["save_as"])
    return chosen


@staff_page(PERMISSION)
def preview(request: PageRequest, pk: int) -> HttpResponse:
    """What the file would bring, row by row; nothing is stored yet."""
    taken = _opened(request, pk)
    if taken.run is not None:
        return redirect("core:run", taken.run.pk)
    if missing_columns(taken.kind, taken.columns):
        return redirect("invoicing:intake_columns", pk)
    found = preview_of(taken)
    wrong = {row.number for item in found.items if item.draft is None for row in item.rows}
    part = request.GET.get("show", "wrong" if wrong else "all")
    rows = [row for row in found.rows if part == "all" or row.number in wrong]
    labels = labels_of(taken.kind)
    context = {
        "taken": taken,
        "found": found,
        "part": part,
        "wrong_rows": wrong,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "fields": [(key, label) for key, label in labels.items() if key in taken.columns.values()],
    }
    return render(request, "invoicing/intake_preview.html", context)


@require_POST
@staff_page(PERMISSION)
def start(request: PageRequest, pk: int) -> HttpResponse:
    """Begin the run."""
    taken = _opened(request, pk)
    try:
        run = start_bringing_in(by=request.page.by, intake=taken)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("invoicing:intake_preview", pk)
    bring_in_contracts.delay(run.pk)
    return redirect("core:run", run.pk)


def _opened(request: PageRequest, pk: int) -> ContractIntake:
    rows = ContractIntake.objects.select_related("entity", "file", "uploaded_by", "run")
    taken = get_visible(rows, request.page.by, pk=pk)
    request.page.entity = taken.entity
    require(request.page.by, PERMISSION, taken.entity)
    return taken
