"""Write-offs: within one's own limit or after somebody else's approval, reversed, recovered, their tax claimed back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from ar_collections.actions.write_off_books import WriteOffBooks
from ar_collections.models import WriteOff, WriteOffItem
from ar_collections.queries.write_offs import debts_of, losses_of
from controls.actions import approve_request, request_approval, return_authority, use_authority
from controls.models import ApprovalRequest, Authority, AuthorityUse
from core.audit import audit
from core.errors import Refused, SameKeyOtherContent
from core.models import User
from core.money import ZERO, Money
from core.permissions import require
from customers.models import Customer, lock
from ledger.models import OpenItem


class NotWrittenOff(Refused):
    """It can't be written off, or stands otherwise than the step needs."""

    code = "not_written_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What is written off: documents with an amount of each, the reason, and which account bears the loss."""

    currency: str
    parts: Sequence[tuple[int, Decimal]]
    reason: WriteOff.Reason
    note: str
    against: WriteOff.Against = WriteOff.Against.EXPENSE
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A write-off with its lines, kept but not posted."""

    row: WriteOff
    lines: Sequence[WriteOffItem]


@transaction.atomic
def write_off_items(*, by: User, customer: Customer, writing: Writing, posted_on: date) -> WriteOff:
    """Write documents off within one's own limit for the customer in 90 days; above it somebody else is asked."""
    require(by, "collections.write_off_items", customer.entity)
    customer = lock(customer)
    if (done := _done_before(customer, writing)) is not None:
        return done
    begun = _begin(by, customer, writing, posted_on)
    use = use_authority(
        by=by,
        entity=customer.entity,
        kind=Authority.WRITE_OFF,
        amount=begun.row.money,
        counts_with=f"customer:{customer.pk}",
        subject_label=f"Write-off for {customer.name}",
        on=posted_on,
    )

    return _post(by, begun, use, posted_on)


@transaction.atomic
def request_write_off(*, by: User, customer: Customer, writing: Writing, requested_on: date) -> WriteOff:
    """Lay a write-off before somebody with a higher limit. Until then the documents are collected as before."""
    require(by, "collections.request_write_off", customer.entity)
    customer = lock(customer)
    if (done := _done_before(customer, writing)) is not None:
        return done
    waiting = WriteOff.objects.filter(customer=customer, item=None, ended_on=None, currency=writing.currency).first()
    if waiting is not None:
        raise NotWrittenOff(f"{waiting} waits for {customer.name} already. Drop it before another is asked for.")
    begun = _begin(by, customer, writing, requested_on)
    row = begun.row
    request_approval(
        by=by,
        entity=row.entity,
        kind=Authority.WRITE_OFF,
        subject=row,
        subject_url=reverse("collections:write_off", args=[row.pk]),
        subject_label=f"Write-off for {customer.name}",
        facts=[
            ("Customer", str(customer)),
            ("Documents", ", ".join(str(line) for line in begun.lines)),
            ("Reason", row.get_reason_display()),
            ("Tax in it", str(Money(sum((line.tax for line in begun.lines), ZERO), row.currency))),
            ("Borne by", row.get_against_display()),
        ],
        effect="The documents are settled with the loss; what comes in later is posted as recovered.",
        amount=row.money,
        counts_with=f"customer:{customer.pk}",
        reason=row.note,
        decide_url_name="collections:approve_write_off",
        requested_on=requested_on,
    )

    audit(by, "write_off.requested", row, entity=row.entity, after=_told(row), reason=row.note)
    return row


@transaction.atomic
def approve_write_off(
    *, by: User, request: ApprovalRequest, write_off: WriteOff, posted_on: date, comment: str = ""
) -> WriteOff:
    """Approve somebody else's request and post it, both or neither."""
    require(by, "collections.approve_write_off", write_off.entity)
    lock(write_off.customer)
    row = _locked(write_off)
    if (request.subject_type, request.subject_id) != (row._meta.label_lower, str(row.pk)):
        raise NotWrittenOff(f"The request is about {request.subject_label}, not about this write-off.")
    if row.item is not None or row.ended_on is not None:
        raise NotWrittenOff(f"{row} is posted or dropped already.")
    lines = list(row.lines.select_related("item"))
    _refuse_settled_meanwhile(row.customer, lines, posted_on)
    approve_request(by=by, request=request, amount=row.money, decided_on=posted_on, comment=comment)
    uses = AuthorityUse.objects.filter(kind=request.kind, person=by, counts_with=request.counts_with)
    row.approved_by = by

    return _post(by, Begun(row, lines), uses.latest("pk"), posted_on)


@transaction.atomic
def drop_write_off(*, by: User, write_off: WriteOff, reason: str, dropped_on: date) -> WriteOff:
    """Give up a write-off that was asked for and never posted."""
    require(by, "collections.request_write_off", write_off.entity)
    lock(write_off.customer)
    row = _locked(write_off)
    if row.ended_on is not None:
        return row
    if row.item is not None:
        raise NotWrittenOff(f"{row} is posted. A manager reverses it.")

    return _end(by, row, reason, dropped_on, "write_off.dropped")


