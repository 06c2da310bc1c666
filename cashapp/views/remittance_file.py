"""A remittance on its way in: uploaded or pasted, previewed with its columns, taken in."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.remittances import TakenIn, save_remittance_mapping, take_in_remittance, upload_remittance
from cashapp.forms.remittances import ColumnsForm, RemittanceForm
from cashapp.models import Remittance
from cashapp.queries.remittance_mappings import advices_of, fitting_columns
from cashapp.remittances import Advice, RemittanceRefused, StatedLine
from cashapp.remittances.mapping import TABLES, RemittanceColumns, guessed_columns, table_rows
from cashapp.taking_in import Recognised, content_hash, recognise
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.models import LegalEntity, StoredFile
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from ledger.models import OpenItem

SHOWN_PAYMENTS = 20
SHOWN_LINES = 60
PASTED = "pasted.txt"
TABLE_NAMES = (".csv", ".tsv", ".xlsx", ".xls")


@dataclass(frozen=True, slots=True)
class ToldPayment:
    """A payment of the file as it would be taken in; `before` is the same one where it was taken in before."""

    advice: Advice
    recognised: Recognised
    before: Remittance | None

    @property
    def rows(self) -> list[tuple[StatedLine, OpenItem | None]]:
        """The first lines with the documents that they name."""
        return list(zip(self.advice.lines, self.recognised.items, strict=True))[:SHOWN_LINES]


@dataclass(slots=True)
class FileOnItsWay:
    """A file with what it says, and for a table the columns through which it is read."""

    file: StoredFile
    entity: LegalEntity
    columns_form: ColumnsForm | None = None
    columns: RemittanceColumns | None = None
    told: list[ToldPayment] = field(default_factory=list)
    count: int = 0
    problem: str = ""

    def context(self) -> dict[str, Any]:
        """For the template."""
        return {
            "file": self.file,
            "told": self.told,
            "count": self.count,
            "rest": self.count - len(self.told),
            "problem": self.problem,
            "columns_form": self.columns_form,
        }


@staff_page("cashapp.take_in_remittance")
def upload_page(request: PageRequest) -> HttpResponse:
    """Take a file or a text from a payer."""
    form = RemittanceForm(request.POST, request.FILES) if request.method == "POST" else RemittanceForm()
    if request.method == "POST" and form.is_valid():
        page = request.page
        name, content = form.told()
        kept = carry_out(form, upload_remittance, by=page.by, entity=page.entity, name=name, content=content)
        if kept:
            return redirect("cashapp:remittance_file", kept.pk)
    return shown(request, "cashapp/remittance_upload.html", {}, form)


@staff_page("cashapp.take_in_remittance")
def file_page(request: PageRequest, pk: int) -> HttpResponse:
    """What the file says, before anything of it is kept."""
    return render(request, "cashapp/remittance_file.html", _read(request, pk).context())


@staff_page("cashapp.take_in_remittance")
@require_POST
def preview(request: PageRequest, pk: int) -> HttpResponse:
    """The preview again, after a change of columns; nothing is kept."""
    part = "#preview" if request.htmx else ""
    return render(request, f"cashapp/remittance_file.html{part}", _read(request, pk).context())


@staff_page("cashapp.take_in_remittance")
@require_POST
def take_in(request: PageRequest, pk: int) -> HttpResponse:
    """Take the file in as it was previewed."""
    found = _read(request, pk)
    taken = [] if found.problem else _take_in(request, found)
    if found.problem:
        return render(request, "cashapp/remittance_file.html", found.context(), status=422)
    messages.success(request, _said(taken))
    if len(taken) == 1:
        return redirect("cashapp:remittance", taken[0].remittance.pk)
    return redirect("cashapp:remittances")


def _take_in(request: PageRequest, found: FileOnItsWay) -> list[TakenIn]:
    page, file, form = request.page, found.file, found.columns_form
    source = Remittance.Source.PASTED if file.name == PASTED else Remittance.Source.UPLOADED
    by, entity = page.by, page.entity
    try:
        if form is not None and found.columns is not None and form.cleaned_data["name"]:
            save_remittance_mapping(by=by, entity=entity, name=form.cleaned_data["name"], columns=found.columns)
        return take_in_remittance(
            by=by,
            entity=entity,
            name=file.name,
            content=file.read(),
            source=source,
            file=file,
            columns=found.columns,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        found.problem = refusal.message
        return []


def _said(taken: list[TakenIn]) -> str:
    new = [each for each in taken if each.is_new]
    if not new:
        return "It was taken in before. Nothing was added."
    return f"{len(new)} remittance{'' if len(new) == 1 else 's'} taken in."


# Reading -------------------------------------------------------------------------------------------------------------


def _read(request: PageRequest, pk: int) -> FileOnItsWay:
    entity = request.page.entity
    file = get_visible(StoredFile.objects.filter(entity=entity), request.page.by, pk=pk)
    found = FileOnItsWay(file, entity)
    try:
        advices = _advices(found, request)
    except Refused as refusal:
        found.problem = refusal.message
        return found
    found.count = len(advices)
    found.told = [_told(entity, advice) for advice in advices[:SHOWN_PAYMENTS]]
    return found


def _advices(found: FileOnItsWay, request: PageRequest) -> list[Advice]:
    """By the columns that somebody chose, else as the file is read by itself. Only tables have columns to choose."""
    content, name = found.file.read(), found.file.name
    refusal: Refused | None = None
    advices: list[Advice] = []
    try:
        advices = advices_of(found.entity, content, name)
    except RemittanceRefused as refused:
        refusal = refused
    is_table = bool(refusal) or advices[0].file_format in TABLES or name.casefold().endswith(TABLE_NAMES)
    rows = table_rows(content, name) if is_table else []
    if rows:
        start = fitting_columns(found.entity, rows) or guessed_columns(rows)
        data = request.POST if "header_row" in request.POST else None
        found.columns_form = form = ColumnsForm(rows, start, data)
        if form.is_bound and form.is_valid():
            found.columns = form.chosen()
            return found.columns.read(rows, name)
    if refusal:
        raise refusal
    return advices


def _told(entity: LegalEntity, advice: Advice) -> ToldPayment:
    before = Remittance.objects.filter(entity=entity, content_hash=content_hash(advice)).first()
    return ToldPayment(advice, recognise(advice, entity), before)
