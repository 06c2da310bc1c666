"""What comes after a write-off: money that came all the same, and the tax that is claimed back."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from ar_collections.actions.write_off_books import WriteOffBooks
from ar_collections.actions.write_offs import NotWrittenOff
from ar_collections.models import Recovery, ReliefRule, TaxRelief, WriteOffItem
from ar_collections.queries.write_offs import written_lines
from ar_collections.tax_relief import repaid_of
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.money import ZERO, Money
from core.permissions import require
from customers.checks import refuse_invalid
from customers.models import lock
from ledger.models import OpenItem


@transaction.atomic
def recover_debt(*, by: User, line: WriteOffItem, receipt: OpenItem, amount: Decimal, recovered_on: date) -> Recovery:
    """Use money on account for a debt that was written off; its share of tax that was claimed back is repaid."""
    require(by, "collections.recover_debt", line.write_off.entity)
    lock(line.write_off.customer)
    line = _again(line)
    receipt.refresh_from_db()
    came = line.recoveries.aggregate(sum=Sum("amount"))["sum"] or ZERO
    _refuse_recovery(line, receipt, amount, came)

    relief = TaxRelief.objects.filter(line=line).first()
    tax = ZERO
    if relief is not None:
        tax = repaid_of(
            claimed=relief.amount,
            written_off=line.amount - _before(line, relief),
            recovered=amount,
            before=came - _before(line, relief),
            currency=line.item.currency,
        )
    day = max(recovered_on, receipt.posted_on)
    item = WriteOffBooks(by).recover(line, receipt, amount, tax, line.recoveries.count() + 1, day)
    found = Recovery.objects.create(
        line=line, receipt=receipt, item=item, amount=amount, tax_repaid=tax, recovered_on=day, recovered_by=by
    )

    after = {"amount": str(Money(amount, line.item.currency)), "receipt": receipt.number, "tax_repaid": f"{tax}"}
    audit(by, "write_off.recovered", line.write_off, entity=line.write_off.entity, after=after)
    return found


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


def _before(line: WriteOffItem, relief: TaxRelief) -> Decimal:
    """What had come in before the relief was claimed: it was claimed on the rest."""
    earlier = line.recoveries.filter(recovered_at__lt=relief.claimed_at)
    return earlier.aggregate(sum=Sum("amount"))["sum"] or ZERO


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
