"""A file from the bank on its way in: uploaded, previewed with its columns, imported."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cashapp.actions.matching import match_statement
from cashapp.actions.statements import (
    ImportedStatement,
    TriedStatement,
    import_statement,
    save_mapping,
    try_import,
    upload_statement,
)
from cashapp.forms.statements import AccountForm, MappingForm, UploadForm
from cashapp.importing.accounts import only_account_for
from cashapp.models import BankStatement
from cashapp.queries.mappings import fitting_mapping, mapping_named, mapping_names
from cashapp.queries.settlements import is_settlement
from cashapp.statements import ReadFile, read_file
from cashapp.statements.bank_mappings import bank_mapping_for
from cashapp.statements.guess import suggest_mapping
from cashapp.statements.mapping import ColumnMapping, MappingRefused
from cashapp.statements.preview import TablePreview, preview_table
from cashapp.statements.proof import prove
from cashapp.statements.psp import settlement_reader
from cashapp.statements.recognise import TABLES, RecognisedFile, recognise
from cashapp.statements.tables import rows_of
from cashapp.tasks import match_lines
from core.errors import NotAllowed, Refused
from core.forms import carry_out, shown
from core.models import BankAccount, LegalEntity, StoredFile
from core.pages import PageRequest, staff_page
from core.rows import Row
from core.scoping import get_visible

SHOWN_LINES = 60


@dataclass(slots=True)
class FilePreview:
    """Everything that is known about an uploaded file before it is imported."""

    file: StoredFile
    entity: LegalEntity
    account_form: AccountForm
    account: BankAccount | None = None
    rows: list[Row] = field(default_factory=list)
    mapping_form: MappingForm | None = None
    mapping: ColumnMapping | None = None
    table: TablePreview | None = None
    read: ReadFile | None = None
    tried: list[TriedStatement] = field(default_factory=list)
    doubts: tuple[str, ...] = ()
    problem: str = ""

    @property
    def before(self) -> list[BankStatement]:
        """Statements of the file that were imported before."""
        return [each.before for each in self.tried if each.before]

    @property
    def is_known(self) -> bool:
        """True where nothing in the file is new."""
        return bool(self.tried) and len(self.before) == len(self.tried)

    @property
    def form(self) -> AccountForm | MappingForm:
        """Where a refusal is shown."""
        return self.mapping_form or self.account_form

    def context(self) -> dict[str, Any]:
        """For the template."""
        told = self.read.statements if self.read else ()
        return {
            "preview": self,
            "file": self.file,
            "told": [
                {"statement": each, "lines": each.lines[:SHOWN_LINES], "findings": prove(each), "tried": tried}
                for each, tried in zip(told, [*self.tried, *[None] * len(told)], strict=False)
            ],
            "mappings": mapping_names(self.entity) if self.mapping_form else [],
        }


@staff_page("cashapp.import_statement")
def upload_page(request: PageRequest) -> HttpResponse:
    """Take a file from the bank."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload, page = form.cleaned_data["file"], request.page
        kept = carry_out(
            form, upload_statement, by=page.by, entity=page.entity, name=upload.name, content=upload.read()
        )
        if kept:
            return redirect("cashapp:statement_file", kept.pk)
    return shown(request, "cashapp/statement_upload.html", {}, form)


@staff_page("cashapp.import_statement")
def file_page(request: PageRequest, pk: int) -> HttpResponse:
    """What an uploaded file says, before anything of it is kept."""
    preview = _preview_of(request, pk)
    _try(preview, request)
    return render(request, "cashapp/statement_file.html", preview.context())


@staff_page("cashapp.import_statement")
@require_POST
def preview_file(request: PageRequest, pk: int) -> HttpResponse:
    """The preview again, after a change of account or columns; nothing is kept."""
    preview = _preview_of(request, pk)
    _try(preview, request)
    part = "#preview" if request.htmx else ""
    return render(request, f"cashapp/statement_file.html{part}", preview.context())


@staff_page("cashapp.import_statement")
@require_POST
def import_file(request: PageRequest, pk: int) -> HttpResponse:
    """Import an uploaded file as it was previewed."""
    preview = _preview_of(request, pk)
    imported = None if preview.problem else _import(preview, request)
    if imported is None:
        return render(request, "cashapp/statement_file.html", preview.context(), status=422)
    messages.success(request, _said(preview.file.name, imported))
    _start_matching(request, imported)
    if len(imported) == 1:
        statement = imported[0].statement
        return redirect("cashapp:settlement" if is_settlement(statement) else "cashapp:statement", statement.pk)
    return redirect("cashapp:statements")


