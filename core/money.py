"""Exact money: a Decimal that knows its currency and refuses to be mixed with another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from core.currencies import known_currency, minor_units
from core.errors import Refused

LARGEST = Decimal("999999999999999.999")
ZERO = Decimal(0)


class NotAnAmount(Refused):
    """The text or number is no amount of that currency."""

    code = "not_an_amount"


class CurrencyMismatch(Refused):
    """Two amounts of different currencies met."""

    code = "currency_mismatch"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency, never with more decimals than the currency has."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        known_currency(self.currency)
        if not self.amount.is_finite() or abs(self.amount) > LARGEST:
            raise NotAnAmount(f"{self.amount} is not an amount that can be booked.")
        if self.amount != round_to_currency(self.amount, self.currency):
            raise NotAnAmount(f"{self.amount} has more decimals than {self.currency} allows.")

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Money:
        """Make money from whole cents (or whole yen)."""
        return cls(Decimal(minor).scaleb(-minor_units(currency)), currency)

    @property
    def minor(self) -> int:
        """The amount in the currency's smallest unit, with its sign."""
        return to_minor(self.amount, self.currency)

    def _amount_of(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self} and {other} are in different currencies.")
        return other.amount

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._amount_of(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._amount_of(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._amount_of(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._amount_of(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount:,.{minor_units(self.currency)}f} {self.currency}"


def plain_amount(amount: Decimal, currency: str) -> str:
    """The amount as programs read it: no separators, as many decimals as the currency has."""
    return f"{round_to_currency(amount, currency):.{minor_units(currency)}f}"


def money(text: str) -> Money:
    """Read “100.00 EUR”; for tests and command lines."""
    match = re.fullmatch(r"\s*(-?[\d,]+(?:\.\d+)?)\s+([A-Za-z]{3})\s*", text)
    if match is None:
        raise NotAnAmount(f"“{text}” is not an amount with a currency, such as 100.00 EUR.")
    return Money(Decimal(match[1].replace(",", "")), match[2].upper())


def to_decimal(text: str) -> Decimal:
    """Read a plain decimal such as “-1234.56”; anything else is refused, never zero."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        raise NotAnAmount(f"“{text}” is not an amount.") from None
    if not amount.is_finite():
        raise NotAnAmount(f"“{text}” is not an amount.")
    return amount


def to_minor(amount: Decimal, currency: str) -> int:
    """Whole cents (or whole yen) of an amount that has no finer part."""
    return int(amount.scaleb(minor_units(currency)).to_integral_exact())


def round_to_currency(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's minor unit: the one place where money is rounded."""
    return amount.quantize(Decimal(1).scaleb(-minor_units(currency)), rounding=ROUND_HALF_UP)


def split_money(total: Money, weights: Sequence[Decimal]) -> list[Money]:
    """Split by weight to the cent, the largest remainders first, so that the parts add up to the total."""
    whole = sum(weights, ZERO)
    if not weights or whole == 0:
        raise NotAnAmount(f"{total} can't be split: the weights add up to nothing.")
    shares = [Decimal(total.minor) * weight / whole for weight in weights]
    floors = [int(share.to_integral_value(rounding="ROUND_FLOOR")) for share in shares]
    left = total.minor - sum(floors)
    order = sorted(range(len(shares)), key=lambda i: (floors[i] - shares[i], i))
    for index in order[:left]:
        floors[index] += 1
    return [Money.from_minor(floor, total.currency) for floor in floors]


def amount_in(text: str) -> Decimal | None:
    """An exact amount as people type it, without its sign: 1,234.50, 1.234,50, £1234.5, 100 EUR; else nothing."""
    bare = re.sub(r"^[A-Za-z]{3}\b|\b[A-Za-z]{3}$|[\s£€$]", "", text, flags=re.ASCII)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d{1,3})?|-?\d+,\d{1,2}", bare):
        bare = bare.replace(".", "").replace(",", ".")
    bare = bare.replace(",", "")
    return abs(Decimal(bare)) if re.fullmatch(r"-?\d{1,15}(\.\d{1,3})?", bare, re.ASCII) else None
