"""What mails of cash application say: receipts, the question what money is for, and that a statement is missing."""

from datetime import date
from typing import ClassVar
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from cashapp.models import Receipt
from cashapp.queries.bank_days import missing_statements
from cashapp.queries.receipts import payments_of_receipt
from core import clock
from core.models import BankAccount
from core.money import Money, money
from messaging.kinds import Context, Kind, Value
from messaging.models import Message

MISSING = "statement_missing"


class PaymentReceiptMessage(Kind):
    """Thanks for an electronic payment, with what it paid."""

    label = "Receipt of a payment"
    sample: ClassVar[Context] = {
        "customer": "Brightwater Hotels",
        "contact": "Priya Nair",
        "document": "RC-2026-000123",
        "amount": money("2499.00 GBP"),
        "received_on": date(2026, 11, 20),
        "documents": [{"number": "INV-2026-000118", "amount": money("2400.00 GBP")}],
        "on_account": money("99.00 GBP"),
        "text": "CARD pi_3Q",
    }

    def still_true(self, message: Message) -> str | None:
        """Nobody is thanked for money that went back."""
        receipt = _receipt(message)
        return None if receipt.is_live else f"{receipt} was {receipt.get_ending_display().lower()}."

    def context(self, message: Message) -> Context:
        """The amount, what it paid, and what waits on account."""
        return _told(_receipt(message))


class PurposeAskedMessage(Kind):
    """The question to a payer what their money is for."""

    label = "What is this payment for?"
    sample: ClassVar[Context] = PaymentReceiptMessage.sample

    def still_true(self, message: Message) -> str | None:
        """Nobody is asked once everything is applied."""
        receipt = _receipt(message)
        if not receipt.is_live:
            return f"{receipt} was {receipt.get_ending_display().lower()}."
        return None if receipt.item.open_amount else f"Nothing of {receipt} waits on account any more."

    def context(self, message: Message) -> Context:
        """The amount, and what of it waits on account."""
        return _told(_receipt(message))


class StatementMissingMessage(Kind):
    """To a colleague: the bank's statement of an account did not come."""

    label = "Statement missing"
    sample: ClassVar[Context] = {
        "contact": "Nora Field",
        "document": "Barclays current",
        "account": "Barclays current …5555",
        "days": [{"day": date(2026, 11, 19)}, {"day": date(2026, 11, 20)}],
        "count": 2,
        "link": "https://o2c.example/bank-statements/days/",
    }

    def still_true(self, message: Message) -> str | None:
        """Nobody is asked for a statement that came meanwhile."""
        return None if _days_missing(message) else f"The statements of {message.document} are there."

    def context(self, message: Message) -> Context:
        """The account, and the days that no statement covers."""
        days = _days_missing(message)
        return {
            "account": str(BankAccount.objects.get(pk=message.context["account"], entity=message.entity_id)),
            "days": [{"day": day} for day in days],
            "count": len(days),
            "link": urljoin(str(settings.PUBLIC_URL), reverse("cashapp:bank_days")),
        }


def _days_missing(message: Message) -> list[date]:
    missing = missing_statements(message.entity, clock.today(message.entity))
    return [each.day for each in missing if each.account.pk == message.context["account"]]


def _receipt(message: Message) -> Receipt:
    return Receipt.objects.select_related("item__customer").get(pk=message.context["receipt"])


def _told(receipt: Receipt) -> dict[str, Value]:
    documents: list[dict[str, str | int | date | Money]] = [
        {
            "number": each.item.number,
            "amount": each.exchange.settled_money if each.exchange else Money(each.amount, receipt.currency),
        }
        for each in payments_of_receipt(receipt)
    ]
    left = receipt.item.open_money
    return {
        "amount": receipt.money,
        "received_on": receipt.received_on,
        "documents": documents,
        "on_account": left if left else "",
        "text": receipt.text,
    }
