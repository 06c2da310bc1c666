"""Statements of account: what a customer's statement says, worked out from its items. Pure.

A statement lists what is open at the end of a day, in each currency on its own. With a first day it also lists what
was posted from then on; what is open and what was posted always end at the same balance.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate

from core.money import ZERO, Money
from customers.models import Customer
from ledger.ageing import BUCKETS, AgeingBucket

NATURAL_CREDITS = frozenset({"credit_note", "receipt"})
BOTH_WAYS = frozenset({"adjustment", "opening"})


@dataclass(frozen=True, slots=True)
class Item:
    """An open item as the ledger gives it; what we owe the customer is negative."""

    pk: int
    number: str
    kind: str
    document_on: date
    due_on: date
    purchase_order: str
    amount: Decimal
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class StatementLine:
    """An open item with how late it is and the balance down to it."""

    item: Item
    days_overdue: int
    balance: Decimal

    @property
    def is_credit(self) -> bool:
        """Whether it waits to be applied, such as a receipt on account."""
        return self.item.amount < 0

    @property
    def settled(self) -> Decimal:
        """What was paid or credited of it."""
        return self.item.amount - self.item.open_amount


@dataclass(frozen=True, slots=True)
class Posting:
    """Something that was posted to the account on a day."""

    pk: int
    number: str
    kind: str
    posted_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """A posting with the balance after it."""

    posting: Posting
    balance: Decimal

    @property
    def debit(self) -> Decimal | None:
        """What it added."""
        return self.posting.amount if self.posting.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """What it took away."""
        return -self.posting.amount if self.posting.amount < 0 else None


@dataclass(frozen=True, slots=True)
class Payment:
    """The last receipt."""

    amount: Decimal
    received_on: date


@dataclass(frozen=True, slots=True)
class CurrencyStatement:
    """The statement in one currency."""

    currency: str
    as_of: date
    lines: Sequence[StatementLine]
    last_payment: Payment | None = None
    brought_forward: Decimal = ZERO
    movements: Sequence[Movement] = ()

    @property
    def balance(self) -> Decimal:
        """What is owed less what is held."""
        return self.lines[-1].balance if self.lines else ZERO

    @property
    def overdue(self) -> Decimal:
        """What is owed and late; credits are not set against it."""
        return sum((line.item.open_amount for line in self.lines if line.days_overdue > 0), ZERO)

    @property
    def unapplied(self) -> Decimal:
        """Receipts and credit notes that are not set against anything yet, as a negative amount."""
        return sum((line.item.open_amount for line in self.lines if line.is_credit), ZERO)

    @property
    def by_age(self) -> list[tuple[AgeingBucket, Decimal]]:
        """What is owed, by how late it is."""
        owed = [line for line in self.lines if not line.is_credit]
        return [(bucket, _held_by(bucket, owed)) for bucket in BUCKETS]

    @property
    def ages(self) -> list[Decimal]:
        """Only the amounts, for the bar."""
        return [amount for _, amount in self.by_age]

    @property
    def to_pay(self) -> Money:
        """What the customer is asked for: what is overdue, else the balance; never more than the balance."""
        wanted = min(self.overdue or self.balance, self.balance)
        return Money(max(wanted, ZERO), self.currency)

    @property
    def closing_balance(self) -> Decimal:
        """The balance after the last movement."""
        return self.movements[-1].balance if self.movements else self.brought_forward


@dataclass(frozen=True, slots=True)
class CustomerStatement:
    """A customer's account at the end of a day, as it is known now or was known at a time."""

    customer: Customer
    as_of: date
    known_at: datetime | None
    starts_on: date | None
    parts: Sequence[CurrencyStatement]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not any(part.lines or part.movements or part.brought_forward for part in self.parts)

    @property
    def owes(self) -> bool:
        """Whether something is open in any currency, either way."""
        return any(part.lines for part in self.parts)


def undoes(kind: str, amount: Decimal) -> bool:
    """Whether an item stands on the side on which it can only undo a document of its kind."""
    return kind not in BOTH_WAYS and (kind in NATURAL_CREDITS) != (amount < 0)


def lines_of(items: Iterable[Item], as_of: date) -> list[StatementLine]:
    """The items with the balance down to each, in the order in which they come."""
    listed = list(items)
    balances = accumulate(item.open_amount for item in listed)
    return [
        StatementLine(item, max((as_of - item.due_on).days, 0) if item.amount > 0 else 0, balance)
        for item, balance in zip(listed, balances, strict=True)
    ]


def movements_of(postings: Iterable[Posting], brought_forward: Decimal) -> list[Movement]:
    """The postings with the balance after each."""
    listed = list(postings)
    balances = accumulate((posting.amount for posting in listed), initial=brought_forward)
    next(balances)
    return [Movement(posting, balance) for posting, balance in zip(listed, balances, strict=True)]


def _held_by(bucket: AgeingBucket, lines: Iterable[StatementLine]) -> Decimal:
    return sum((line.item.open_amount for line in lines if bucket.holds(line.days_overdue)), ZERO)
