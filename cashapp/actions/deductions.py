"""What a customer kept back: settled within terms, tolerances and limits, disputed, or noted and left open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypedDict

from django.db import transaction

from ar_collections.actions import Claim, open_dispute
from ar_collections.models import Dispute
from cashapp.errors import AboveTolerance, AlreadyEnded, DiscountUnearned, WrongDocument
from cashapp.models import Deduction, DeductionReason, Receipt
from cashapp.queries.shortages import WITHIN_TOLERANCE, ShortRules, discount_of, discount_taken, tax_withheld
from controls.actions import use_authority
from controls.models import Authority, AuthorityUse
from core import clock
from core.audit import audit
from core.models import User
from core.money import ZERO, Money, split_money
from core.permissions import require
from customers.models import lock
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, OverAllocated, Pair, allocate, post

ACCOUNTS = {
    DeductionReason.SETTLEMENT_DISCOUNT: Account.Role.DISCOUNTS_ALLOWED,
    DeductionReason.BANK_CHARGE: Account.Role.BANK_CHARGES,
    DeductionReason.WITHHOLDING_TAX: Account.Role.WITHHOLDING_TAX,
    DeductionReason.SMALL_DIFFERENCE: Account.Role.SMALL_DIFFERENCES,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What is missing on a document after a receipt, and why; of a dispute also who looks into it and until when."""

    item: OpenItem
    money: Money
    reason: DeductionReason
    note: str = ""
    department: str = ""
    owner: User | None = None
    due_on: date | None = None

    @property
    def claim(self) -> Claim:
        """What a dispute of it says."""
        return Claim(self.reason, self.money, self.note, self.department, self.owner, self.due_on)

    @property
    def label(self) -> str:
        """What a refusal calls it."""
        return f"{self.money} missing on {self.item.number}"


@transaction.atomic
def settle_difference(*, by: User, receipt: Receipt, difference: Difference, settled_on: date) -> Deduction:
    """Let what the customer kept back go: as discount, bank charge, withholding tax or small difference."""
    require(by, "cashapp.settle_difference", receipt.entity)
    lock(receipt.item.customer)
    receipt.refresh_from_db()
    difference.item.refresh_from_db()
    _refuse(receipt, difference)
    if not difference.reason.is_settled_at_once:
        raise WrongDocument(f"{difference.reason.label} stays open; note it instead.")
    if difference.reason == DeductionReason.SETTLEMENT_DISCOUNT:
        _refuse_unearned(receipt, difference)
    if difference.reason == DeductionReason.WITHHOLDING_TAX:
        _refuse_untaxed(receipt, difference)
    allowance = _allowance(by, receipt, difference, settled_on)

    entry = _post(by, receipt, difference, settled_on)
    deduction = _keep(by, receipt, difference, entry=entry, **allowance)

    audit(by, "difference.settled", deduction, entity=receipt.entity, after=_told(deduction), reason=difference.note)
    return deduction


@transaction.atomic
def dispute_difference(*, by: User, receipt: Receipt, difference: Difference, disputed_on: date) -> Deduction:
    """Open a dispute of what the customer kept back. The document stays open for it, and somebody looks into it."""
    require(by, "cashapp.dispute_difference", receipt.entity)
    lock(receipt.item.customer)
    receipt.refresh_from_db()
    difference.item.refresh_from_db()
    _refuse(receipt, difference)

    opened_on = max(disputed_on, difference.item.posted_on)
    dispute = open_dispute(by=by, item=difference.item, claim=difference.claim, opened_on=opened_on)
    deduction = _keep(by, receipt, difference, dispute=dispute)

    audit(by, "deduction.disputed", deduction, entity=receipt.entity, after=_told(deduction), reason=difference.note)
    return deduction


@transaction.atomic
def note_deduction(*, by: User, receipt: Receipt, difference: Difference) -> Deduction:
    """Write down why the customer kept something back. The document stays open for it."""
    require(by, "cashapp.note_deduction", receipt.entity)
    lock(receipt.item.customer)
    receipt.refresh_from_db()
    difference.item.refresh_from_db()
    _refuse(receipt, difference)
    if difference.reason.is_settled_at_once:
        raise WrongDocument(f"{difference.reason.label} is settled, not noted.")

    deduction = _keep(by, receipt, difference)

    audit(by, "deduction.noted", deduction, entity=receipt.entity, after=_told(deduction), reason=difference.note)
    return deduction


def _told(deduction: Deduction) -> dict[str, object]:
    return {
        "item": deduction.item.number,
        "amount": deduction.amount,
        "reason": deduction.reason,
        **({"tolerance": str(deduction.tolerance)} if deduction.tolerance else {}),
        **({"dispute": deduction.dispute_id} if deduction.dispute_id else {}),
    }


def _refuse(receipt: Receipt, difference: Difference) -> None:
    item, money = difference.item, difference.money
    if not receipt.is_live:
        raise AlreadyEnded(f"{receipt} was {receipt.get_ending_display().lower()} on {receipt.ended_on:%d %b %Y}.")
    if item.customer_id != receipt.item.customer_id or item.side != OpenItem.Side.DEBIT:
        raise WrongDocument(f"{item.number} is no document that {receipt} could pay.")
    if money.currency != item.currency or money.amount <= 0:
        raise WrongDocument(f"{money} cannot be kept back of {item.number}.")
    if money.amount > item.open_amount:
        raise OverAllocated(f"{item.number} has only {item.open_money} left open, not {money}.")


