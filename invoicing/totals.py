"""What a document adds up to. Pure.

A line is rounded to the currency's minor unit. Tax is worked out once per rate, on the sum of its lines (EN 16931,
BR-CO-17), so that a document of a hundred small lines carries the tax of its total.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, round_to_currency
from invoicing.models import TaxRate

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TaxPart:
    """The net amount charged at one rate, and its tax."""

    rate: TaxRate
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """Net and tax."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Totals:
    """A document's sums: the highest rate first."""

    parts: tuple[TaxPart, ...]

    @property
    def net(self) -> Decimal:
        """Without tax."""
        return sum((part.net for part in self.parts), ZERO)

    @property
    def tax(self) -> Decimal:
        """The tax of all rates."""
        return sum((part.tax for part in self.parts), ZERO)

    @property
    def gross(self) -> Decimal:
        """With tax."""
        return sum((part.gross for part in self.parts), ZERO)


def line_net(quantity: Decimal, unit_price: Decimal, discount_percent: Decimal, currency: str) -> Decimal:
    """What a line comes to, its discount taken off."""
    return round_to_currency(quantity * unit_price * (HUNDRED - discount_percent) / HUNDRED, currency)


def tax_on(net: Decimal, percent: Decimal, currency: str) -> Decimal:
    """The tax on an amount at a percentage."""
    return round_to_currency(net * percent / HUNDRED, currency)


def totals_of(lines: Iterable[tuple[TaxRate, Decimal]], currency: str) -> Totals:
    """Add up lines, each given as its rate and its net."""
    nets: dict[TaxRate, Decimal] = {}
    for rate, net in lines:
        nets[rate] = nets.get(rate, ZERO) + net
    parts = [TaxPart(rate, net, tax_on(net, rate.percent, currency)) for rate, net in nets.items()]
    return Totals(tuple(sorted(parts, key=lambda part: -part.rate.percent)))
