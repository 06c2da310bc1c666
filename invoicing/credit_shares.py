"""How credits are shared over the lines of their invoice, and over what is released of a line and what isn't. Pure.

A credit of a line is that line's. A credit of an amount is shared over the lines of its tax rate by what is left of
each. Credits are taken in the order in which they were posted, so the same credits always give the same shares.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, Money, round_to_currency, split_money


@dataclass(frozen=True, slots=True)
class LinePart:
    """An amount before tax, of a line of the invoice or of all its lines at a tax rate."""

    line: int | None
    rate: int
    net: Decimal


class LinesLeft:
    """What is left of each line of an invoice, as credits are taken from it."""

    def __init__(self, lines: Iterable[LinePart], currency: str) -> None:
        self.currency = currency
        self.left: dict[int, Decimal] = {}
        self._rates: dict[int, int] = {}
        for one in lines:
            if one.line is not None:
                self.left[one.line], self._rates[one.line] = one.net, one.rate

    def take(self, credit: LinePart) -> Mapping[int, Decimal]:
        """Take a credit, and say how much of it each line bears.

        What a line named in the credit no longer has (an amount was credited before) is shared over the others.
        """
        shares: dict[int, Decimal] = {}
        if credit.line is not None:
            left = self.left[credit.line]
            shares[credit.line] = min(credit.net, left, key=abs) if credit.net * left > 0 else ZERO
        rest = credit.net - sum(shares.values(), ZERO)
        for line, share in self._spread(credit.rate, rest, shares).items():
            shares[line] = shares.get(line, ZERO) + share
        for line, share in shares.items():
            self.left[line] -= share
        return {line: share for line, share in shares.items() if share}

    def _spread(self, rate: int, amount: Decimal, taken: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
        if not amount:
            return {}
        left = {
            line: self.left[line] - taken.get(line, ZERO) for line, its_rate in self._rates.items() if its_rate == rate
        }
        if amount == sum(left.values(), ZERO):
            return left
        weights = {line: one for line, one in left.items() if one * amount > 0}
        if not weights:
            return {}
        parts = split_money(Money(abs(amount), self.currency), [abs(one) for one in weights.values()])
        return {line: part.amount.copy_sign(amount) for line, part in zip(weights, parts, strict=True)}


def unearned_part(credit: Decimal, left: Decimal, unreleased: Decimal, currency: str, *, of_days: bool) -> Decimal:
    """How much of a line's credit is taken from deferred income; the rest takes revenue back.

    A credit of days that are not used takes what is not released first. Any other credit is a lower price for all that
    is `left` of the line, and is shared between what is released of it and what isn't.
    """
    if not unreleased or not left:
        return ZERO
    if of_days:
        return min(credit, unreleased, key=abs)
    if credit == left:
        return unreleased
    return round_to_currency(credit * unreleased / left, currency)
