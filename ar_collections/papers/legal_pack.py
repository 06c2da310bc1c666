"""The pack for lawyers: one PDF with a contents page, the summary, the ledger, the documents and the correspondence.

What is no PDF, or can't be opened, lies inside the pack as an attached file, and the contents page says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from ar_collections.papers.case_summary import pdf_of_summary
from ar_collections.papers.rendering import pdf_of_statement
from ar_collections.queries.escalations import summary_of
from ar_collections.queries.history import all_that_happened, letters_of
from ar_collections.queries.statements import customer_statement
from ar_collections.sources import sources
from core.models import StoredFile
from core.papers import stylesheets_of
from core.pdf import render_pdf
from customers.models import Customer
from ledger.models import OpenItem

PDF = "application/pdf"
STYLE = "collections/pdf/inner_paper.css"
LEDGER_OF = timedelta(days=731)


@dataclass(frozen=True)
class Part:
    """Something in the pack: its pages, or the file that lies inside."""

    title: str
    note: str = ""
    reader: PdfReader | None = None
    attached: tuple[str, bytes] | None = None

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return len(self.reader.pages) if self.reader else 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of the contents page; what lies inside as a file has no page."""

    part: Part
    page: int | None


def legal_pack(customer: Customer, *, to_whom: str, note: str, on: date) -> tuple[bytes, int]:
    """The pack as it is on a day, and how many pages it has."""
    parts = list(_parts(customer, on))
    count, contents = 0, Part("Contents")
    while contents.pages != count or not count:
        count = contents.pages or 1
        contents = Part("Contents", reader=_read(_contents(customer, _placed(parts, count), to_whom, note, on)))
    return _joined([contents, *parts])


def pack_name(customer: Customer, on: date) -> str:
    """What the file is called."""
    return f"legal-{customer.entity.code}-{customer.code}-{on}.pdf".replace("/", "-")


def _parts(customer: Customer, on: date) -> Iterator[Part]:
    yield Part("Summary", str(on), _read(pdf_of_summary(customer, summary_of(customer, on=on), on=on)))
    statement = customer_statement(customer=customer, as_of=on, starts_on=on - LEDGER_OF)
    yield Part("Ledger", "Open documents, and all postings of two years", _read(pdf_of_statement(statement)))
    seen: set[str] = set()
    yield from _documents(customer, seen)
    yield Part("Correspondence", "Calls, promises, disputes, notes and mails", _read(_correspondence(customer, on)))
    for message in letters_of(customer, on):
        for attachment in message.attachments.all():
            yield from _of_file(attachment.file, f"Sent with “{message.subject}”", seen)
    for file in customer.files.select_related("file").order_by("attached_at", "pk"):
        yield from _of_file(file.file, f"{file.get_kind_display()}{f', {file.note}' if file.note else ''}", seen)


def _documents(customer: Customer, seen: set[str]) -> Iterator[Part]:
    rows = OpenItem.objects.filter(customer=customer, side=OpenItem.Side.DEBIT, open_amount__gt=0)
    items = list(rows.order_by("due_on", "pk"))
    papers = {key: file for source in sources() for key, file in source.papers([item.pk for item in items]).items()}
    for item in items:
        words = f"{item.document_label}, due {item.due_on:%d %b %Y}"
        if item.pk in papers:
            yield from _of_file(papers[item.pk], words, seen, title=item.number)
        else:
            yield Part(item.number, f"{words}. Its paper is not kept here")


def _of_file(file: StoredFile, note: str, seen: set[str], title: str = "") -> Iterator[Part]:
    """A stored file, once; what can't be put among the pages is attached."""
    if file.sha256 in seen or file.is_sealed:
        return
    seen.add(file.sha256)
    content = file.read()
    reader = _read(content) if file.content_type == PDF else None
    if reader is not None:
        yield Part(title or file.name, note, reader)
    else:
        yield Part(title or file.name, f"{note}. Attached inside this PDF", attached=(file.name, content))


def _read(content: bytes) -> PdfReader | None:
    """The pages of a PDF; None where it is broken or locked."""
    try:
        reader = PdfReader(BytesIO(content))
        return reader if not reader.is_encrypted and len(reader.pages) else None
    except (PyPdfError, ValueError, KeyError, TypeError):
        return None


def _correspondence(customer: Customer, on: date) -> bytes:
    context = {
        "customer": customer,
        "on": on,
        "happened": all_that_happened(customer, on),
        "letters": letters_of(customer, on),
    }
    html = render_to_string("collections/pdf/correspondence.html", context)
    return render_pdf(html, *stylesheets_of(customer.entity, STYLE))


def _placed(parts: Sequence[Part], first: int) -> list[Placed]:
    """Each part with the page on which it begins."""
    found, page = [], first + 1
    for part in parts:
        found.append(Placed(part, page if part.pages else None))
        page += part.pages
    return found


def _contents(customer: Customer, placed: Sequence[Placed], to_whom: str, note: str, on: date) -> bytes:
    context = {"customer": customer, "placed": placed, "to_whom": to_whom, "note": note, "on": on}
    html = render_to_string("collections/pdf/legal_contents.html", context)
    return render_pdf(html, *stylesheets_of(customer.entity, STYLE))


def _joined(parts: Sequence[Part]) -> tuple[bytes, int]:
    writer = PdfWriter()
    for part in parts:
        if part.reader is not None:
            writer.append(part.reader, outline_item=part.title, import_outline=False)
        elif part.attached is not None:
            writer.add_attachment(*part.attached)
    target = BytesIO()
    writer.write(target)
    return target.getvalue(), len(writer.pages)
