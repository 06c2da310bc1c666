"""The print pack of suspensions: a page for each case, for the meeting or for one customer."""

from collections.abc import Sequence
from datetime import date

from django.template.loader import render_to_string

from ar_collections.models import SuspensionCase
from ar_collections.queries.suspension import CaseFile
from core.models import LegalEntity
from core.papers import stylesheets_of
from core.pdf import render_pdf

TEMPLATE = "collections/pdf/suspensions.html"
STYLE = "collections/pdf/inner_paper.css"


def pdf_of_pack(files: Sequence[CaseFile], *, on: date) -> bytes:
    """The pack as a PDF, its cases in the order of the meeting."""
    entity = files[0].case.entity if files else None
    html = render_to_string(TEMPLATE, {"files": files, "entity": entity, "on": on})
    return render_pdf(html, *(stylesheets_of(entity, STYLE) if entity else ("core/pdf/document.css", STYLE)))


def pack_name(entity: LegalEntity, on: date, case: SuspensionCase | None = None) -> str:
    """What the file is called."""
    about = f"{case.customer.code}-{case.pk}" if case else "meeting"
    return f"suspension-{entity.code}-{about}-{on}.pdf".replace("/", "-")
