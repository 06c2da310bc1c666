"""The pack for lawyers: one PDF with a contents page, the summary, the ledger, the documents and the correspondence.

What is no PDF, or can't be opened, lies inside the pack as an attached file, and the contents page says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from io import BytesIO

from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter

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
class Piece:
    """Something that goes into the pack: written by the house, a file that is kept, or only named."""

    title: str
    note: str = ""
    write: Callable[[], bytes] | None = None
    file: StoredFile | None = None


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


def legal_pack(customer: Customer, parts: Sequence[Part], *, to_whom: str, note: str, on: date) -> tuple[bytes, int]:
    """The pack as it is on a day, and how many pages it has."""
    count, contents = 0, Part("Contents")
    while contents.pages != count or not count:
        count = contents.pages or 1
        contents = Part("Contents", reader=_read(_contents(customer, _placed(parts, count), to_whom, note, on)))
    return _joined([contents, *parts])


def pack_name(customer: Customer, on: date) -> str:
    """What the file is called."""
    return f"legal-{customer.entity.code}-{customer.code}-{on}.pdf".replace("/", "-")


def pieces_of(customer: Customer, on: date) -> list[Piece]:
    """All that goes into the pack, in its order; each file once."""
    pieces = [
        Piece("Summary", str(on), partial(_summary, customer, on)),
        Piece("Ledger", "Open documents, and all postings of two years", partial(_ledger, customer, on)),
        *_documents(customer),
        Piece("Correspondence", "Calls, promises, disputes, notes and mails", partial(_correspondence, customer, on)),
    ]
    for message in letters_of(customer, on):
        pieces += [
            Piece(each.file.name, f"Sent with “{message.subject}”", file=each.file)
            for each in message.attachments.all()
        ]
    for kept in customer.files.select_related("file").order_by("attached_at", "pk"):
        words = f"{kept.get_kind_display()}{f', {kept.note}' if kept.note else ''}"
        pieces.append(Piece(kept.file.name, words, file=kept.file))
    return list(_once(pieces))


def part_of(piece: Piece) -> Part:
    """The pages of a piece; a file that can't be put among the pages is attached, and one that is lost is named."""
    if piece.write is not None:
        return Part(piece.title, piece.note, _read(piece.write()))
    if piece.file is None:
        return Part(piece.title, piece.note)
    try:
        content = piece.file.read()
    except OSError:
        return Part(piece.title, f"{piece.note}. Its file can't be read any more")
    reader = _read(content) if piece.file.content_type == PDF else None
    if reader is not None:
        return Part(piece.title, piece.note, reader)
    return Part(piece.title, f"{piece.note}. Attached inside this PDF", attached=(piece.file.name, content))


def _once(pieces: Sequence[Piece]) -> Iterator[Piece]:
    seen: set[str] = set()
    for piece in pieces:
        if piece.file is not None:
            if piece.file.sha256 in seen or piece.file.is_sealed:
                continue
            seen.add(piece.file.sha256)
        yield piece


def _documents(customer: Customer) -> Iterator[Piece]:
    rows = OpenItem.objects.filter(customer=customer, side=OpenItem.Side.DEBIT, open_amount__gt=0)
    items = list(rows.order_by("due_on", "pk"))
    papers = {key: file for source in sources() for key, file in source.papers([item.pk for item in items]).items()}
    for item in items:
        words = f"{item.document_label}, due {item.due_on:%d %b %Y}"
        paper = papers.get(item.pk)
        yield Piece(item.number, words if paper else f"{words}. Its paper is not kept here", file=paper)


def _read(content: bytes) -> PdfReader | None:
    """The pages of a PDF; None where it is broken or locked, or its pages can't be taken over into another."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted or not len(reader.pages):
            return None
        trial = PdfWriter()
        trial.append(reader, import_outline=False)
        trial.write(BytesIO())
    except Exception:  # strangers' files break the reader in more ways than it has names for
        return None
    return reader


def _summary(customer: Customer, on: date) -> bytes:
    return pdf_of_summary(customer, summary_of(customer, on=on), on=on)


def _ledger(customer: Customer, on: date) -> bytes:
    return pdf_of_statement(customer_statement(customer=customer, as_of=on, starts_on=on - LEDGER_OF))


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
