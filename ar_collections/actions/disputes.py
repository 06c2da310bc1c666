"""Disputes: opened for an amount of a document, given to whoever looks into them, closed with how they ended."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Sum

from ar_collections.models import Dispute
from ar_collections.reasons import DeductionReason, Department, code_of
from core import clock
from core.audit import audit, changes
from core.calendars import calendar_of
from core.errors import Refused
from core.models import User
from core.money import ZERO, Money
from core.permissions import require
from customers.models import lock
from ledger.models import OpenItem

Outcome = Dispute.Outcome


class NotDisputable(Refused):
    """The amount cannot be contested, or not once more."""

    code = "not_disputable"


class DisputeClosed(Refused):
    """The dispute was closed before, in another way."""

    code = "dispute_closed"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the customer contests and who looks into it; left out, the reason says who and until when."""

    reason: DeductionReason
    money: Money
    note: str = ""
    department: str = ""
    owner: User | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Who looks into a dispute from now on, and by when."""

    department: str
    owner: User | None
    due_on: date
    why: str


@dataclass(frozen=True, slots=True)
class Closing:
    """How a dispute ended; `accepted` is told only where part of it was right."""

    outcome: Dispute.Outcome
    note: str
    accepted: Money | None = None


@transaction.atomic
def open_dispute(*, by: User, item: OpenItem, claim: Claim, opened_on: date) -> Dispute:
    """Write down that a customer contests an amount of a document. The rest of it stays in collection."""
    require(by, "collections.open_dispute", item.entity)
    lock(item.customer)
    item.refresh_from_db()
    if (found := _same(item, claim)) is not None:
        return found
    _refuse_claim(item, claim, opened_on)

    code = code_of(claim.reason)
    dispute = Dispute(
        entity=item.entity,
        item=item,
        customer=item.customer,
        reason=claim.reason,
        amount=claim.money.amount,
        currency=claim.money.currency,
        note=claim.note.strip()[:400],
        department=claim.department or code.department,
        owner=claim.owner,
        due_on=claim.due_on or calendar_of(item.entity).add_business_days(opened_on, code.resolved_in),
        opened_on=opened_on,
        opened_by=by,
        opened_at=clock.now(),
    )
    dispute.save(force_insert=True)

    after = {
        "item": item.number,
        "amount": dispute.amount,
        "reason": dispute.reason,
        "department": dispute.department,
        "owner": dispute.owner.name if dispute.owner else "",
        "due_on": dispute.due_on,
    }
    audit(by, "dispute.opened", dispute, entity=item.entity, after=after, reason=dispute.note)
    return dispute


@transaction.atomic
def assign_dispute(*, by: User, dispute: Dispute, task: Task, assigned_on: date) -> Dispute:
    """Give a dispute to other people, or more time. What the customer contests stays as it was told."""
    require(by, "collections.assign_dispute", dispute.entity)
    rows = Dispute.objects.select_for_update(no_key=True, of=("self",))
    dispute = rows.select_related("item__entity", "owner").get(pk=dispute.pk)
    if not dispute.is_open:
        raise DisputeClosed(f"The dispute of {dispute} was closed on {dispute.closed_on:%d %b %Y}.")
    before, after = changes(dispute, {"department": task.department, "owner": task.owner, "due_on": task.due_on})
    if not after:
        return dispute
    _refuse_task(dispute.item, task.department, task.owner)
    if "due_on" in after and task.due_on < assigned_on:
        raise NotDisputable(f"{task.due_on:%d %b %Y} is over already; choose a later day.")
    if not task.why.strip():
        raise Refused(f"Say why the dispute of {dispute} is given to somebody else or moved.")

    dispute.department, dispute.owner, dispute.due_on = task.department, task.owner, task.due_on
    dispute.save(update_fields=["department", "owner", "due_on"])

    audit(by, "dispute.assigned", dispute, entity=dispute.item.entity, before=before, after=after, reason=task.why)
    return dispute


@transaction.atomic
def close_dispute(*, by: User, dispute: Dispute, closing: Closing, closed_on: date) -> Dispute:
    """Say how a dispute ended: withdrawn, valid, valid in part or invalid. What is still open is collected again."""
    require(by, "collections.close_dispute", dispute.entity)
    lock(dispute.customer)
    dispute = Dispute.objects.select_for_update(no_key=True, of=("self",)).select_related("item").get(pk=dispute.pk)
    accepted = _accepted(dispute, closing)
    if not dispute.is_open:
        if (dispute.outcome, dispute.accepted) == (closing.outcome, accepted.amount):
            return dispute
        raise DisputeClosed(f"The dispute of {dispute} was closed on {dispute.closed_on:%d %b %Y}.")
    _refuse_closing(dispute, closing, accepted, closed_on)

    dispute.outcome, dispute.accepted = closing.outcome, accepted.amount
    dispute.closing_note = closing.note.strip()[:400]
    dispute.closed_on, dispute.closed_by, dispute.closed_at = closed_on, by, clock.now()
    dispute.save(update_fields=["outcome", "accepted", "closing_note", "closed_on", "closed_by", "closed_at"])

    after = {"outcome": dispute.outcome, "accepted": dispute.accepted, "closed_on": closed_on}
    audit(by, "dispute.closed", dispute, entity=dispute.entity, after=after, reason=dispute.closing_note)
    return dispute


# Refusing ------------------------------------------------------------------------------------------------------------


def _same(item: OpenItem, claim: Claim) -> Dispute | None:
    found = item.disputes.filter(reason=claim.reason, outcome=Outcome.OPEN).first()
    if found is not None and found.money != claim.money:
        raise NotDisputable(
            f"{item.number} is disputed already: {found}, since {found.opened_on:%d %b %Y}. Close that dispute first."
        )
    return found


def _refuse_claim(item: OpenItem, claim: Claim, on: date) -> None:
    money = claim.money
    if item.side != OpenItem.Side.DEBIT:
        raise NotDisputable(f"{item.document_label} is nothing that the customer owes.")
    if money.currency != item.currency or money.amount <= 0:
        raise NotDisputable(f"{money} cannot be contested of {item.number}.")
    if claim.reason.is_settled_at_once:
        raise NotDisputable(f"{claim.reason.label} is settled at the cash desk and is no reason of a dispute.")
    disputed = item.disputes.filter(outcome=Outcome.OPEN).aggregate(sum=Sum("amount"))["sum"] or ZERO
    if disputed + money.amount > item.open_amount:
        before = f", of which {Money(disputed, item.currency)} are disputed" if disputed else ""
        raise NotDisputable(f"{item.number} has only {item.open_money} left open{before}; {money} is more than that.")
    if on < item.posted_on:
        raise NotDisputable(f"{item.number} was posted on {item.posted_on:%d %b %Y}; it is disputed no earlier.")
    if claim.due_on is not None and claim.due_on < on:
        raise NotDisputable(f"{claim.due_on:%d %b %Y} is over already; choose a later day.")
    _refuse_task(item, claim.department or code_of(claim.reason).department, claim.owner)


def _refuse_task(item: OpenItem, department: str, owner: User | None) -> None:
    if department not in Department.values:
        raise NotDisputable(f"There is no department “{department}”.")
    if owner is not None and item.entity_id not in owner.roles_by_entity:
        raise NotDisputable(f"{owner.name} holds no role in {item.entity.name}.")


def _accepted(dispute: Dispute, closing: Closing) -> Money:
    """How much of it was right: all, nothing, or what was told."""
    if closing.outcome == Outcome.VALID:
        return dispute.money
    if closing.outcome == Outcome.PARTLY and closing.accepted is not None:
        return closing.accepted
    return Money(ZERO, dispute.currency)


def _refuse_closing(dispute: Dispute, closing: Closing, accepted: Money, on: date) -> None:
    if closing.outcome == Outcome.OPEN:
        raise Refused("Say how the dispute ended.")
    if not closing.note.strip():
        raise Refused("Write what was found: the customer will ask.")
    if on < dispute.opened_on:
        raise Refused(f"The dispute was opened on {dispute.opened_on:%d %b %Y}; it ends no earlier.")
    is_part = accepted.currency == dispute.currency and ZERO < accepted.amount < dispute.amount
    if closing.outcome == Outcome.PARTLY and not is_part:
        raise Refused(f"Say how much of {dispute.money} was right: more than nothing, less than all.")
