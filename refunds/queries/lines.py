"""Bank lines on which payments of refunds may have left."""

from collections.abc import Sequence
from datetime import timedelta

from cashapp.models import BankStatementLine
from core.money import ZERO
from refunds.models import RefundPayment

AROUND = timedelta(days=10)
MOST = 5


def lines_for_each(payments: Sequence[RefundPayment]) -> dict[int, list[BankStatementLine]]:
    """The same for each of many payments by itself, asked at once."""
    of_files = [(payment, payment.batch) for payment in payments if payment.batch is not None]
    if not of_files:
        return {}
    days = [batch.paid_on for _, batch in of_files]
    rows = BankStatementLine.objects.filter(
        bank_account__in={batch.channel.bank_account_id for _, batch in of_files},
        amount__in={-payment.amount for payment, _ in of_files},
        booked_on__range=(min(days) - AROUND, max(days) + AROUND),
    ).exclude(postings__ended_at=None, postings__isnull=False)
    lines = list(rows.order_by("booked_on", "pk"))
    return {
        payment.pk: [
            line
            for line in lines
            if (line.bank_account_id, line.amount) == (batch.channel.bank_account_id, -payment.amount)
            and abs(line.booked_on - batch.paid_on) <= AROUND
        ][:MOST]
        for payment, batch in of_files
    }


def lines_for(payments: Sequence[RefundPayment]) -> list[BankStatementLine]:
    """Outgoing lines of exactly this sum, booked within days of the file's day and not posted yet."""
    if not payments or payments[0].batch is None:
        return []
    batch = payments[0].batch
    rows = BankStatementLine.objects.filter(
        bank_account=batch.channel.bank_account_id,
        amount=-sum((payment.amount for payment in payments), ZERO),
        booked_on__range=(batch.paid_on - AROUND, batch.paid_on + AROUND),
    ).exclude(postings__ended_at=None, postings__isnull=False)
    return list(rows.order_by("booked_on", "pk")[:MOST])
