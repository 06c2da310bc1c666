"""Which lines of an invoice are deferred, and what they are worth in the books. Pure.

A line is deferred when its service has a day after the month of its invoice, and its product isn't earned at once. Its
service is the line's own, or the invoice's where the line names none; a line without a product is earned day by day.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, round_to_currency
from invoicing.cycles import Days
from invoicing.models import Invoice, InvoiceLine, Product
from invoicing.releases import is_deferred, worth_of


@dataclass(frozen=True, slots=True)
class Deferral:
    """A line whose income is earned later, with its worth in the books at the invoice's rate."""

    line: InvoiceLine
    method: str
    days: Days
    base_amount: Decimal


@dataclass(frozen=True, slots=True)
class Worth:
    """An amount, and what it is worth in the books."""

    amount: Decimal
    base: Decimal

    def __add__(self, other: "Worth") -> "Worth":
        return Worth(self.amount + other.amount, self.base + other.base)


NOTHING = Worth(ZERO, ZERO)


def deferrals_of(
    invoice: Invoice, lines: Sequence[InvoiceLine], methods: Mapping[int, str], base_currency: str
) -> Iterator[Deferral]:
    """The deferred lines of an invoice that has its day and rate; `methods` are those of the products."""
    if invoice.issued_on is None:
        raise AssertionError("An invoice is dated before its income is deferred.")
    worths = _worths(invoice, lines, base_currency)
    for line, worth in zip(lines, worths, strict=True):
        method = methods.get(line.product_id or 0, Product.Release.DAILY.value)
        days = service_of(invoice, line)
        if days is not None and line.net and is_deferred(method, days.last_on, invoice.issued_on):
            yield Deferral(line, method, days, worth)


def service_of(invoice: Invoice, line: InvoiceLine) -> Days | None:
    """The days that a line bills; None where neither the line nor the invoice names both ends."""
    for one in (line, invoice):
        if one.service_from is not None and one.service_until is not None:
            return Days(one.service_from, one.service_until)
    return None


def by_rate(deferred: Iterable[Deferral]) -> dict[int, Worth]:
    """What is deferred at each tax rate."""
    sums: dict[int, Worth] = {}
    for one in deferred:
        rate = one.line.tax_rate_id
        sums[rate] = sums.get(rate, NOTHING) + Worth(one.line.net, one.base_amount)
    return sums


def _worths(invoice: Invoice, lines: Sequence[InvoiceLine], base_currency: str) -> Iterator[Decimal]:
    """What each line is worth in the books: cumulatively, so that all lines come to the invoice's worth before tax."""
    if invoice.currency == base_currency:
        yield from (line.net for line in lines)
        return
    base_net = round_to_currency(invoice.gross * (invoice.rate or ZERO), base_currency) - (invoice.base_tax or ZERO)
    so_far = before = ZERO
    for line in lines:
        so_far += line.net
        until = worth_of(so_far, invoice.net, base_net, base_currency)
        yield until - before
        before = until
