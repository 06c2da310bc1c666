"""What the demo company has about refunds: a bank that takes payment files, and a customer who paid twice."""

from __future__ import annotations

from datetime import date, timedelta

from cashapp.actions.receipts import post_receipt
from cashapp.models import Receipt
from cashapp.money_in import Incoming
from core.models import BankAccount
from integrations.demo.books import Ledger
from refunds.actions import add_channel, find_duplicates

SCHEMES = {"GBP": ("bacs", "123456"), "EUR": ("sepa", "")}
PAID_AGAIN_AFTER = timedelta(days=2)


def prepare_refunds(ledger: Ledger, on: date) -> None:
    """Let the company's own bank take files, and have its latest payer send the same money again."""
    by, entity = ledger.by, ledger.entity
    ours = BankAccount.objects.get(entity=entity, currency=entity.currency, is_default=True)
    scheme, identifier = SCHEMES[entity.currency]
    add_channel(by=by, entity=entity, bank_account=ours, scheme=scheme, name=entity.name, identifier=identifier)
    latest = Receipt.objects.filter(entity=entity, currency=entity.currency, received_on__lt=on - PAID_AGAIN_AFTER)
    first = latest.exclude(text="").exclude(payer="").select_related("item__customer").first()
    if first is not None:
        again = Incoming(
            money=first.money,
            received_on=first.received_on + PAID_AGAIN_AFTER,
            key=f"demo:again:{first.pk}",
            bank_account=first.bank_account,
            payer=first.payer,
            payer_account=first.payer_account,
            text=first.text,
        )
        post_receipt(by=by, customer=first.item.customer, incoming=again)
        find_duplicates(by=by, entity=entity, as_of=on)
