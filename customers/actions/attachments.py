"""Files, notes and tax certificates at a customer."""

from datetime import date

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.files import store_file
from core.models import StoredFile, User
from core.permissions import require
from customers.checks import refuse_invalid
from customers.models import Customer, CustomerFile, CustomerNote, TaxCertificate, lock


@transaction.atomic
def attach_file(
    *, by: User, customer: Customer, name: str, content: bytes, kind: str = CustomerFile.Kind.OTHER, note: str = ""
) -> CustomerFile:
    """Keep a file at the customer: a contract, an order, a proof of payment. It stays as it came."""
    require(by, "customers.attach_file", customer.entity)
    stored = store_file(by, customer.entity, name, content)

    attached = CustomerFile(customer=customer, file=stored, kind=kind, note=note.strip(), attached_by=by)
    refuse_invalid(attached)
    attached.save(force_insert=True)

    after = {"file": stored.name, "kind": attached.get_kind_display(), "sha256": stored.sha256}
    audit(by, "file.attached", customer, entity=customer.entity, after=after)
    return attached


@transaction.atomic
def add_note(*, by: User, customer: Customer, text: str) -> CustomerNote:
    """Leave a note for the next person. It is dated, signed, and stays."""
    require(by, "customers.add_note", customer.entity)
    if not text.strip():
        raise Refused("The note is empty.")

    note = CustomerNote(customer=customer, text=text.strip(), written_by=by)
    refuse_invalid(note)
    note.save(force_insert=True)

    audit(by, "note.added", customer, entity=customer.entity, after={"text": note.text})
    return note


@transaction.atomic
def record_certificate(
    *,
    by: User,
    customer: Customer,
    number: str,
    jurisdiction: str,
    valid_from: date,
    valid_until: date | None = None,
    file: StoredFile | None = None,
) -> TaxCertificate:
    """Record the certificate by which a customer buys free of tax, and between which days it holds."""
    require(by, "customers.record_certificate", customer.entity)
    customer = lock(customer)
    if file is not None and file.entity_id != customer.entity_id:
        raise Refused(f"{file.name} belongs to another company than {customer.name}.")

    certificate = TaxCertificate(
        customer=customer,
        number=number.strip(),
        jurisdiction=jurisdiction.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        file=file,
        recorded_by=by,
    )
    refuse_invalid(certificate)
    certificate.save(force_insert=True)

    after = {"certificate": str(certificate), "valid_from": valid_from, "valid_until": valid_until}
    audit(by, "certificate.recorded", customer, entity=customer.entity, after=after)
    return certificate
