"""What a payee is told when a refund leaves."""

from typing import ClassVar

from core.money import money
from messaging.kinds import Context, Kind
from messaging.models import Message
from refunds.models import RefundPayment


class RefundPaid(Kind):
    """A remittance: what we pay back, for what, to which account and when."""

    label = "Refund paid"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "RF-2026-00012",
        "amount": money("120.00 GBP"),
        "credit": "RC-2026-000345",
        "account": "…5555",
        "paid_on": "24 November 2026",
    }

    def still_true(self, message: Message) -> str | None:
        """A payment that came back meanwhile isn't announced."""
        payment = _payment(message)
        return f"{payment} came back: {payment.failed_reason}." if payment.failed_on else None

    def context(self, message: Message) -> Context:
        """The payment's own figures."""
        payment = _payment(message)
        paid_on = payment.batch.paid_on if payment.batch else payment.recorded_at.date()
        return {
            "document": payment.refund.number or "",
            "amount": payment.money,
            "credit": payment.refund.item.number,
            "account": str(payment.bank_account or ""),
            "paid_on": f"{paid_on:%d %B %Y}",
        }


def _payment(message: Message) -> RefundPayment:
    rows = RefundPayment.objects.select_related("refund__item", "batch", "bank_account")
    return rows.get(pk=message.context["payment"], refund__entity=message.entity_id)
