"""What somebody wants to bill, and what can't even be a draft. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from core.currencies import known_currency
from core.errors import Refused
from core.models import LegalEntity
from customers.models import Customer, PaymentTerms
from invoicing.models import Invoice, InvoiceLine, InvoiceTax, Language, TaxRate, Unit
from invoicing.totals import HUNDRED, Totals, line_net, totals_of

ZERO = Decimal(0)
LARGEST_QUANTITY = Decimal(1_000_000_000)
LARGEST_PRICE = Decimal(100_000_000_000)
LARGEST_TOTAL = Decimal(100_000_000_000_000)
MOST_LINES = 2_000


class DraftRefused(Refused):
    """What was written can't be billed, whoever asks."""

    code = "draft_refused"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as somebody writes it."""

    description: str
    unit_price: Decimal
    tax_rate: TaxRate
    quantity: Decimal = Decimal(1)
    unit: str = Unit.PIECE.value
    detail: str = ""
    discount_percent: Decimal = ZERO
    service_from: date | None = None
    service_until: date | None = None

    @classmethod
    def of(cls, line: InvoiceLine) -> "DraftLine":
        """A line as it is written already."""
        return cls(**{name.name: getattr(line, name.name) for name in fields(cls)})

    def net(self, currency: str) -> Decimal:
        """What the line comes to."""
        return line_net(self.quantity, self.unit_price, self.discount_percent, currency)

    def says_as_much_as(self, line: InvoiceLine) -> bool:
        """Whether a written line says the same."""
        return _line_facts(self) == _line_facts(DraftLine.of(line))


@dataclass(frozen=True)
class InvoiceDraft:
    """An invoice as somebody writes it. What is left empty is the customer's."""

    customer: Customer
    lines: Sequence[DraftLine] = field(default_factory=tuple)
    currency: str = ""
    terms: PaymentTerms | None = None
    language: str = ""
    kind: str = Invoice.Kind.ORDER.value
    purchase_order: str = ""
    text: str = ""
    service_from: date | None = None
    service_until: date | None = None
    request_id: str | None = None

    @classmethod
    def of(cls, invoice: Invoice, **changed: Any) -> "InvoiceDraft":
        """A draft as it is written already, but for what changed."""
        kept = {one.name: getattr(invoice, one.name) for one in fields(cls) if one.name not in {"lines", "request_id"}}
        lines = [DraftLine.of(line) for line in invoice.lines.select_related("tax_rate")]
        return cls(**{**kept, "lines": lines, **changed})

    @cached_property
    def in_currency(self) -> str:
        """The currency that it is billed in."""
        return self.currency or self.customer.currency

    @property
    def in_language(self) -> str:
        """The language that it is written in; English where the customer's isn't one of ours."""
        wanted = (self.language or self.customer.language).partition("-")[0]
        return wanted if wanted in Language.values else Language.ENGLISH.value

    @cached_property
    def totals(self) -> Totals:
        """What it adds up to."""
        return totals_of(((line.tax_rate, line.net(self.in_currency)) for line in self.lines), self.in_currency)

    @property
    def content_hash(self) -> str:
        """Tells a repeated request from another one under the same id."""
        return sha256(repr([*_facts(self), *map(_line_facts, self.lines)]).encode()).hexdigest()


def refuse_impossible(draft: InvoiceDraft, entity: LegalEntity) -> None:
    """Raise DraftRefused with the first thing that no invoice can have."""
    for complaint in complaints_about(draft, entity):
        raise DraftRefused(complaint)


def complaints_about(draft: InvoiceDraft, entity: LegalEntity) -> Iterator[str]:
    """What no invoice can have, each as a sentence."""
    known_currency(draft.in_currency)
    if draft.customer.entity_id != entity.pk:
        yield f"{draft.customer} is no customer of {entity.name}."
    if draft.terms is not None and draft.terms.entity_id != entity.pk:
        yield f"The terms “{draft.terms}” are another company's."
    if _is_reversed(draft.service_from, draft.service_until):
        ends, begins = f"{draft.service_until:%d %b %Y}", f"{draft.service_from:%d %b %Y}"
        yield f"The service period ends on {ends}, before it begins on {begins}."
    if len(draft.lines) > MOST_LINES:
        yield f"An invoice has at most {MOST_LINES:,} lines; this one has {len(draft.lines):,}."
    for position, line in enumerate(draft.lines, start=1):
        yield from (f"Line {position}: {complaint}" for complaint in _complaints_about_line(line, entity))
    if abs(draft.totals.gross) >= LARGEST_TOTAL:
        yield f"{draft.totals.gross:,.0f} {draft.in_currency} is no amount that anybody is billed."


def _complaints_about_line(line: DraftLine, entity: LegalEntity) -> Iterator[str]:
    numbers = (line.quantity, line.unit_price, line.discount_percent)
    if not all(number.is_finite() for number in numbers):
        yield "quantity, price and discount must be numbers."
        return
    if line.unit_price < 0:
        yield f"the price {line.unit_price} is negative. Deduct with a negative quantity, or write a credit note."
    if line.unit_price > LARGEST_PRICE or abs(line.quantity) > LARGEST_QUANTITY:
        yield f"{line.quantity:,} at {line.unit_price:,} can't be meant."
    if line.quantity == 0:
        yield "the quantity is 0."
    if not 0 <= line.discount_percent <= HUNDRED:
        yield f"the discount lies between 0 and 100 per cent, not at {line.discount_percent}."
    if _decimals(line.quantity) > 4 or _decimals(line.unit_price) > 6 or _decimals(line.discount_percent) > 2:
        yield "quantities have at most 4 decimals, prices 6 and discounts 2."
    if line.tax_rate.entity_id != entity.pk:
        yield f"the tax rate “{line.tax_rate}” is another company's."
    if _is_reversed(line.service_from, line.service_until):
        ends, begins = f"{line.service_until:%d %b %Y}", f"{line.service_from:%d %b %Y}"
        yield f"the service period ends on {ends}, before it begins on {begins}."


def lines_for(invoice: Invoice, draft: InvoiceDraft) -> list[InvoiceLine]:
    """The rows of a draft's lines."""
    return [
        InvoiceLine(
            invoice=invoice,
            position=position,
            description=line.description.strip(),
            detail=line.detail.strip(),
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            discount_percent=line.discount_percent,
            tax_rate=line.tax_rate,
            service_from=line.service_from,
            service_until=line.service_until,
            net=line.net(draft.in_currency),
        )
        for position, line in enumerate(draft.lines, start=1)
    ]


def taxes_for(invoice: Invoice, totals: Totals) -> list[InvoiceTax]:
    """The rows of a draft's tax, one a rate."""
    return [InvoiceTax(invoice=invoice, tax_rate=part.rate, net=part.net, tax=part.tax) for part in totals.parts]


def _is_reversed(start: date | None, end: date | None) -> bool:
    return end is not None and (start is None or end < start)


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _facts(draft: InvoiceDraft) -> list[object]:
    return [
        draft.customer.pk,
        draft.in_currency,
        draft.terms.pk if draft.terms else None,
        draft.language,
        draft.kind,
        draft.purchase_order,
        draft.text,
        draft.service_from,
        draft.service_until,
    ]


def _line_facts(line: DraftLine) -> list[object]:
    return [
        line.description,
        line.detail,
        f"{line.quantity.normalize():f}",
        line.unit,
        f"{line.unit_price.normalize():f}",
        f"{line.discount_percent.normalize():f}",
        line.tax_rate.pk,
        line.service_from,
        line.service_until,
    ]
