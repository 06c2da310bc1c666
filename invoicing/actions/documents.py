"""The PDF of an issued document, its data inside: made once, stored with its hash, and never made anew."""

from django.db import transaction

from core.files import store_file
from core.models import StoredFile, User
from core.pdf_archive import Embedded
from core.permissions import require
from invoicing.actions.errors import NotIssued
from invoicing.actions.structured import NotStructured, store_structured
from invoicing.einvoices.facturx import inside
from invoicing.einvoices.formats import Profile
from invoicing.models import CreditNote, Document, Invoice
from invoicing.papers.printable import printable_credit_notes, printable_invoices
from invoicing.papers.rendering import pdf_of_credit_note, pdf_of_invoice


@transaction.atomic
def store_invoice_pdf(*, by: User, invoice: Invoice) -> StoredFile:
    """The stored PDF of an invoice; whoever needs it first has it made, and whoever comes meanwhile waits."""
    require(by, "invoicing.view", invoice.entity)
    locked = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("pdf").get(pk=invoice.pk)
    if locked.pdf is not None:
        return locked.pdf
    _refuse_draft(locked)

    data = _data_of(by, locked)
    content = pdf_of_invoice(printable_invoices().get(pk=invoice.pk), data)
    return _keep(by, locked, content)


@transaction.atomic
def store_credit_note_pdf(*, by: User, credit_note: CreditNote) -> StoredFile:
    """The stored PDF of a credit note, made by whoever needs it first."""
    require(by, "invoicing.view", credit_note.entity)
    rows = CreditNote.objects.select_for_update(of=("self",), no_key=True).select_related("pdf")
    locked = rows.get(pk=credit_note.pk)
    if locked.pdf is not None:
        return locked.pdf
    _refuse_draft(locked)

    data = _data_of(by, locked)
    content = pdf_of_credit_note(printable_credit_notes().get(pk=credit_note.pk), data)
    return _keep(by, locked, content)


def _refuse_draft(document: Document) -> None:
    if not document.is_issued:
        raise NotIssued(f"{document} has no PDF before it is issued.")


def _data_of(by: User, document: Invoice | CreditNote) -> Embedded | None:
    """The CII that goes inside; nothing where EN 16931 has no room for the document."""
    try:
        stored = store_structured(by=by, document=document, profile=Profile.CII)
    except NotStructured:
        return None
    return inside(stored.read(), str(document.number))


def _keep(by: User, document: Document, content: bytes) -> StoredFile:
    stored = store_file(by, document.entity, f"{document.number}.pdf", content)
    document.pdf = stored
    document.save(update_fields=["pdf"])
    return stored
