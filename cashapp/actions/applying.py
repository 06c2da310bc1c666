"""Applying receipts that are on account, and taking them off documents again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from cashapp.actions.drafts import Application
from cashapp.actions.undoing import Undoing
from cashapp.errors import AlreadyEnded, NothingToUndo, ReasonMissing
from cashapp.models import Receipt, UsedCredit
from cashapp.money_in import Payment, refuse_payments
from cashapp.taskbook import BY_HAND, Entry, Outcome, Reasons, State, take_tasks, write_down
from core.audit import audit, audit_many
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import lock, lock_many
from ledger.models import Allocation, OpenItem
from ledger.posting import allocate


@dataclass(frozen=True, slots=True)
class Use:
    """What money on account shall pay."""

    receipt: Receipt
    pays: Sequence[Payment]
    on: date
    reasons: Reasons = BY_HAND


@transaction.atomic
def apply_receipts(*, by: User, entity: LegalEntity, uses: Sequence[Use]) -> list[Allocation]:
    """Use money that is on account to settle documents, many at once."""
    require(by, "cashapp.apply_receipt", entity)
    lock_many(use.receipt.item.customer for use in uses)
    take_tasks([use.receipt.line for use in uses if use.receipt.line])
    for use in uses:
        use.receipt.refresh_from_db()
        use.receipt.item.refresh_from_db()
        _refuse_use(use)

    allocations = allocate(by=by, pairs=[pair for use in uses for pair in _application(use).pairs()])
    _keep_used_credits(uses, allocations)

    told = {use.receipt.pk: {each.item.number: each.amount for each in use.pays} for use in uses}
    audit_many(by, "receipt.applied", [use.receipt for use in uses], entity=entity, after_each=lambda r: told[r.pk])
    write_down(by, [_entry(use, Outcome.POSTED, State.MATCHED) for use in uses if use.receipt.line])
    return allocations


@transaction.atomic
def apply_receipt(*, by: User, receipt: Receipt, pays: Sequence[Payment], applied_on: date) -> list[Allocation]:
    """Use money that is on account to settle documents of the same customer."""
    return apply_receipts(by=by, entity=receipt.entity, uses=[Use(receipt, pays, applied_on)])


@transaction.atomic
def unapply_receipt(
    *, by: User, receipt: Receipt, unapplied_on: date, reason: str, items: Sequence[OpenItem] = ()
) -> list[Allocation]:
    """Take a receipt off some documents, or off all. They are open again, and the money waits on account."""
    require(by, "cashapp.unapply_receipt", receipt.entity)
    lock(receipt.item.customer)
    receipt.refresh_from_db()
    if not reason.strip():
        raise ReasonMissing(f"Say why {receipt} is taken off: the customer may ask.")

    undone = Undoing(by, receipt, unapplied_on, reason).undo(items)
    if not undone:
        raise NothingToUndo(f"{receipt} pays nothing that could be taken off.")

    receipt.item.refresh_from_db()
    told = {allocation.debit_item.number: -allocation.amount for allocation in undone}
    audit(by, "receipt.unapplied", receipt, entity=receipt.entity, before=told, reason=reason)
    if receipt.line and receipt.item.open_amount == receipt.item.amount:
        write_down(by, [Entry(receipt.line, Outcome.REVERSED, State.CHECK, Reasons(note=reason), receipt)])
    return undone


def _refuse_use(use: Use) -> None:
    if not use.receipt.is_live:
        raise AlreadyEnded(
            f"{use.receipt} was {use.receipt.get_ending_display().lower()} on {use.receipt.ended_on:%d %b %Y}."
        )
    refuse_payments(str(use.receipt), use.receipt.item.open_money, use.pays)


def _application(use: Use) -> Application:
    return Application(use.receipt.item, use.pays, use.on)


def _keep_used_credits(uses: Sequence[Use], allocations: Sequence[Allocation]) -> None:
    for use in uses:
        debits = {each.item.pk for each in use.pays if each.amount > 0}
        notes = {each.item.pk for each in use.pays if each.amount < 0}
        UsedCredit.objects.bulk_create(
            UsedCredit(receipt=use.receipt, allocation=each)
            for each in allocations
            if each.credit_item_id in notes and each.debit_item_id in debits
        )


def _entry(use: Use, outcome: Outcome, state: State) -> Entry:
    if use.receipt.line is None:
        raise NothingToUndo(f"{use.receipt} has no bank line.")
    return Entry(use.receipt.line, outcome, state, use.reasons, use.receipt)
