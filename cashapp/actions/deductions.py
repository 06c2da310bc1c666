"""What a customer kept back: settled at once within terms and limits, or noted and left open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from cashapp.errors import AlreadyEnded, DiscountUnearned, WrongDocument
from cashapp.models import Deduction, DeductionReason, Receipt
from controls.actions import use_authority
from controls.models import Authority
from core import clock
from core.audit import audit
from core.models import User
from core.money import Money, round_to_currency, split_money
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
WITHIN_LIMITS = frozenset({DeductionReason.BANK_CHARGE, DeductionReason.SMALL_DIFFERENCE})


@dataclass(frozen=True, slots=True)
class Difference:
    """What is missing on a document after a receipt, and why."""

    item: OpenItem
    money: Money
    reason: DeductionReason
    note: str = ""

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
    if difference.reason in WITHIN_LIMITS:
        _use_limit(by, receipt, difference, settled_on)

    entry = _post(by, receipt, difference, settled_on)
    deduction = _keep(by, receipt, difference, entry)

    after = {"item": difference.item.number, "amount": difference.money.amount, "reason": difference.reason.value}
    audit(by, "difference.settled", deduction, entity=receipt.entity, after=after, reason=difference.note)
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

    deduction = _keep(by, receipt, difference, None)

    after = {"item": difference.item.number, "amount": difference.money.amount, "reason": difference.reason.value}
    audit(by, "deduction.noted", deduction, entity=receipt.entity, after=after, reason=difference.note)
    return deduction


def _refuse(receipt: Receipt, difference: Difference) -> None:
    item, money = difference.item, difference.money
    if not receipt.is_live:
        raise AlreadyEnded(f"{receipt} was {receipt.get_ending_display().lower()} on {receipt.ended_on}.")
    if item.customer_id != receipt.item.customer_id or item.side != OpenItem.Side.DEBIT:
        raise WrongDocument(f"{item.number} is no document that {receipt} could pay.")
    if money.currency != item.currency or money.amount <= 0:
        raise WrongDocument(f"{money} cannot be kept back of {item.number}.")
    if money.amount > item.open_amount:
        raise OverAllocated(f"{item.number} has only {item.open_money} left open, not {money}.")


def _refuse_unearned(receipt: Receipt, difference: Difference) -> None:
    """A discount is for those who pay in time, and no larger than the terms say."""
    terms, item = receipt.item.customer.terms, difference.item
    last_day = terms.discount_until(item.document_on)
    if last_day is None or receipt.received_on > last_day:
        raise DiscountUnearned(
            f"{item.number} earned no discount: the money came on {receipt.received_on:%d %b %Y}"
            + (f", the last day was {last_day:%d %b %Y}." if last_day else " and the terms have none.")
        )
    most = round_to_currency(item.amount * terms.discount_percent / 100, item.currency)
    taken = _discount_taken(item)
    if taken + difference.money.amount > most:
        raise DiscountUnearned(
            f"The terms allow {Money(most, item.currency)} of discount on {item.number}, not "
            f"{Money(taken + difference.money.amount, item.currency)}."
        )


def _discount_taken(item: OpenItem) -> Decimal:
    earlier = item.deductions.filter(reason=DeductionReason.SETTLEMENT_DISCOUNT, ended_on=None)
    return earlier.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _use_limit(by: User, receipt: Receipt, difference: Difference, on: date) -> None:
    customer = receipt.item.customer
    use_authority(
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


def _keep(by: User, receipt: Receipt, difference: Difference, entry: JournalEntry | None) -> Deduction:
    deduction = Deduction(
        entity=receipt.entity,
        receipt=receipt,
        item=difference.item,
        reason=difference.reason,
        note=difference.note[:200],
        amount=difference.money.amount,
        currency=difference.money.currency,
        entry=entry,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    deduction.save(force_insert=True)
    return deduction
