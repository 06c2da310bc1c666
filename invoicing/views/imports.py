"""Invoices and credit notes out of structured files that another program wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render

from core.errors import Refused
from core.models import LegalEntity, User
from core.pages import PageRequest, staff_page
from invoicing.actions.structured_imports import import_structured
from invoicing.einvoices.reading import LARGEST_PDF, MEGABYTE
from invoicing.models import CreditNote, Invoice

MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file."""

    name: str
    document: Invoice | CreditNote | None = None
    refusal: str = ""

    @property
    def is_invoice(self) -> bool:
        """Whether it was an invoice that was taken over."""
        return isinstance(self.document, Invoice)


@staff_page("invoicing.issue_imported")
def import_invoices(request: PageRequest) -> HttpResponse:
    """Choose files; each is taken over or refused with its reason."""
    page = request.page
    page.ask_first("invoicing.issue_imported")
    files = request.FILES.getlist("files")
    outcomes = [_outcome(page.by, page.entity, file) for file in files[:MOST_FILES]]
    outcomes += [Outcome(file.name or "", refusal="More than 50 files at a time.") for file in files[MOST_FILES:]]
    context: dict[str, Any] = {"outcomes": outcomes, "nothing_chosen": request.method == "POST" and not files}
    return render(request, "invoicing/import_invoices.html", context, status=422 if context["nothing_chosen"] else 200)


def _outcome(by: User, entity: LegalEntity, file: UploadedFile[Any]) -> Outcome:
    name = file.name or "file"
    if (file.size or 0) > LARGEST_PDF:
        return Outcome(name, refusal=f"The file is too large; up to {LARGEST_PDF // MEGABYTE} MB are read.")
    try:
        return Outcome(name, import_structured(by=by, entity=entity, name=name, content=file.read()))
    except Refused as refusal:
        return Outcome(name, refusal=refusal.message)