def _refuse_unearned(receipt: Receipt, difference: Difference) -> None:
    """A discount is for those who pay in time, and no larger than the terms say."""
    item = difference.item
    discount = discount_of(item, receipt.item.customer)
    if discount is None or receipt.received_on > discount.until:
        raise DiscountUnearned(
            f"{item.number} earned no discount: the money came on {receipt.received_on:%d %b %Y}"
            + (f", the last day was {discount.until:%d %b %Y}." if discount else " and the terms have none.")
        )
    wanted = discount_taken(item) + difference.money.amount
    if wanted > discount.amount:
        raise DiscountUnearned(
            f"The terms allow {Money(discount.amount, item.currency)} of discount on {item.number}, not "
            f"{Money(wanted, item.currency)}."
        )


def _refuse_untaxed(receipt: Receipt, difference: Difference) -> None:
    """No more is taken for withholding tax than the highest of the taxes that this customer may keep back."""
    item, customer = difference.item, receipt.item.customer
    taxes = ShortRules(receipt.entity).withholdings(item, customer)
    if not taxes:
        raise AboveTolerance(
            f"{difference.label} is no withholding tax that is known: none is set for {customer.name} or its country."
        )
    highest = max(taxes, key=lambda tax: tax.amount)
    wanted = tax_withheld(item) + difference.money.amount
    if wanted > highest.amount:
        raise AboveTolerance(
            f"{highest.name} allows {Money(highest.amount, item.currency)} on {item.number}, not "
            f"{Money(wanted, item.currency)}."
        )


class Allowance(TypedDict, total=False):
    """By what a difference may be let go: a tolerance, or somebody's own limit."""

    tolerance_id: int
    authority_use: AuthorityUse


def _allowance(by: User, receipt: Receipt, difference: Difference, on: date) -> Allowance:
    """A tolerance where one covers it; else it takes the person's own limit. Discounts and taxes need neither."""
    if difference.reason not in WITHIN_TOLERANCE:
        return {}
    allowed = ShortRules(receipt.entity).allowed(difference.item, receipt.item.customer, on)
    let_go = _let_go_of(difference.item)
    if allowed is not None and allowed.covers(difference.money.amount + let_go):
        return {"tolerance_id": allowed.rule}
    if by.is_system:
        raise AboveTolerance(f"{difference.label} is above every tolerance; a person decides on it.")
    return {"authority_use": _use_limit(by, receipt, difference, on)}


def _let_go_of(item: OpenItem) -> Decimal:
    """What was let go of the document before: a tolerance is for all of it, in however many parts."""
    earlier = item.deductions.filter(reason__in=WITHIN_TOLERANCE, ended_on=None)
    return sum(earlier.values_list("amount", flat=True), ZERO)


def _use_limit(by: User, receipt: Receipt, difference: Difference, on: date) -> AuthorityUse:
    customer = receipt.item.customer
    return use_authority(
        by=by,
        entity=receipt.entity,
        kind=Authority.SMALL_DIFFERENCE,
        amount=difference.money,
        counts_with=f"customer:{customer.pk}",
        subject_label=f"{difference.item.number} of {customer.name}",
        on=on,
    )


# Posting -------------------------------------------------------------------------------------------------------------


def _post(by: User, receipt: Receipt, difference: Difference, on: date) -> JournalEntry:
    item, money = difference.item, difference.money
    day = max(on, item.posted_on)
    number = f"{item.number}/D{item.deductions.count() + 1}"
    credit = LineDraft(
        Account.Role.RECEIVABLES,
        credit=money.amount,
        customer=receipt.item.customer,
        item=ItemDraft(number, OpenItem.Kind.ADJUSTMENT, day, day),
    )
    draft = EntryDraft(
        entity=receipt.entity,
        kind=JournalEntry.Kind.ADJUSTMENT,
        posted_on=day,
        currency=money.currency,
        lines=(*_debits(difference), credit),
        key=f"deduction:{number}",
        text=f"{difference.reason.label} on {item.number}"[:200],
        rate=item.line.entry.rate,
    )
    (entry,) = post(by=by, entries=[draft])
    allocate(by=by, pairs=[Pair(item, entry.open_items[0], money.amount, day)])
    return entry


def _debits(difference: Difference) -> Iterator[LineDraft]:
    """The cost; a discount also takes back the tax on it, as the document was taxed."""
    account = ACCOUNTS[difference.reason]
    if difference.reason != DeductionReason.SETTLEMENT_DISCOUNT:
        yield LineDraft(account, debit=difference.money.amount)
        return
    taxed = list(
        difference.item.line.entry.lines.filter(account__role=Account.Role.OUTPUT_TAX, credit__gt=0).order_by("pk")
    )
    weights = [difference.item.amount - sum(line.credit for line in taxed), *(line.credit for line in taxed)]
    net, *taxes = split_money(difference.money, weights)
    if net:
        yield LineDraft(account, debit=net.amount)
    for line, tax in zip(taxed, taxes, strict=True):
        if tax:
            yield LineDraft(line.account, debit=tax.amount, tax_code=line.tax_code)


def _keep(
    by: User,
    receipt: Receipt,
    difference: Difference,
    *,
    entry: JournalEntry | None = None,
    dispute: Dispute | None = None,
    tolerance_id: int | None = None,
    authority_use: AuthorityUse | None = None,
) -> Deduction:
    deduction = Deduction(
        entity=receipt.entity,
        receipt=receipt,
        item=difference.item,
        reason=difference.reason,
        note=difference.note[:200],
        amount=difference.money.amount,
        currency=difference.money.currency,
        entry=entry,
        dispute=dispute,
        tolerance_id=tolerance_id,
        authority_use=authority_use,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    deduction.save(force_insert=True)
    return deduction
