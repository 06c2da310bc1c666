"""Finding payments that came twice, and deciding that one stays. Refunding one is asked for like every refund."""

from datetime import date

from django.db import transaction

from core import clock
from core.audit import audit, audit_many
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import lock
from refunds.errors import DuplicateRefused
from refunds.models import DuplicatePayment
from refunds.queries.duplicates import suspicions

Cause = DuplicatePayment.Cause


@transaction.atomic
def find_duplicates(*, by: User, entity: LegalEntity, as_of: date) -> list[DuplicatePayment]:
    """Put what looks paid twice on the list. Looked for again, what is there already stays as it is."""
    require(by, "refunds.find_duplicates", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    rows = [
        DuplicatePayment(
            receipt_id=one.receipt,
            cause=Cause.SAME_PAYMENT if one.twin else Cause.DOCUMENT_PAID,
            twin_id=one.twin,
            document_id=one.document,
            evidence=one.evidence[:400],
            found_by=by,
        )
        for one in suspicions(entity, as_of)
    ]
    DuplicatePayment.objects.bulk_create(rows)
    audit_many(by, "duplicate.found", rows, entity=entity, after_each=lambda row: {"evidence": row.evidence})
    return rows


@transaction.atomic
def keep_duplicate(*, by: User, duplicate: DuplicatePayment, note: str) -> DuplicatePayment:
    """Leave the money on account, with whose consent: it pays what comes next."""
    entity = duplicate.receipt.entity
    require(by, "refunds.keep_duplicate", entity)
    lock(duplicate.receipt.item.customer)
    row = DuplicatePayment.objects.select_related("receipt__item").get(pk=duplicate.pk)
    if row.kept_at is not None:
        return row
    if not note.strip():
        raise DuplicateRefused("Write who at the customer agreed that it stays on account, and how.")
    if row.receipt.item.refunds.exists():
        raise DuplicateRefused(f"A refund of {row.receipt} was asked for already.")

    row.kept_by, row.kept_at, row.kept_note = by, clock.now(), note.strip()[:300]
    row.save(update_fields=["kept_by", "kept_at", "kept_note"])
    audit(by, "duplicate.kept", row, entity=entity, reason=note)
    return row
