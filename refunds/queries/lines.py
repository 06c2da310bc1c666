"""Bank lines on which payments of refunds may have left."""

from collections.abc import Sequence
from datetime import timedelta

from cashapp.models import BankStatementLine
from core.money import ZERO
from refunds.models import RefundPayment

AROUND = timedelta(days=10)
MOST = 5


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
