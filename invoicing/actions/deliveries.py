"""Recording that documents reached their customers on another way, and taking that back."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.db import transaction

from core import clock
from core.audit import audit, audit_many
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from invoicing.actions.errors import NotIssued
from invoicing.models import CreditNote, Document, Invoice, OtherDelivery

AnyDocument = TypeVar("AnyDocument", bound=Document)


class NotDelivered(Refused):
    """The document can't have reached its customer like that."""

    code = "not_delivered"


@transaction.atomic
def record_delivery(
    *, by: User, entity: LegalEntity, documents: Sequence[Document], delivered_on: date, way: str, today: date
) -> list[OtherDelivery]:
    """Record how documents reached their customers without our mails and letters; those that are recorded stay so.

    From then on they count as delivered: neither *Undelivered* nor *Uploads* lists them, and reminders no longer wait
    for them. A mail or letter that is on its way goes on.
    """
    require(by, "invoicing.record_delivery", entity)
    if not way.strip():
        raise NotDelivered("Write how it reached the customer, for example “handed over at the meeting”.")
    for document in documents:
        _refuse(document, entity, delivered_on, today)
    fresh = _not_recorded(_locked(documents))

    rows = [_row(by, document, delivered_on, way.strip()) for document in fresh]
    OtherDelivery.objects.bulk_create(rows, batch_size=1000)

    after = {"delivered_on": delivered_on, "way": way.strip()}
    for kind, event in ((Invoice, "invoice.delivered_otherwise"), (CreditNote, "credit_note.delivered_otherwise")):
        audit_many(by, event, _of(kind, fresh), entity=entity, after_each=lambda _: after)
    return rows


@transaction.atomic
def take_back_delivery(*, by: User, delivery: OtherDelivery, reason: str) -> OtherDelivery:
    """Say that a document did not arrive after all. What was recorded stays, with who took it back and why."""
    require(by, "invoicing.take_back_delivery", delivery.entity)
    rows = OtherDelivery.objects.select_for_update(of=("self",), no_key=True)
    delivery = rows.select_related("entity", "invoice", "credit_note").get(pk=delivery.pk)
    if delivery.ended_at is not None:
        return delivery
    if not reason.strip():
        raise Refused(f"Say why {delivery.document.number} did not arrive.")

    delivery.ended_by, delivery.ended_at, delivery.end_reason = by, clock.now(), reason.strip()
    delivery.save(update_fields=["ended_by", "ended_at", "end_reason"])

    event = f"{_kind(delivery.document)}.delivery_taken_back"
    audit(by, event, delivery.document, entity=delivery.entity, reason=delivery.end_reason)
    return delivery


def _refuse(document: Document, entity: LegalEntity, on: date, today: date) -> None:
    if not document.is_issued or document.issued_on is None:
        raise NotIssued(f"{document} is not issued yet; nothing can have arrived.")
    if document.entity_id != entity.pk:
        raise NotDelivered(f"{document} is no document of {entity.name}.")
    if not document.issued_on <= on <= today:
        dated = f"{document.number} is dated {document.issued_on:%d %B %Y}"
        raise NotDelivered(f"{dated}; it arrived between that day and today.")


def _locked(documents: Sequence[Document]) -> list[Document]:
    """The documents, each held by its row so that two people record it one after the other."""
    for kind in (Invoice, CreditNote):
        rows = kind.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in _of(kind, documents)])
        list(rows.order_by("pk").values_list("pk"))
    return list(documents)


def _not_recorded(documents: Sequence[Document]) -> list[Document]:
    live = OtherDelivery.objects.filter(ended_at=None)
    invoices = set(live.filter(invoice__in=_of(Invoice, documents)).values_list("invoice_id", flat=True))
    notes = set(live.filter(credit_note__in=_of(CreditNote, documents)).values_list("credit_note_id", flat=True))
    return [one for one in documents if one.pk not in (invoices if isinstance(one, Invoice) else notes)]


def _of(kind: type[AnyDocument], documents: Sequence[Document]) -> list[AnyDocument]:
    return [document for document in documents if isinstance(document, kind)]


def _row(by: User, document: Document, on: date, way: str) -> OtherDelivery:
    of = {"invoice" if isinstance(document, Invoice) else "credit_note": document}
    return OtherDelivery(entity_id=document.entity_id, delivered_on=on, way=way[:200], recorded_by=by, **of)


def _kind(document: Document) -> str:
    return "invoice" if isinstance(document, Invoice) else "credit_note"