def _said(name: str, imported: Sequence[ImportedStatement]) -> str:
    if not any(each.is_new for each in imported):
        return f"{name} was imported before. Nothing was added."
    new = sum(each.new_lines for each in imported)
    return f"{new} new line{'' if new == 1 else 's'} from {name}."


def _start_matching(request: PageRequest, imported: Sequence[ImportedStatement]) -> None:
    """Hand what is new to the matcher, which works on while the page is read."""
    for each in imported:
        if each.new_lines:
            run = match_statement(by=request.page.by, statement=each.statement)
            match_lines.delay(run.pk)


def _preview_of(request: PageRequest, pk: int) -> FilePreview:
    entity = request.page.entity
    file = get_visible(StoredFile.objects.filter(entity=entity), request.page.by, pk=pk)
    preview = FilePreview(file, entity, AccountForm(entity, request.POST if request.method == "POST" else None))
    if preview.account_form.is_bound and preview.account_form.is_valid():
        preview.account = preview.account_form.cleaned_data["bank_account"]
    try:
        _read_columns(preview, request)
        preview.read = read_file(file.read(), file.name, preview.mapping)
        if preview.mapping_form and preview.account is None:
            _propose_account(preview, only_account_for(entity, preview.read.statements))
    except Refused as refusal:
        preview.problem = refusal.message
    return preview


def _read_columns(preview: FilePreview, request: PageRequest) -> None:
    """For tables: the form of columns and the first rows through it."""
    data = request.POST if request.method == "POST" else None
    chosen: dict[str, str] = request.POST.dict()
    content, name = preview.file.read(), preview.file.name
    recognised = recognise(content, name, encoding=chosen.get("encoding", ""))
    if recognised.format not in TABLES:
        return
    preview.rows = rows_of(recognised, delimiter=chosen.get("delimiter", ""))
    if settlement_reader(name, preview.rows):
        return
    asked = chosen.get("start") or request.GET.get("mapping", "")
    start, preview.doubts = _start_mapping(preview, recognised, asked)
    preview.mapping_form = form = MappingForm(preview.rows, start, data)
    preview.mapping = start
    if form.is_bound:
        if not form.is_valid():
            raise MappingRefused("Some of the choices do not fit. Look at the columns marked red.")
        preview.mapping = form.mapping()
    preview.table = preview_table(name, preview.rows, preview.mapping)


def _start_mapping(preview: FilePreview, file: RecognisedFile, asked: str) -> tuple[ColumnMapping, tuple[str, ...]]:
    """The asked one, one that was saved for such a file, the bank's own, or a guess.

    Where even that fails, the first two columns are there to be corrected.
    """
    if asked:
        return mapping_named(preview.entity, asked), ()
    saved = fitting_mapping(preview.entity, file, preview.rows)
    if saved:
        _propose_account(preview, saved.bank_account)
        return saved.mapping, ()
    known = bank_mapping_for(preview.rows)
    if known:
        return known, ()
    try:
        suggestion = suggest_mapping(preview.rows)
    except MappingRefused as refusal:
        return ColumnMapping(booked_on=1, amount=2, header_row=0), (refusal.message,)
    return suggestion.mapping, suggestion.doubts


def _propose_account(preview: FilePreview, account: BankAccount | None) -> None:
    """The account with which the columns were saved, or the only one, until the person says otherwise."""
    if account and not preview.account_form.is_bound:
        preview.account = account
        preview.account_form.initial["bank_account"] = account.pk


def _try(preview: FilePreview, request: PageRequest) -> None:
    """Run the import and take it back, so that the preview shows its refusal or its result."""
    if preview.problem:
        return
    try:
        preview.tried = try_import(
            by=request.page.by,
            entity=preview.entity,
            file=preview.file,
            bank_account=preview.account,
            mapping=preview.mapping,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        preview.problem = refusal.message


def _import(preview: FilePreview, request: PageRequest) -> list[ImportedStatement] | None:
    by, mapping = request.page.by, preview.mapping
    if mapping and preview.mapping_form and preview.mapping_form.cleaned_data["name"]:
        account = preview.account
        saved = carry_out(
            preview.form, save_mapping, by=by, entity=preview.entity, mapping=mapping, bank_account=account
        )
        if saved is None:
            return None
    try:
        return import_statement(
            by=by,
            entity=preview.entity,
            name=preview.file.name,
            content=preview.file.read(),
            bank_account=preview.account,
            mapping=mapping,
            file=preview.file,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        preview.problem = refusal.message
        return None
