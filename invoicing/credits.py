"""What somebody wants to credit: everything that is left, some lines, or an amount. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.locales import locale_of
from core.money import Money
from invoicing.crediting import OverCredited, credit_all, credit_amount, credit_lines
from invoicing.models import CreditNoteLine, Invoice, InvoiceLine, TaxRate, Unit
from invoicing.papers.words import words_in
from invoicing.totals import TaxPart, Totals, line_net


@dataclass(frozen=True, slots=True)
class Everything:
    """Credit all that the invoice has left."""


@dataclass(frozen=True, slots=True)
class LineCredit:
    """Credit a quantity of a line at its own price, or an amount of it before tax.

    `credited_from` says that the amount is for the days of the line's service from that one on, `working` how it came.
    """

    line: InvoiceLine
    quantity: Decimal | None = None
    net: Decimal | None = None
    credited_from: date | None = None
    working: str = ""


@dataclass(frozen=True, slots=True)
class SomeLines:
    """Credit these lines."""

    lines: Sequence[LineCredit]


@dataclass(frozen=True, slots=True)
class PartOf:
    """Credit an amount, tax included."""

    amount: Money


Credit = Everything | SomeLines | PartOf
Left = Mapping[TaxRate, TaxPart]


@dataclass(frozen=True, slots=True)
class Creditable:
    """An invoice with what is left of it, per rate and per line."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]
    left: Left
    left_of_lines: Mapping[int, Decimal]
    touched: bool = field(default=False)

    @property
    def gross_left(self) -> Money:
        """What can still be credited, tax included."""
        return Money(credit_all(self.left).gross, self.invoice.currency)

    def parts(self, credit: Credit) -> tuple[list[CreditNoteLine], Totals]:
        """The lines of a credit note and what they come to; raises OverCredited where it is too much."""
        if isinstance(credit, SomeLines):
            return self._some_lines(credit)
        totals = credit_amount(credit.amount, self.left) if isinstance(credit, PartOf) else credit_all(self.left)
        if not totals.gross > 0:
            raise OverCredited(f"{self.invoice} has nothing left to credit.")
        if isinstance(credit, Everything) and not self.touched:
            return self._all_lines(), totals
        return [self._line_for(part, position) for position, part in enumerate(totals.parts, start=1)], totals

    def _some_lines(self, credit: SomeLines) -> tuple[list[CreditNoteLine], Totals]:
        rows = [self._line_of(one, position) for position, one in enumerate(credit.lines, start=1)]
        totals = credit_lines([(row.tax_rate, row.net) for row in rows], self.left, self.invoice.currency)
        if not totals.gross > 0:
            raise OverCredited("The chosen lines come to nothing that could be credited.")
        return rows, totals

    def _all_lines(self) -> list[CreditNoteLine]:
        return [
            _copy(line, position, line.quantity, line.unit_price, line.discount_percent, line.net)
            for position, line in enumerate(self.lines, start=1)
        ]

    def _line_of(self, credit: LineCredit, position: int) -> CreditNoteLine:
        line, left = credit.line, self.left_of_lines.get(credit.line.pk)
        if left is None:
            raise OverCredited(f"“{credit.line}” is no line of {self.invoice}.")
        net = self._net_of(credit, left)
        if net == 0 or abs(net) > abs(left) or (net > 0) != (left > 0):
            only = Money(left, self.invoice.currency)
            raise OverCredited(f"Line {line.position} has only {only} before tax left to credit.")
        if credit.quantity is not None:
            return _copy(line, position, credit.quantity, line.unit_price, line.discount_percent, net)
        row = _copy(line, position, Decimal(1).copy_sign(net), abs(net), Decimal(0), net)
        row.credited_from, row.detail = credit.credited_from, credit.working or line.detail
        return row

    def _net_of(self, credit: LineCredit, left: Decimal) -> Decimal:
        line = credit.line
        if credit.net is not None:
            return credit.net
        if credit.quantity is None:
            return left
        return line_net(credit.quantity, line.unit_price, line.discount_percent, self.invoice.currency)

    def _line_for(self, part: TaxPart, position: int) -> CreditNoteLine:
        words = words_in(locale_of(self.invoice.language, self.invoice.entity.country))
        return CreditNoteLine(
            position=position,
            description=words.say("credit_on", number=str(self.invoice.number)),
            quantity=Decimal(1).copy_sign(part.net),
            unit=Unit.PIECE,
            unit_price=abs(part.net),
            tax_rate=part.rate,
            net=part.net,
        )


def _copy(
    line: InvoiceLine, position: int, quantity: Decimal, unit_price: Decimal, discount: Decimal, net: Decimal
) -> CreditNoteLine:
    return CreditNoteLine(
        invoice_line=line,
        position=position,
        description=line.description,
        detail=line.detail,
        quantity=quantity,
        unit=line.unit,
        unit_price=unit_price,
        discount_percent=discount,
        tax_rate=line.tax_rate,
        net=net,
    )
