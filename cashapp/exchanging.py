"""What money of one currency settles in another: the rate, what it takes, and what is only rounding. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.currencies import minor_units
from core.errors import Refused
from core.money import ZERO, Money, round_to_currency

ROUNDING_UNITS = 2
# What the payer's own bank makes of a rate stays near the day's; further off, somebody answers for it.
NEAR = Decimal("0.03")
RATE_STEP = Decimal("1E-8")


class NotExchangeable(Refused):
    """The money cannot settle that document at that rate."""

    code = "not_exchangeable"


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of the money's currency for one unit of the document's, and where that is from."""

    value: Decimal
    kind: str

    @classmethod
    def between(cls, used: Money, settled: Money, kind: str) -> "Rate":
        """The rate at which an amount became another."""
        return cls((used.amount / settled.amount).quantize(RATE_STEP), kind)

    def price_of(self, settled: Money, currency: str) -> Decimal:
        """What an amount of the document costs in the money's currency."""
        return round_to_currency(settled.amount * self.value, currency)

    def worth_of(self, money: Money, currency: str) -> Decimal:
        """What money would settle in the document's currency."""
        return round_to_currency(money.amount / self.value, currency)


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What is taken of the money, and the rounding beside it: positive where too little came for the amount."""

    used: Money
    rounding: Decimal = ZERO


def exchanged(available: Money, settled: Money, rate: Rate) -> Exchanged:
    """What settling an amount takes of the money at a rate; a penny or two over or short is rounding."""
    if rate.value <= 0:
        raise NotExchangeable(f"A rate of {rate.value} turns {available} into nothing.")
    price = rate.price_of(settled, available.currency)
    gap = price - available.amount
    least = _rounding_of(available.currency)
    if gap > least:
        raise NotExchangeable(
            f"{settled} cost {Money(price, available.currency)} at {rate.value.normalize():f}, "
            f"but only {available} are left."
        )
    if gap and abs(gap) <= least:
        return Exchanged(available, gap)
    return Exchanged(Money(price, available.currency))


def beside(used: Money, settled: Money, known: Sequence[Rate]) -> Money | None:
    """What an amount cost more or less than at the nearest known rate, where it is near none; without any, all."""
    gaps = {rate: abs(used.amount - rate.price_of(settled, used.currency)) for rate in known}
    least = _rounding_of(used.currency)
    if any(gap <= NEAR * rate.price_of(settled, used.currency) + least for rate, gap in gaps.items()):
        return None
    return Money(min(gaps.values(), default=used.amount), used.currency)


def _rounding_of(currency: str) -> Decimal:
    return Decimal(ROUNDING_UNITS).scaleb(-minor_units(currency))


def met_at(books: str, given: Money, given_worth: Decimal, taken: Money) -> Decimal:
    """The value of an exchange in the books: exact where either side is in their currency, else the money's own."""
    if taken.currency == books:
        return taken.amount
    return given.amount if given.currency == books else given_worth
