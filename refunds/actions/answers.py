"""What the bank says of payments under way: they left on a line of its statement, or they came back."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, Sum

from cashapp.actions.reconciling import tie_posting
from cashapp.models import BankStatementLine
from cashapp.open_days import OpenDays
from core.audit import audit
from core.models import User
from core.money import ZERO, Money, round_to_currency
from core.permissions import require
from core.rates import rate_on
from customers.models import lock, lock_many
from ledger.models import Account, JournalEntry, JournalLine
from ledger.posting import EntryDraft, LineDraft, post, reverse_entry
from refunds.errors import PaymentRefused
from refunds.models import RefundPayment


@transaction.atomic
def clear_payments(*, by: User, payments: Sequence[RefundPayment], line: BankStatementLine) -> JournalEntry:
    """Say that a bank line is these payments leaving: one of them, or a whole file booked as one sum."""
    entity = line.bank_account.entity
    require(by, "refunds.clear_payments", entity)
    lock_many([payment.refund.customer for payment in payments])
    rows = list(_again(payments))
    if rows and all(row.line_id == line.pk for row in rows):
        return _entry_of(line)
    _refuse_clearing(rows, line)

    (entry,) = post(by=by, entries=[_leaving(rows, line)])
    tie_posting(by=by, line=line, entry=entry)
    for row in rows:
        row.line, row.cleared_on = line, line.booked_on
    RefundPayment.objects.bulk_update(rows, ["line", "cleared_on"])
    for row in rows:
        audit(by, "payment.cleared", row, entity=entity, after={"line": str(line), "entry": entry.number})
    return entry


@transaction.atomic
def fail_payment(*, by: User, payment: RefundPayment, failed_on: date, reason: str) -> RefundPayment:
    """The bank could not pay it: the refund is payable again, to better details."""
    require(by, "refunds.fail_payment", payment.refund.entity)
    lock(payment.refund.customer)
    (row,) = _again([payment])
    if row.failed_on is not None:
        return row
    if row.entry is None:
        raise PaymentRefused(f"{row} has not left yet. Cancel its file instead.")
    if not reason.strip():
        raise PaymentRefused(f"Say why {row} came back.")

    day = max(failed_on, row.entry.posted_on)
    row.failed_entry = reverse_entry(by=by, entry=row.entry, posted_on=day, reason=reason)
    row.failed_on, row.failed_reason = day, reason.strip()[:200]
    row.save(update_fields=["failed_entry", "failed_on", "failed_reason"])
    audit(by, "payment.failed", row, entity=row.refund.entity, after={"on": day}, reason=reason)
    return row


def _entry_of(line: BankStatementLine) -> JournalEntry:
    tie = line.postings.filter(ended_at=None).select_related("entry").first()
    if tie is None:
        raise PaymentRefused(
            f"These payments left on {line}, but their entry was taken off it. Tie the entry to the line again."
        )
    return tie.entry


def _again(payments: Sequence[RefundPayment]) -> QuerySet[RefundPayment]:
    rows = RefundPayment.objects.filter(pk__in=[payment.pk for payment in payments])
    return rows.select_related("refund__customer", "refund__entity", "entry", "batch__channel").order_by("pk")


def _refuse_clearing(rows: Sequence[RefundPayment], line: BankStatementLine) -> None:
    for row in rows:
        if row.entry is None or row.failed_on is not None or row.line_id is not None:
            raise PaymentRefused(f"{row} is not under way.")
        if row.batch is None or row.batch.channel.bank_account_id != line.bank_account_id:
            raise PaymentRefused(f"{row} left from another account than {line.bank_account.name}.")
    if line.postings.filter(ended_at=None).exists():
        raise PaymentRefused(f"{line} is posted already.")
    total = Money(sum((row.amount for row in rows), ZERO), line.currency)
    if -line.amount != total.amount:
        raise PaymentRefused(f"{line} is not the {total} of these payments.")


def _leaving(rows: Sequence[RefundPayment], line: BankStatementLine) -> EntryDraft:
    """Off “Payments under way” at the value it went there with, off the bank at the day's; the rest is realised."""
    entity = line.bank_account.entity
    day = OpenDays(entity).from_day(line.bank_account, line.booked_on)
    amount, base, carried = -line.amount, None, None
    lines: list[LineDraft] = []
    if line.currency != entity.currency:
        base = round_to_currency(amount * rate_on(line.currency, entity.currency, day), entity.currency)
        carried = _carried(rows)
        if base != carried:
            lines = [LineDraft(Account.Role.EXCHANGE_DIFFERENCES, base=base - carried)]
    account = Account.objects.filter(bank_account=line.bank_account).first() or Account.Role.BANK
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.TRANSFER,
        posted_on=day,
        currency=line.currency,
        lines=[
            LineDraft(Account.Role.PAYMENTS_UNDER_WAY, debit=amount, base=carried),
            LineDraft(account, credit=amount, base=base),
            *lines,
        ],
        key=f"refund-line:{line.pk}",
        text=f"Refunds left: {', '.join(row.reference for row in rows)}"[:200],
    )


def _carried(rows: Sequence[RefundPayment]) -> Decimal:
    """What these payments stand for in the books' currency on “Payments under way”."""
    lines = JournalLine.objects.filter(
        entry__in=[row.entry_id for row in rows], account__role=Account.Role.PAYMENTS_UNDER_WAY
    )
    return lines.aggregate(sum=Sum("base_credit"))["sum"] or ZERO
