"""What a mail that carries a renewal quote says."""

from datetime import date
from typing import ClassVar

from core.money import Money, money
from invoicing.models import RenewalQuote
from invoicing.notice import latest_notice_on
from messaging.kinds import Context, Kind
from messaging.models import Message


class RenewalQuoteMessage(Kind):
    """A quote for the next term of a contract; its PDF was queued with it."""

    label = "Renewal quote"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "K-2026-00042",
        "amount": money("12,400.00 GBP"),
        "starts_on": date(2027, 1, 15),
        "ends_on": date(2028, 1, 14),
        "valid_until": date(2026, 12, 31),
        "notice_by": date(2026, 12, 15),
        "renews": True,
    }

    def still_true(self, message: Message) -> str | None:
        """A quote for a contract that somebody gave notice on, or that was renewed meanwhile, isn't sent."""
        quote = _quote(message)
        if quote.contract.notice_given_on is not None:
            return f"Notice was given on {quote.contract.number}."
        if quote.contract.ends_on is None or quote.contract.ends_on >= quote.starts_on:
            return f"{quote.contract.number} was renewed meanwhile."
        return None

    def context(self, message: Message) -> Context:
        """The term and what it comes to."""
        quote = _quote(message)
        return {
            "amount": Money(quote.net, quote.contract.currency),
            "starts_on": quote.starts_on,
            "ends_on": quote.ends_on,
            "valid_until": quote.valid_until,
            "notice_by": latest_notice_on(quote.contract) or quote.starts_on,
            "renews": quote.contract.renews,
        }


def _quote(message: Message) -> RenewalQuote:
    rows = RenewalQuote.objects.select_related("contract")
    return rows.get(pk=message.context["pk"], contract__entity=message.entity_id)
