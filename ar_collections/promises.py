"""What became of a promise, told by what moved on its items. No database, no clock.

Money counts from the day on which it was received, whenever somebody got round to applying it. What a credit note takes
away needs no payment any more: first from the part of an item that wasn't promised, then from the promise, the last
instalment first. Instalments are judged together: money that came early counts for the next one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate

from django.db import models

from core.money import ZERO

SOMETHING = Decimal("0.01")
"""Share from which it counts as kept in part."""


class Outcome(models.TextChoices):
    """How it ended. Only people withdraw or replace; all else the ledger decides."""

    OPEN = "", "Open"
    KEPT = "kept", "Kept"
    LATE = "late", "Paid late"
    PARTLY = "partly", "Kept in part"
    BROKEN = "broken", "Broken"
    SETTLED = "settled", "Settled otherwise"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REPLACED = "replaced", "Replaced"


FAILED = (Outcome.BROKEN, Outcome.PARTLY)
BY_PEOPLE = (Outcome.WITHDRAWN, Outcome.REPLACED)
OPEN_ENDED = (Outcome.OPEN, *FAILED)
COUNTED = (Outcome.KEPT, Outcome.LATE, Outcome.PARTLY, Outcome.BROKEN)


@dataclass(frozen=True, slots=True)
class PromisedPart:
    """How much of an item is promised; `total` is the item's amount, `open_before` what was open at the promise."""

    item: int
    amount: Decimal
    open_before: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Move:
    """What settled a part of an item from a day on; negative when it was taken back. Other than money: a credit."""

    item: int
    on: date
    amount: Decimal
    is_money: bool = True


@dataclass(frozen=True, slots=True)
class Cash:
    """Money on account that settles nothing yet, by the day on which it was received."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment: the day with its grace, and the amount."""

    until_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Given:
    """A promise as it was given; `kept_from` is the share from which it counts as kept."""

    taken_on: date
    parts: Sequence[PromisedPart]
    dues: Sequence[Due]
    kept_from: Decimal = Decimal(1)

    @property
    def amount(self) -> Decimal:
        """All instalments together."""
        return sum((due.amount for due in self.dues), ZERO)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a promise up to a day, as a whole and instalment by instalment."""

    outcome: Outcome
    received: Decimal
    instalments: Sequence[Outcome]


def judge(given: Given, moves: Sequence[Move], cash: Sequence[Cash], *, as_of: date) -> Judgement:
    """Decide a promise by what was received up to the end of a day."""
    _, relieved = progress(given, moves, as_of)
    reached = list(accumulate(due.amount for due in given.dues))
    left = given.amount - relieved

    outcomes = []
    for due, before, until in zip(given.dues, [ZERO, *reached], reached, strict=False):
        expected = min(until, left)
        if expected <= before:
            outcomes.append(Outcome.SETTLED)
            continue
        in_time = came_by(given, moves, cash, min(due.until_on, as_of))
        now = came_by(given, moves, cash, as_of)
        outcomes.append(_outcome(due, expected * given.kept_from, before, in_time, now, as_of))
    received = min(came_by(given, moves, cash, as_of), given.amount)
    return Judgement(_together(outcomes, received, given.amount), received, outcomes)


def cash_left(given: Given, judged: Judgement, moves: Sequence[Move], cash: Sequence[Cash]) -> list[Cash]:
    """The money on account that a promise didn't need, for the customer's next one."""
    applied, _ = progress(given, moves, date.max)
    taken, left = max(judged.received - applied, ZERO), []
    for each in cash:
        used = min(taken, each.amount) if each.on >= given.taken_on else ZERO
        taken -= used
        if each.amount > used:
            left.append(Cash(each.on, each.amount - used))
    return left


def _outcome(due: Due, enough: Decimal, before: Decimal, in_time: Decimal, now: Decimal, as_of: date) -> Outcome:
    if in_time >= enough:
        return Outcome.KEPT
    if as_of <= due.until_on:
        return Outcome.OPEN
    if now >= enough:
        return Outcome.LATE
    return Outcome.PARTLY if now - before >= due.amount * SOMETHING else Outcome.BROKEN


def _together(outcomes: Sequence[Outcome], received: Decimal, amount: Decimal) -> Outcome:
    """One instalment that fails ends the whole; else it is open until the last is decided."""
    if any(outcome in FAILED for outcome in outcomes):
        return Outcome.PARTLY if received >= amount * SOMETHING else Outcome.BROKEN
    if Outcome.OPEN in outcomes:
        return Outcome.OPEN
    if Outcome.LATE in outcomes:
        return Outcome.LATE
    return Outcome.KEPT if Outcome.KEPT in outcomes else Outcome.SETTLED


def came_by(given: Given, moves: Sequence[Move], cash: Sequence[Cash], until: date) -> Decimal:
    """What was received up to a day, money on account included."""
    received, _ = progress(given, moves, until)
    return received + sum((each.amount for each in cash if given.taken_on <= each.on <= until), ZERO)


def progress(given: Given, moves: Sequence[Move], until: date) -> tuple[Decimal, Decimal]:
    """What was received of the promised amounts up to a day, and what needs no payment any more."""
    received = relieved = ZERO
    for part in given.parts:
        own = [move for move in moves if move.item == part.item and move.on <= until]
        credited = _sum(move for move in own if not move.is_money and move.on >= given.taken_on)
        gone = part.open_before - part.total + _sum(own)
        paid = min(max(gone - credited, ZERO), part.amount)
        beyond = max(credited - (part.open_before - part.amount), ZERO)
        received += paid
        relieved += min(beyond, part.amount - paid)
    return received, relieved


def _sum(moves: Iterable[Move]) -> Decimal:
    return sum((move.amount for move in moves), ZERO)
