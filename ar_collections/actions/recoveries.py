"""What comes after a write-off: money that came all the same or went back again, and the tax that is claimed back."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum

from ar_collections.actions.write_off_books import WriteOffBooks
from ar_collections.actions.write_offs import NotWrittenOff
from ar_collections.models import Recovery, ReliefRule, TaxRelief, WriteOffItem
from ar_collections.queries.write_offs import written_lines
from ar_collections.tax_relief import repaid_of
from core.audit import audit
from core.errors import Refused, SameKeyOtherContent
from core.models import LegalEntity, User
from core.money import ZERO, Money
from core.permissions import require
from customers.checks import refuse_invalid
from customers.models import lock
from ledger.models import OpenItem


@transaction.atomic
def recover_debt(
    *,
    by: User,
    line: WriteOffItem,
    receipt: OpenItem,
    amount: Decimal,
    recovered_on: date,
    request_id: UUID | None = None,
) -> Recovery:
    """Use money on account for a debt that was written off; its share of tax that was claimed back is repaid."""
    require(by, "collections.recover_debt", line.write_off.entity)
    lock(line.write_off.customer)
    if (done := _recovered_before(line, receipt, amount, request_id)) is not None:
        return done
    line = _again(line)
    receipt.refresh_from_db()
    came = line.recoveries.filter(ended_on=None).aggregate(sum=Sum("amount"))["sum"] or ZERO
    _refuse_recovery(line, receipt, amount, came)

    tax = _tax_to_repay(line, came + amount)
    day = max(recovered_on, receipt.posted_on)
    item = WriteOffBooks(by).recover(line, receipt, amount, tax, line.recoveries.count() + 1, day)
    found = Recovery.objects.create(
        line=line,
        receipt=receipt,
        item=item,
        amount=amount,
        tax_repaid=tax,
        recovered_on=day,
        recovered_by=by,
        request_id=request_id,
    )

    after = {"amount": str(Money(amount, line.item.currency)), "receipt": receipt.number, "tax_repaid": f"{tax}"}
    audit(by, "write_off.recovered", line.write_off, entity=line.write_off.entity, after=after)
    return found


@transaction.atomic
def undo_recovery(*, by: User, recovery: Recovery, reason: str, undone_on: date) -> Recovery:
    """Write the debt off again as it was, because the money went back or was for something else."""
    write_off = recovery.line.write_off
    require(by, "collections.undo_recovery", write_off.entity)
    lock(write_off.customer)
    rows = Recovery.objects.select_for_update(no_key=True, of=("self",))
    recovery = rows.select_related("line__write_off__entity", "item__line__entry", "receipt").get(pk=recovery.pk)
    if recovery.ended_on is not None:
        return recovery
    if not reason.strip():
        raise NotWrittenOff(f"Write why {recovery.item.number} is undone: auditors will ask.")

    recovery.end_entry = WriteOffBooks(by).undo_recovery(recovery.item, undone_on, reason.strip())
    recovery.ended_on, recovery.ended_by, recovery.end_reason = undone_on, by, reason.strip()[:400]
    recovery.save(update_fields=["ended_on", "ended_by", "end_reason", "end_entry"])

    money = str(Money(recovery.amount, recovery.item.currency))
    after = {"amount": money, "receipt": recovery.receipt.number, "tax_repaid": f"{recovery.tax_repaid}"}
    audit(by, "write_off.recovery_undone", write_off, entity=write_off.entity, before=after, reason=recovery.end_reason)
    return recovery


@transaction.atomic
def claim_tax_relief(*, by: User, line: WriteOffItem, claimed_on: date) -> TaxRelief:
    """Claim the tax of a written-off document back, once its day has come and before it lapses."""
    require(by, "collections.claim_tax_relief", line.write_off.entity)
    lock(line.write_off.customer)
    line = _again(line)
    if (first := TaxRelief.objects.filter(line=line).first()) is not None:
        return first
    [written] = written_lines(WriteOffItem.objects.filter(pk=line.pk))
    if not written.may_claim(claimed_on):
        raise NotWrittenOff(f"{line.item.number}: {_why_not(line)}")

    entry = WriteOffBooks(by).claim(line, written.relief_left, claimed_on)
    relief = TaxRelief.objects.create(
        line=line, claimed_on=claimed_on, amount=written.relief_left, entry=entry, claimed_by=by
    )

    after = {"document": line.item.number, "amount": str(Money(relief.amount, line.item.currency))}
    audit(by, "tax_relief.claimed", line.write_off, entity=line.write_off.entity, after=after)
    return relief


@transaction.atomic
def set_relief_rule(*, by: User, rule: ReliefRule) -> ReliefRule:
    """Say from when until when tax on bad debts may be claimed back. The rule before it ends the day before."""
    require(by, "collections.set_relief_rule", rule.entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=rule.entity_id)
    former = ReliefRule.objects.filter(entity=rule.entity, valid_until=None).first()
    if former is not None and former.valid_from >= rule.valid_from:
        raise Refused(f"A rule holds from {former.valid_from:%d %b %Y} already. The next one begins later.")
    rule.set_by = by
    if former is not None:
        former.valid_until = rule.valid_from - timedelta(days=1)
        former.save(update_fields=["valid_until"])
    refuse_invalid(rule)

    rule.save(force_insert=True)

    audit(by, "relief_rule.set", rule, entity=rule.entity, after={"rule": str(rule)}, reason=rule.basis)
    return rule


def _again(line: WriteOffItem) -> WriteOffItem:
    rows = WriteOffItem.objects.select_related("item", "write_off__customer", "write_off__entity", "write_off__item")
    line = rows.get(pk=line.pk)
    if line.write_off.item is None or line.write_off.ended_on is not None:
        raise NotWrittenOff(f"{line.item.number} isn't written off by {line.write_off}.")
    return line


def _recovered_before(
    line: WriteOffItem, receipt: OpenItem, amount: Decimal, request_id: UUID | None
) -> Recovery | None:
    """What the same form gave before. A form that says something else now is refused."""
    found = Recovery.objects.filter(request_id=request_id).first() if request_id else None
    if found is not None and (found.line_id, found.receipt_id, found.amount) != (line.pk, receipt.pk, amount):
        raise SameKeyOtherContent("This form has recorded a recovery already. Load the page again.")
    return found


def _tax_to_repay(line: WriteOffItem, came: Decimal) -> Decimal:
    """The share of a claimed relief that is to be repaid once so much came in, less what was repaid before.

    Relief was claimed on what had not come in by then; only what comes in of that is repaid for.
    """
    relief = TaxRelief.objects.filter(line=line).first()
    if relief is None:
        return ZERO
    standing = Q(ended_on=None) | Q(end_entry__recorded_at__gte=relief.claimed_at)
    earlier = line.recoveries.filter(standing, recovered_at__lt=relief.claimed_at)
    without = earlier.aggregate(sum=Sum("amount"))["sum"] or ZERO
    repaid = line.recoveries.filter(ended_on=None).aggregate(sum=Sum("tax_repaid"))["sum"] or ZERO
    owed = repaid_of(
        claimed=relief.amount,
        written_off=line.amount - without,
        recovered=max(came - without, ZERO),
        before=ZERO,
        currency=line.item.currency,
    )
    return max(owed - repaid, ZERO)


def _refuse_recovery(line: WriteOffItem, receipt: OpenItem, amount: Decimal, came: Decimal) -> None:
    owner, currency = line.write_off.customer, line.item.currency
    if receipt.customer_id != owner.pk or receipt.currency != currency or receipt.side != OpenItem.Side.CREDIT:
        raise NotWrittenOff(f"{receipt.number} is no money of {owner.name} in {currency}.")
    if amount <= 0 or amount > receipt.open_amount:
        raise NotWrittenOff(
            f"{receipt.number} has {receipt.open_money} on account; {Money(amount, currency)} isn't there."
        )
    if came + amount > line.amount:
        left = Money(line.amount - came, currency)
        raise NotWrittenOff(
            f"Of {line.item.number} only {left} is still written off; {Money(amount, currency)} is more."
        )


def _why_not(line: WriteOffItem) -> str:
    if line.relief_from_on is None:
        return "no tax is in it, or no rule of relief holds."
    return f"its tax may be claimed back from {line.relief_from_on:%d %b %Y} until {line.relief_until_on:%d %b %Y}."