@transaction.atomic
def reverse_write_off(*, by: User, write_off: WriteOff, reason: str, reversed_on: date) -> WriteOff:
    """Open the documents of a write-off again, and give its authority back to whoever decided on it."""
    require(by, "collections.reverse_write_off", write_off.entity)
    lock(write_off.customer)
    row = _locked(write_off)
    if row.ended_on is not None:
        return row
    if row.item is None or row.authority_use is None:
        raise NotWrittenOff(f"{row} is not posted. Drop it instead.")
    if row.lines.filter(recoveries__isnull=False, recoveries__ended_on=None).exists():
        raise NotWrittenOff(f"Money was recovered on {row}; it stays written off. Record what comes as recovered.")
    if row.lines.filter(relief__isnull=False).exists():
        raise NotWrittenOff(f"Tax was claimed back on {row}; it stays written off. Record what comes as recovered.")
    item, use = row.item, row.authority_use
    row = _end(by, row, reason, reversed_on, "write_off.reversed")

    WriteOffBooks(by).reverse(item, reversed_on, row.end_reason)
    return_authority(by=by, use=use, returned_on=reversed_on, reason=row.end_reason)
    return row


# Parts of them --------------------------------------------------------------------------------------------------------


def _done_before(customer: Customer, writing: Writing) -> WriteOff | None:
    """What the same form gave before. A form that says something else now is refused."""
    rows = WriteOff.objects.filter(request_id=writing.request_id).select_related("item")
    found = rows.first() if writing.request_id else None
    if found is None:
        return None
    now = (customer.pk, writing.currency, writing.reason, writing.note.strip()[:400], writing.against)
    parts = set(found.lines.values_list("item_id", "amount"))
    if now != (found.customer_id, found.currency, found.reason, found.note, found.against) or parts != set(
        writing.parts
    ):
        raise SameKeyOtherContent(f"This form has written {found.money} off already. Load the page again.")
    return found


def _begin(by: User, customer: Customer, writing: Writing, on: date) -> Begun:
    """Keep what is to be written off, asked of the ledger anew after the lock."""
    if not writing.note.strip():
        raise NotWrittenOff("Write what was done, and why nothing more is to be expected.")
    owed = {item.pk: item for item in debts_of(customer, as_of=on, currency=writing.currency)}
    chosen: list[tuple[OpenItem, Decimal]] = []
    for key, amount in writing.parts:
        item = owed.get(key)
        if item is None:
            raise NotWrittenOff(f"One of the documents isn't open at {customer.name} in {writing.currency} any more.")
        _refuse_amount(item, amount)
        chosen.append((item, amount))
    if not chosen:
        raise NotWrittenOff("Tick the documents that are written off.")
    row = WriteOff.objects.create(
        entity=customer.entity,
        customer=customer,
        currency=writing.currency,
        amount=sum((amount for _, amount in chosen), ZERO),
        reason=writing.reason,
        note=writing.note.strip()[:400],
        against=writing.against,
        asked_by=by,
        asked_on=on,
        request_id=writing.request_id,
    )
    lines = WriteOffItem.objects.bulk_create(
        WriteOffItem(
            write_off=row,
            item=loss.item,
            amount=loss.amount,
            tax=loss.tax,
            relief_from_on=loss.relief.from_on if loss.relief else None,
            relief_until_on=loss.relief.until_on if loss.relief else None,
        )
        for loss in losses_of(customer.entity, chosen, on=on)
    )
    return Begun(row, lines)


def _refuse_amount(item: OpenItem, amount: Decimal) -> None:
    money = Money(amount, item.currency)
    if amount <= 0 or amount > item.open_amount:
        raise NotWrittenOff(f"{item.number} has {item.open_money} open; {money} of it can't be written off.")


def _refuse_settled_meanwhile(customer: Customer, lines: Sequence[WriteOffItem], on: date) -> None:
    for line in lines:
        if line.amount > line.item.open_amount:
            raise NotWrittenOff(
                f"{line.item.number} of {customer.name} has only {line.item.open_money} open by now. "
                "The write-off has to be asked for anew."
            )


def _post(by: User, begun: Begun, use: AuthorityUse, on: date) -> WriteOff:
    row = begun.row
    row.item = WriteOffBooks(by).write_off(row, begun.lines, on)
    row.posted_on, row.authority_use = on, use
    row.save(update_fields=["item", "posted_on", "authority_use", "approved_by"])

    audit(by, "write_off.posted", row, entity=row.entity, after=_told(row), reason=row.note)
    return row


def _end(by: User, row: WriteOff, reason: str, on: date, event: str) -> WriteOff:
    if not reason.strip():
        raise Refused("Write why: auditors will ask.")
    row.ended_on, row.ended_by, row.end_reason = on, by, reason.strip()[:400]
    row.save(update_fields=["ended_on", "ended_by", "end_reason"])

    audit(by, event, row, entity=row.entity, before=_told(row), reason=row.end_reason)
    return row


def _locked(write_off: WriteOff) -> WriteOff:
    rows = WriteOff.objects.select_for_update(no_key=True, of=("self",))
    related = ("customer__entity", "entity", "item__line__entry", "authority_use__person", "authority_use__entity")
    return rows.select_related(*related).get(pk=write_off.pk)


def _told(row: WriteOff) -> dict[str, str]:
    return {
        "customer": row.customer.code,
        "amount": str(row.money),
        "reason": row.get_reason_display(),
        "documents": ", ".join(row.lines.order_by("pk").values_list("item__number", flat=True)),
    }
