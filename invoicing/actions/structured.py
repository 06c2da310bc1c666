"""Structured invoices: written when somebody needs them first, stored with their hash, and never written anew."""

from django.db import transaction

from core.files import store_file
from core.models import StoredFile, User
from core.permissions import require
from invoicing.actions.errors import NotIssued
from invoicing.einvoices.demands import Asked, missing_for
from invoicing.einvoices.formats import FORMATS, Profile, xml_of
from invoicing.einvoices.loading import content_of
from invoicing.models import CreditNote, Invoice, StructuredInvoice
from invoicing.queries.structured import structured_of

NAMED = 3


class NotStructured(NotIssued):
    """The document can't be written in that profile."""

    code = "not_structured"


@transaction.atomic
def store_structured(*, by: User, document: Invoice | CreditNote, profile: Profile) -> StoredFile:
    """The stored data of a document in a profile; whoever needs it first has it written."""
    require(by, "invoicing.view", document.entity)
    type(document).objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
    stored = structured_of(document).filter(profile=profile).first()
    if stored is not None:
        return stored.file
    if not document.is_issued:
        raise NotIssued(f"{document} has no structured data before it is issued.")
    if document.is_imported:
        raise NotStructured(f"{document} was issued by another program, which has its data.")

    content = content_of(document)
    if missing := missing_for(profile, Asked.about(content)):
        raise NotStructured(f"{document} can't be written as {FORMATS[profile].name}. " + " ".join(missing[:NAMED]))
    return _keep(by, document, profile, xml_of(content, profile))


def _keep(by: User, document: Invoice | CreditNote, profile: Profile, xml: bytes) -> StoredFile:
    """Store what was written, under the document's lock."""
    file = store_file(by, document.entity, f"{document.number}-{profile}.xml", xml)
    invoice, credit_note = (document, None) if isinstance(document, Invoice) else (None, document)
    StructuredInvoice.objects.create(
        entity=document.entity, invoice=invoice, credit_note=credit_note, profile=profile, file=file
    )
    return file
