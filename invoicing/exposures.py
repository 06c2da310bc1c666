"""How much a customer owes and is about to owe, beside its credit limit. Pure.

Amounts stay in their currencies; what they add up to is in the currency of the books, at one day's rates. What has no
rate that day is left out of the sum and named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import ZERO, Money, round_to_currency
from customers.models import Customer

HUNDRED = Decimal(100)
KINDS = ("open_items", "drafts", "unbilled")
Rates = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class ExposurePart:
    """What one member of a group is good for in one currency; each amount has its value in the books."""

    customer: Customer
    currency: str
    open_items: Decimal
    drafts: Decimal
    unbilled: Decimal
    rate: Decimal | None
    books: str
    """The currency of the books."""

    @property
    def total(self) -> Decimal:
        """All three, in the currency."""
        return self.open_items + self.drafts + self.unbilled

    @property
    def base(self) -> Decimal | None:
        """All three in the books; None without a rate."""
        return None if self.rate is None else sum((self.base_of(kind) for kind in KINDS), ZERO)

    def base_of(self, kind: str) -> Decimal:
        """One of the three in the books; nothing without a rate."""
        amount: Decimal = getattr(self, kind)
        return in_books(amount, self.rate, self.books) or ZERO


@dataclass(frozen=True, slots=True)
class Exposure:
    """A customer with its group against its limit, in the currency of the books."""

    customer: Customer
    currency: str
    limit: Decimal | None
    """None without a limit, or where its currency has no rate."""
    parts: Sequence[ExposurePart]

    @property
    def total(self) -> Decimal:
        """What is owed and about to be owed."""
        return sum((part.base for part in self.parts if part.base is not None), ZERO)

    def base_of(self, kind: str) -> Decimal:
        """Open items, drafts or what is unbilled alone."""
        return sum((part.base_of(kind) for part in self.parts), ZERO)

    @property
    def over(self) -> Decimal:
        """How much the limit is passed by; nothing where it isn't."""
        return max(self.total - self.limit, ZERO) if self.limit is not None else ZERO

    @property
    def left(self) -> Decimal | None:
        """What may still be sold."""
        return None if self.limit is None else max(self.limit - self.total, ZERO)

    @property
    def share(self) -> Decimal | None:
        """The used part of the limit in per cent."""
        if self.limit is None:
            return None
        return HUNDRED * self.total / self.limit if self.limit else HUNDRED

    @property
    def without_rate(self) -> list[str]:
        """Currencies that no rate turns into that of the books."""
        return sorted({part.currency for part in self.parts if part.base is None})

    @property
    def is_group(self) -> bool:
        """Whether members below the customer count as well."""
        return any(part.customer.pk != self.customer.pk for part in self.parts)

    @property
    def sentence(self) -> str:
        """What is wrong, for a finding or a suggested hold."""
        whose = f"{self.customer} with its group" if self.is_group else f"{self.customer}"
        limit = Money(self.limit or ZERO, self.currency)
        return f"{whose} comes to {Money(self.total, self.currency)}, over the credit limit of {limit}."


@dataclass(frozen=True, slots=True)
class Owed:
    """What members owe by currency: what is posted, what is drafted, and what contracts bill soon."""

    open_items: Mapping[tuple[int, str], Decimal]
    drafts: Mapping[tuple[int, str], Decimal]
    unbilled: Mapping[tuple[int, str], Decimal]

    def parts_of(self, member: Customer, base: str, rates: Rates) -> Iterable[ExposurePart]:
        """The member's part in each currency in which there is anything."""
        by_kind = (self.open_items, self.drafts, self.unbilled)
        for currency in sorted({key[1] for amounts in by_kind for key in amounts if key[0] == member.pk}):
            open_items, drafts, unbilled = (amounts.get((member.pk, currency), ZERO) for amounts in by_kind)
            yield ExposurePart(member, currency, open_items, drafts, unbilled, rates.get(currency), base)


def in_books(amount: Decimal, rate: Decimal | None, base: str) -> Decimal | None:
    """An amount in the currency of the books; None without a rate."""
    return None if rate is None else round_to_currency(amount * rate, base)
