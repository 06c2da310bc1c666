"""How much of an invoice can be credited, and how a credit is split into net and tax. Pure.

What is left of an invoice is kept per tax rate. A credit that takes all that is left of a rate takes exactly the tax
that is left, so that several part credits together give back what was charged, to the cent.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from core.errors import Refused
from core.money import ZERO, Money, round_to_currency, split_money
from invoicing.models import TaxRate
from invoicing.totals import HUNDRED, TaxPart, Totals, tax_on


class OverCredited(Refused):
    """More would be credited than the invoice has left."""

    code = "over_credited"


def left_of(charged: Iterable[TaxPart], credited: Iterable[TaxPart]) -> dict[TaxRate, TaxPart]:
    """What is not credited yet, per rate."""
    left = {part.rate: part for part in charged}
    for part in credited:
        before = left.get(part.rate, TaxPart(part.rate, ZERO, ZERO))
        left[part.rate] = TaxPart(part.rate, before.net - part.net, before.tax - part.tax)
    return left


def credit_all(left: Mapping[TaxRate, TaxPart]) -> Totals:
    """Credit everything that is left."""
    return Totals(tuple(part for part in left.values() if part.net or part.tax))


def credit_lines(lines: Iterable[tuple[TaxRate, Decimal]], left: Mapping[TaxRate, TaxPart], currency: str) -> Totals:
    """Credit lines, each given as its rate and its net."""
    nets: dict[TaxRate, Decimal] = {}
    for rate, net in lines:
        nets[rate] = nets.get(rate, ZERO) + net
    return Totals(tuple(_part(left[rate], net, currency) for rate, net in nets.items()))


def credit_amount(gross: Money, left: Mapping[TaxRate, TaxPart]) -> Totals:
    """Credit an amount, tax included, spread over the rates as they were charged."""
    parts = [part for part in left.values() if part.gross > 0]
    whole = sum((part.gross for part in parts), ZERO)
    if gross.amount > whole:
        raise OverCredited(f"Only {Money(whole, gross.currency)} can still be credited, not {gross}.")
    if gross.amount == whole:
        return Totals(tuple(parts))
    shares = split_money(gross, [part.gross for part in parts])
    return Totals(tuple(_share(part, share) for part, share in zip(parts, shares, strict=True) if share))


def _part(left: TaxPart, net: Decimal, currency: str) -> TaxPart:
    if _beyond(net, left.net):
        only, asked = Money(left.net, currency), Money(net, currency)
        raise OverCredited(f"Only {only} at {left.rate.percent.normalize():f} % can still be credited, not {asked}.")
    if net == left.net:
        return left
    tax = tax_on(net, left.rate.percent, currency)
    return TaxPart(left.rate, net, left.tax if _beyond(tax, left.tax) else tax)


def _share(left: TaxPart, gross: Money) -> TaxPart:
    if gross.amount == left.gross:
        return left
    net = round_to_currency(gross.amount * HUNDRED / (HUNDRED + left.rate.percent), gross.currency)
    net = max(min(net, left.net), gross.amount - left.tax)
    return TaxPart(left.rate, net, gross.amount - net)


def _beyond(amount: Decimal, limit: Decimal) -> bool:
    """Whether an amount goes past a limit, on the limit's own side of zero."""
    return amount > max(limit, ZERO) or amount < min(limit, ZERO)
