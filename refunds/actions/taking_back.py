"""Taking back a refund that was approved and not paid: it was named no account, or is not owed after all."""

from datetime import date

from django.db import transaction

from core.audit import audit
from core.models import User
from core.permissions import require
from customers.models import lock
from invoicing.models import Refund
from ledger.models import Allocation, JournalEntry
from ledger.posting import reverse_allocations, reverse_entry
from refunds.errors import PaymentRefused
from refunds.models import RefundPayment, TakenBack


@transaction.atomic
def take_back_refund(*, by: User, refund: Refund, taken_back_on: date, reason: str) -> TakenBack:
    """Book an approved refund back before it is paid; its credit is open again. Taken back twice, it is once.

    Raises PaymentRefused where money is on its way for it, or left already.
    """
    require(by, "refunds.take_back_refund", refund.entity)
    lock(refund.customer)
    refund = Refund.objects.select_related("entity", "customer", "item", "entry", "own_item").get(pk=refund.pk)
    done = TakenBack.objects.filter(refund=refund).first()
    if done is not None:
        return done
    entry = _checked(refund, reason)

    words = reason.strip()
    live = Allocation.objects.filter(debit_item=refund.own_item, amount__gt=0, reversed_by=None)
    reverse_allocations(by=by, allocations=list(live), allocated_on=taken_back_on, reason=words)
    mirror = reverse_entry(by=by, entry=entry, posted_on=taken_back_on, reason=words)
    row = TakenBack.objects.create(
        refund=refund, entry=mirror, taken_back_on=taken_back_on, reason=words[:300], recorded_by=by
    )

    after = {"amount": str(refund.money), "item": refund.item.number}
    audit(by, "refund.taken_back", refund, entity=refund.entity, after=after, reason=words)
    return row


def _checked(refund: Refund, reason: str) -> JournalEntry:
    """The entry of a refund that can be taken back."""
    if not refund.is_posted or refund.entry is None:
        raise PaymentRefused(f"{refund} is not approved. Withdraw its request and discard it instead.")
    if not reason.strip():
        raise PaymentRefused(f"Say why {refund} is taken back.")
    paid = RefundPayment.objects.filter(refund=refund, failed_on=None).select_related("batch").first()
    if paid is None:
        return refund.entry
    if paid.batch is not None and paid.batch.released_at is None:
        raise PaymentRefused(f"{refund} stands in {paid.batch}. Cancel that file first.")
    raise PaymentRefused(f"{refund} was paid or is on its way. Once the money came back it can be taken back.")
