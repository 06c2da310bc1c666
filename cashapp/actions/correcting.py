"""Misapplied cash: moved to the right customer or documents in one action, and back again where that was wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from cashapp.actions.applying import apply_receipt, unapply_receipt
from cashapp.actions.ending import move_receipt, reverse_receipt
from cashapp.electronic_items import payments_named
from cashapp.errors import CorrectionRefused
from cashapp.models import Correction, Receipt
from cashapp.money_in import Payment
from cashapp.queries.receipts import payments_of_receipt
from core import clock
from core.audit import audit
from core.models import User
from core.money import Money
from core.permissions import require
from customers.models import Customer, lock_many


@dataclass(frozen=True, slots=True)
class Target:
    """Where the money belongs: a customer and, as far as that is known, the documents that it pays."""

    customer: Customer
    pays: Sequence[Payment] = ()


@transaction.atomic
def correct_receipt(*, by: User, receipt: Receipt, target: Target, corrected_on: date, reason: str) -> Correction:
    """Take a receipt off what it wrongly pays and apply it where it belongs, of the same customer or another."""
    require(by, "cashapp.correct_receipt", receipt.entity)
    lock_many([receipt.item.customer, target.customer])
    receipt.refresh_from_db()
    before = _paid_by(receipt)
    _refuse(receipt, target, before, reason)

    moved = _move(by, receipt, target, corrected_on, reason) if _is_another(receipt, target) else None
    if moved is None and before:
        unapply_receipt(by=by, receipt=receipt, unapplied_on=corrected_on, reason=reason)
    if target.pays:
        apply_receipt(by=by, receipt=moved or receipt, pays=target.pays, applied_on=corrected_on)
    correction = Correction(
        entity=receipt.entity,
        receipt=receipt,
        moved=moved,
        before=before,
        after={each.item.number: f"{each.amount:f}" for each in target.pays},
        reason=reason.strip()[:200],
        corrected_on=corrected_on,
        corrected_by=by,
    )
    correction.save(force_insert=True)

    told = {"customer": target.customer.code, "receipt": str(correction.target), "pays": correction.after}
    audit(by, "receipt.corrected", receipt, entity=receipt.entity, before=before, after=told, reason=reason)
    return correction


@transaction.atomic
def undo_correction(*, by: User, correction: Correction, undone_on: date, reason: str) -> Correction:
    """Put the money back where it was before a correction, as far as those documents are still open."""
    require(by, "cashapp.undo_correction", correction.entity)
    receipt, moved = correction.receipt, correction.moved
    lock_many([receipt.item.customer, *([moved.item.customer] if moved else [])])
    rows = Correction.objects.select_for_update(no_key=True, of=("self",))
    correction = rows.select_related("entity", "receipt__item__customer", "moved").get(pk=correction.pk)
    if correction.undone_on is not None:
        return correction
    if not reason.strip():
        raise CorrectionRefused(f"Say why the correction of {receipt} is undone: both customers may ask.")

    if moved is not None:
        reverse_receipt(by=by, receipt=moved, reversed_on=undone_on, reason=reason)
    elif _paid_by(receipt):
        unapply_receipt(by=by, receipt=receipt, unapplied_on=undone_on, reason=reason)
    _apply_again(by, correction, undone_on)
    correction.undone_on, correction.undone_by, correction.undone_at = undone_on, by, clock.now()
    correction.undo_reason = reason.strip()[:200]
    correction.save(update_fields=["undone_on", "undone_by", "undone_at", "undo_reason"])

    audit(by, "correction.undone", receipt, entity=receipt.entity, after={"pays": correction.before}, reason=reason)
    return correction


def _paid_by(receipt: Receipt) -> dict[str, str]:
    """What it pays now by number. Credit notes that were used beside it are left out: they go back by themselves."""
    paid: dict[str, Decimal] = {}
    for each in payments_of_receipt(receipt):
        if each.amount > 0 and each.exchange is None:
            paid[each.item.number] = paid.get(each.item.number, Decimal(0)) + each.amount
    return {number: f"{amount:f}" for number, amount in paid.items()}


def _is_another(receipt: Receipt, target: Target) -> bool:
    return receipt.item.customer_id != target.customer.pk


def _refuse(receipt: Receipt, target: Target, before: Mapping[str, str], reason: str) -> None:
    if not reason.strip():
        raise CorrectionRefused(f"Say why {receipt} is corrected: both customers may ask.")
    if not receipt.is_live:
        raise CorrectionRefused(f"{receipt} was {receipt.get_ending_display().lower()}; there is nothing to correct.")
    if exchange := receipt.exchanges.filter(ended_on=None).select_related("item").first():
        raise CorrectionRefused(
            f"{receipt} pays {exchange.item.number} in {exchange.settled_currency}. Take it off that first."
        )
    wanted = {each.item.number: each.amount for each in target.pays}
    same = wanted == {number: Decimal(amount) for number, amount in before.items()}
    if not _is_another(receipt, target) and same:
        raise CorrectionRefused(f"{receipt} pays just that already.")
    if sum(wanted.values()) > receipt.amount:
        total = Money(sum(wanted.values(), Decimal(0)), receipt.currency)
        raise CorrectionRefused(f"{receipt} is {receipt.money}; {total} cannot be paid from it.")


def _move(by: User, receipt: Receipt, target: Target, on: date, reason: str) -> Receipt:
    return move_receipt(by=by, receipt=receipt, customer=target.customer, moved_on=on, reason=reason)


def _apply_again(by: User, correction: Correction, on: date) -> None:
    receipt = correction.receipt
    receipt.item.refresh_from_db()
    documents = [{"number": number, "amount": amount} for number, amount in correction.before.items()]
    pays = payments_named(receipt.item.customer, receipt.item.open_money, documents)
    if pays:
        apply_receipt(by=by, receipt=receipt, pays=pays, applied_on=on)
