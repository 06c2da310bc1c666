"""Documents that another program issued, with their numbers and their figures as they were sent. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.currencies import known_currency
from core.money import ZERO, round_to_currency
from customers.models import Customer, PaymentTerms

LARGEST = Decimal(100_000_000_000_000)
LONGEST_NUMBER = 58


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """A line as it was billed."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    net: Decimal
    tax_percent: Decimal | None = None
    """None: the document has one rate, and this line is charged at it."""


@dataclass(frozen=True, slots=True)
class ImportedTax:
    """What is charged at one percentage."""

    percent: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class ImportedDocument:
    """What both kinds have: figures that are taken as they are, at one tax rate or, named in `taxes`, at several."""

    number: str
    customer: Customer
    issued_on: date
    currency: str
    tax_percent: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    taxes: Sequence[ImportedTax] = field(default=(), kw_only=True)

    @property
    def parts(self) -> Sequence[ImportedTax]:
        """Net and tax at each percentage."""
        return self.taxes or (ImportedTax(self.tax_percent, self.net, self.tax),)

    def complaints(self) -> Iterator[str]:
        """Why it can't be taken, each as a sentence."""
        known_currency(self.currency)
        if not 0 < len(self.number.strip()) <= LONGEST_NUMBER:
            yield f"“{self.number}” is no document number."
        amounts = (self.net, self.tax, self.gross)
        if not all(amount.is_finite() and abs(amount) < LARGEST for amount in amounts):
            yield f"{self.number}: its amounts can't be meant."
            return
        if any(amount != round_to_currency(amount, self.currency) for amount in amounts):
            yield f"{self.number}: its amounts have more decimals than {self.currency} allows."
        if self.gross <= 0:
            yield f"{self.number}: the total {self.gross} {self.currency} is not above zero."
        if self.net + self.tax != self.gross:
            yield f"{self.number}: {self.net} and tax {self.tax} don't come to {self.gross} {self.currency}."
        sums = (sum((part.net for part in self.parts), ZERO), sum((part.tax for part in self.parts), ZERO))
        if sums != (self.net, self.tax):
            yield f"{self.number}: its tax rates come to {sums[0]} and tax {sums[1]}, not to {self.net} and {self.tax}."
        if len({part.percent for part in self.parts}) < len(self.parts):
            yield f"{self.number}: it names a tax rate twice."


@dataclass(frozen=True, slots=True)
class ImportedInvoice(ImportedDocument):
    """An invoice of another program."""

    due_on: date
    terms: PaymentTerms
    lines: Sequence[ImportedLine] = field(default_factory=tuple)
    purchase_order: str = ""

    def complaints(self) -> Iterator[str]:
        """Why it can't be taken, each as a sentence."""
        yield from ImportedDocument.complaints(self)
        if self.due_on < self.issued_on:
            yield f"{self.number} falls due on {self.due_on:%d %b %Y}, before its own date {self.issued_on:%d %b %Y}."
        if self.lines and sum((line.net for line in self.lines), ZERO) != self.net:
            yield f"{self.number}: its lines don't come to {self.net} {self.currency}."
        elif any(net != ZERO for net in self._apart().values()):
            yield f"{self.number}: its lines don't come to what it charges at each tax rate."

    def _apart(self) -> dict[Decimal, Decimal]:
        """By percentage, what the lines come to beyond what the document says; nothing without lines."""
        if not self.lines:
            return {}
        apart = {part.percent: -part.net for part in self.parts}
        for line in self.lines:
            percent = self.tax_percent if line.tax_percent is None else line.tax_percent
            apart[percent] = apart.get(percent, ZERO) + line.net
        return apart


@dataclass(frozen=True, slots=True)
class ImportedCreditNote(ImportedDocument):
    """A credit note of another program, naming the invoice that it corrects."""

    invoice_number: str
    reason: str = ""
