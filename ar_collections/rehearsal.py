"""What a ladder would have asked on days that are over. No database, no clock.

Each customer is walked through the days, one after the other, with what was known on each; steps that would have been
taken count from then on, as if they had been.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ar_collections.ladder import EMAIL, LETTER, Decision, Item, Ladder, Party, Reason, Stop, decide
from core.money import ZERO


@dataclass(frozen=True, slots=True)
class Moved:
    """A part of an item that was settled, from the day on which that was known; negative when it was taken back."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Stood:
    """A stop of the past, with its first and its last day."""

    stop: Stop
    first_on: date
    last_on: date

    def stands(self, on: date) -> bool:
        """Whether it stopped anything that day."""
        return self.first_on <= on <= self.last_on


@dataclass(frozen=True, slots=True)
class PastItem:
    """An item of the past: from when it was there, what was settled and what stopped it, which steps it had taken."""

    key: int
    there_from: date
    due_on: date
    amount: Decimal
    moves: Sequence[Moved]
    stops: Sequence[Stood] = ()
    taken: frozenset[int] = frozenset()

    def open_on(self, on: date) -> Decimal:
        """What was open at the end of a day."""
        if on < self.there_from:
            return ZERO
        return self.amount - sum((move.amount for move in self.moves if move.on <= on), ZERO)


@dataclass(frozen=True)
class PastCustomer:
    """A customer of the past. `credits` are what they were owed, which covers the oldest of their debts."""

    key: int
    debts: Sequence[PastItem]
    credits: Sequence[PastItem] = ()
    stops: Sequence[Stood] = ()
    works_on: Callable[[date], bool] = field(default=lambda on: True)
    last_written_on: date | None = None


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would have been asked of a customer on a day."""

    customer: int
    on: date
    decision: Decision


def rehearse(customer: PastCustomer, ladder: Ladder, days: Sequence[date]) -> Iterator[Rehearsed]:
    """Walk one customer through the days."""
    taken = {debt.key: debt.taken for debt in customer.debts}
    written = customer.last_written_on
    for on in days:
        items = _items(customer, ladder, taken, on)
        if not items:
            continue
        party = Party(
            stops=tuple(each.stop for each in customer.stops if each.stands(on)),
            is_business_day=customer.works_on(on),
            last_written_on=written,
        )
        decision = decide(party, items, on)
        if not decision.is_asked:
            continue
        yield Rehearsed(customer.key, on, decision)
        written = on if decision.ways & {EMAIL, LETTER} else written
        for line in decision.lines:
            if line.rung is not None:
                taken[line.item.key] |= {line.rung.day}


def _items(customer: PastCustomer, ladder: Ladder, taken: dict[int, frozenset[int]], on: date) -> list[Item]:
    credit = sum((each.open_on(on) for each in customer.credits), ZERO)
    first = ladder.rungs[0].day if ladder.rungs else 0
    items = []
    for debt in sorted(customer.debts, key=lambda each: (each.due_on, each.key)):
        left = debt.open_on(on)
        if left <= ZERO:
            continue
        stops = [each.stop for each in debt.stops if each.stands(on)]
        if used := min(credit, left):
            credit -= used
            stops.append(Stop(Reason.IN_HAND, amount=used))
        if (on - debt.due_on).days >= first:
            item = Item(debt.key, debt.due_on, left, ladder, taken[debt.key], tuple(stops))
            items.append(item)
    return items
