"""A contract as somebody writes it, and what can't be one. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db.models import Model

from core.currencies import known_currency
from core.errors import Refused
from core.models import LegalEntity
from customers.models import Customer, PaymentTerms
from invoicing.drafts import LARGEST_PRICE, LARGEST_QUANTITY, MOST_LINES
from invoicing.models import Contract, ContractLine, PriceTier, Product

ZERO = Decimal(0)
Cycle, Timing, Tiering = ContractLine.Cycle, ContractLine.Timing, ContractLine.Tiering


class ContractRefused(Refused):
    """What was written can't be agreed, whoever asks."""

    code = "contract_refused"


@dataclass(frozen=True, slots=True)
class ContractLineDraft:
    """A line as somebody writes it. Days that are left out are the contract's."""

    product: Product
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    description: str = ""
    discount_percent: Decimal = ZERO
    cycle: str = Cycle.ANNUAL.value
    timing: str = Timing.ADVANCE.value
    tiering: str = Tiering.NONE.value
    tiers: Sequence[tuple[Decimal, Decimal]] = ()
    anchor_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    cost_centre: str = ""

    @property
    def is_priced(self) -> bool:
        """Whether a price is agreed, or tiers are."""
        return self.unit_price is not None or bool(self.tiers)


@dataclass(frozen=True)
class ContractDraft:
    """A contract as somebody writes it. What is left empty is the customer's."""

    customer: Customer
    starts_on: date
    lines: Sequence[ContractLineDraft] = ()
    kind: str = Contract.Kind.SUBSCRIPTION.value
    number: str = ""
    currency: str = ""
    ends_on: date | None = None
    terms: PaymentTerms | None = None
    language: str = ""
    purchase_order: str = ""
    text: str = ""
    notice_days: int = 0
    renews: bool = False
    renewal_months: int = 12
    indexation_percent: Decimal | None = None
    source: str = "form"
    source_id: str | None = None

    @cached_property
    def in_currency(self) -> str:
        """The currency that it is agreed in."""
        return self.currency or self.customer.currency

    @property
    def content_hash(self) -> str:
        """Tells a repeated contract from another one under the same id."""
        return digest_of(self)


def digest_of(draft: Any) -> str:
    """A hash of what a draft says; rows by their key, numbers by their value."""
    return sha256(repr(_plain(draft)).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    return str(value)


def refuse_impossible_contract(draft: ContractDraft, entity: LegalEntity) -> None:
    """Raise ContractRefused with the first thing that no contract can have."""
    for complaint in complaints_about_contract(draft, entity):
        raise ContractRefused(complaint)


def complaints_about_contract(draft: ContractDraft, entity: LegalEntity) -> Iterator[str]:
    """What no contract can have, each as a sentence."""
    known_currency(draft.in_currency)
    if draft.customer.entity_id != entity.pk:
        yield f"{draft.customer} is no customer of {entity.name}."
    if draft.terms is not None and draft.terms.entity_id != entity.pk:
        yield f"The terms “{draft.terms}” are another company's."
    if draft.ends_on is not None and draft.ends_on < draft.starts_on:
        yield f"The contract ends on {draft.ends_on:%d %b %Y}, before it begins on {draft.starts_on:%d %b %Y}."
    if draft.renews and (draft.ends_on is None or draft.renewal_months < 1):
        yield "A contract that renews needs the last day of its term, and the months of the next one."
    if len(draft.lines) > MOST_LINES:
        yield f"A contract has at most {MOST_LINES:,} lines; this one has {len(draft.lines):,}."
    for position, line in enumerate(draft.lines, start=1):
        yield from (f"Line {position}: {complaint}" for complaint in _complaints_about_line(line, draft, entity))


def _complaints_about_line(line: ContractLineDraft, draft: ContractDraft, entity: LegalEntity) -> Iterator[str]:
    if line.product.entity_id != entity.pk:
        yield f"{line.product} is another company's product."
    if not line.product.is_active:
        yield f"{line.product} is not sold any more."
    numbers = [line.quantity, line.discount_percent, line.unit_price or ZERO]
    if not all(number.is_finite() for number in numbers) or min(numbers) < 0:
        yield "quantity, price and discount are numbers, and not negative."
        return
    if line.quantity > LARGEST_QUANTITY or (line.unit_price or ZERO) > LARGEST_PRICE:
        yield f"{line.quantity:,} at {line.unit_price or ZERO:,} can't be meant."
    if line.discount_percent > 100:
        yield f"the discount lies between 0 and 100 per cent, not at {line.discount_percent}."
    if line.cycle == Cycle.USAGE and line.timing != Timing.ARREARS:
        yield "usage is known only afterwards; bill it in arrears."
    yield from _complaints_about_tiers(line)
    yield from _complaints_about_days(line, draft)


def _complaints_about_tiers(line: ContractLineDraft) -> Iterator[str]:
    if line.tiering == Tiering.NONE:
        if line.tiers:
            yield "says nothing of how its tiers price a quantity."
        return
    starts = sorted(start for start, _ in line.tiers)
    if not starts or starts[0] != 0:
        yield "the first tier begins at 0."
    if len(set(starts)) < len(starts):
        yield "two tiers begin at the same quantity."


def _complaints_about_days(line: ContractLineDraft, draft: ContractDraft) -> Iterator[str]:
    starts_on = line.starts_on or draft.starts_on
    if starts_on < draft.starts_on:
        yield f"begins on {starts_on:%d %b %Y}, before the contract on {draft.starts_on:%d %b %Y}."
    if line.ends_on is not None and line.ends_on < starts_on:
        yield f"ends on {line.ends_on:%d %b %Y}, before it begins on {starts_on:%d %b %Y}."
    if draft.ends_on is not None and max(starts_on, line.ends_on or starts_on) > draft.ends_on:
        yield f"runs beyond the contract's last day, {draft.ends_on:%d %b %Y}."


def lines_of_contract(contract: Contract, draft: ContractDraft) -> list[ContractLine]:
    """The rows of a draft's lines. A fixed price without days of its own is for its first day."""
    return [_line_of(contract, position, line) for position, line in enumerate(draft.lines, start=1)]


def _line_of(contract: Contract, position: int, line: ContractLineDraft) -> ContractLine:
    starts_on = line.starts_on or contract.starts_on
    is_fixed = line.cycle == Cycle.FIXED
    ends_on = line.ends_on or (starts_on if is_fixed else contract.ends_on)
    return ContractLine(
        contract=contract,
        position=position,
        product=line.product,
        description=line.description.strip() or line.product.name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount_percent=line.discount_percent,
        tiering=line.tiering,
        cycle=line.cycle,
        timing=line.timing,
        anchor_on=starts_on if is_fixed else line.anchor_on or contract.starts_on,
        starts_on=starts_on,
        ends_on=ends_on,
        priced_until=ends_on if is_fixed else None,
        cost_centre=line.cost_centre.strip(),
    )


def tiers_of_contract(lines: Sequence[ContractLine], draft: ContractDraft) -> list[PriceTier]:
    """The rows of a draft's price tiers."""
    return [
        PriceTier(line=line, from_quantity=start, unit_price=price)
        for line, written in zip(lines, draft.lines, strict=True)
        for start, price in written.tiers
    ]
