"""Which open documents a payer names, and how much of each is paid."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cashapp.matching.text import compact
from cashapp.money_in import Payment
from core.money import Money
from customers.models import Customer
from ledger.models import OpenItem


def payments_named(customer: Customer, money: Money, documents: Sequence[Mapping[str, Any]]) -> list[Payment]:
    """What the money pays of the documents that were named, in their order and up to what is open of them.

    Documents that are settled, or that the customer doesn't have, are left out: their money waits on account.
    """
    numbers = [str(each["number"]) for each in documents]
    rows = OpenItem.objects.filter(
        customer=customer, number__in=numbers, currency=money.currency, open_amount__gt=0, side=OpenItem.Side.DEBIT
    )
    items = {item.number: item for item in rows.order_by("pk")}
    left, pays = money.amount, []
    for each in documents:
        item = items.pop(str(each["number"]), None)
        if item is None or left <= 0:
            continue
        told = Decimal(each["amount"]) if each.get("amount") else item.open_amount
        amount = min(told, item.open_amount, left)
        if amount > 0:
            pays.append(Payment(item, amount))
            left -= amount
    return pays


def names_others(documents: Sequence[Mapping[str, Any]], numbers: Sequence[str]) -> bool:
    """Whether the payer names a document that is not among these."""
    return bool({compact(str(each["number"])) for each in documents} - {compact(number) for number in numbers})
