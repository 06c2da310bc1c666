"""Amounts over the API: exact texts with as many decimals as their currency has, “120.00” and “14000”."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from core.money import plain_amount

IN_CURRENCY = frozenset({
    "amount", "open_amount", "on_account", "net", "tax", "gross", "total", "unapplied_cash", "credits", "buckets",
    "released", "credited", "deferred", "surcharge",
})  # fmt: skip
IN_BASE = frozenset({"base_amount", "base_deferred", "debit_base", "credit_base"})


class AmountsInCurrency(serializers.BaseSerializer[Any]):
    """Mix into the serializer of whatever has a `currency`; its lines and taxes are in the same."""

    def base_currency(self, instance: Any) -> str:
        """The currency of the books, of which the amounts named `base` are."""
        return str(instance.entity.currency)

    def to_representation(self, instance: Any) -> Any:
        """What the serializer says, each amount in its currency's decimals."""
        told = super().to_representation(instance)
        base = self.base_currency(instance) if IN_BASE & told.keys() else ""
        return _written(told, told["currency"], base)


def _written(told: Mapping[str, Any], currency: str, base: str) -> dict[str, Any]:
    return {name: _value(name, value, currency, base) for name, value in told.items()}


def _value(name: str, value: Any, currency: str, base: str) -> Any:
    match value:
        case Mapping() if name in IN_CURRENCY:
            return {key: plain_amount(Decimal(each), currency) for key, each in value.items()}
        case list():
            return [_written(each, currency, base) if isinstance(each, Mapping) else each for each in value]
        case str() | Decimal() if name in IN_CURRENCY:
            return plain_amount(Decimal(value), currency)
        case str() | Decimal() if name in IN_BASE:
            return plain_amount(Decimal(value), base)
    return value
