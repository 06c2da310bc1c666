"""The ledger as a child would write it: three lists, and every answer added up from the beginning.

The property tests drive this and the real ledger through the same events and compare what both say.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

FIRST_DAY = date(2026, 3, 1)
DAYS = [FIRST_DAY + timedelta(days) for days in range(92)]
ZERO = Decimal(0)


@dataclass
class TinyItem:
    number: str
    customer: str
    sign: int
    amount: Decimal
    posted_on: date
    event: int
    is_reversal: bool = False
    reversed: bool = False


@dataclass
class TinyAllocation:
    debit: TinyItem
    credit: TinyItem
    amount: Decimal
    allocated_on: date
    event: int
    is_reversal: bool = False
    reversed: bool = False


@dataclass
class TinyLedger:
    """Each fact remembers the event that brought it, so that the past can be asked as it was known then."""

    items: list[TinyItem] = field(default_factory=list)
    allocations: list[TinyAllocation] = field(default_factory=list)
    months: dict[date, str] = field(default_factory=dict)
    events: int = 0

    def takes(self, day: date, late: bool) -> bool:
        state = self.months.get(day.replace(day=1), "open")
        return state == "open" or (state == "soft_locked" and late)

    def allocated(self, item: TinyItem, as_of: date, known: int) -> Decimal:
        facts = (a for a in self.allocations if item in (a.debit, a.credit) and a.event <= known)
        return sum((a.amount for a in facts if a.allocated_on <= as_of), ZERO)

    def open(self, item: TinyItem, as_of: date, known: int) -> Decimal:
        if item.posted_on > as_of or item.event > known:
            return ZERO
        return item.amount - self.allocated(item, as_of, known)

    def open_now(self, item: TinyItem) -> Decimal:
        return self.open(item, date.max, self.events)

    def fits(self, item: TinyItem, amount: Decimal, day: date) -> bool:
        """Whether so much more could be allocated from that day on, at the end of every day."""
        days = [day, *(a.allocated_on for a in self.allocations if item in (a.debit, a.credit))]
        left = [item.amount - self.allocated(item, on, self.events) for on in days if on >= day]
        return all(amount <= rest for rest in left) and amount <= self.open_now(item)

    def open_items(self, as_of: date, known: int) -> dict[str, Decimal]:
        amounts = {item.number: self.open(item, as_of, known) for item in self.items}
        return {number: amount for number, amount in amounts.items() if amount}

    def balance(self, customer: str, as_of: date, known: int) -> Decimal:
        facts = (i for i in self.items if i.customer == customer and i.posted_on <= as_of and i.event <= known)
        return sum((i.sign * i.amount for i in facts), ZERO)
