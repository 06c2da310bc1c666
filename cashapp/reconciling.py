"""A day on a bank account: statement against ledger, and a name for every penny between them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.money import ZERO


class Cause(StrEnum):
    """Why the statement and the ledger differ."""

    WAITING = "waiting"
    OUTGOING = "outgoing"
    POSTED_ON_ANOTHER_DAY = "posted_on_another_day"
    OF_ANOTHER_DAY = "of_another_day"
    OTHER_AMOUNT = "other_amount"
    NO_LINE = "no_line"


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line that the bank booked on the day."""

    pk: int
    amount: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Posting:
    """What one journal entry did to the bank account in the ledger, and the bank line that it is about."""

    amount: Decimal
    posted_on: date
    label: str
    line: int | None = None
    line_booked_on: date | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One reason, with what it adds to the statement beyond the ledger."""

    cause: Cause
    amount: Decimal
    sentence: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The day's totals and everything between them."""

    statement: Decimal
    ledger: Decimal
    differences: tuple[Difference, ...]

    @property
    def difference(self) -> Decimal:
        """What the bank moved beyond the ledger."""
        return self.statement - self.ledger

    @property
    def unexplained(self) -> Decimal:
        """What no difference names; always nothing unless a rule is missing."""
        return self.difference - total(each.amount for each in self.differences)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """An exact sum."""
    return sum(amounts, ZERO)


def reconcile(day: date, lines: Sequence[DayLine], postings: Sequence[Posting]) -> Reconciliation:
    """Compare a day. `postings` are those of the day, and those of any day that are about its lines."""
    of_day = [posting for posting in postings if posting.posted_on == day]
    about: dict[int, list[Posting]] = {line.pk: [] for line in lines}
    strangers: list[Posting] = []
    for posting in postings:
        if posting.line in about:
            about[posting.line].append(posting)
        elif posting.posted_on == day:
            strangers.append(posting)
    differences = [each for line in lines for each in _of_line(line, about[line.pk], day)]
    differences += [_of_stranger(posting) for posting in strangers]
    return Reconciliation(
        statement=total(line.amount for line in lines),
        ledger=total(posting.amount for posting in of_day),
        differences=tuple(each for each in differences if each.amount),
    )


def _of_line(line: DayLine, postings: Sequence[Posting], day: date) -> list[Difference]:
    """What the ledger lacks of one bank line."""
    posted = total(posting.amount for posting in postings)
    if not posted:
        return [_unposted(line), *_elsewhere(line, postings, day)]
    found = _elsewhere(line, postings, day)
    if posted != line.amount:
        sentence = f"{line.label}: {posted:,.2f} is posted of {line.amount:,.2f}."
        found.append(Difference(Cause.OTHER_AMOUNT, line.amount - posted, sentence, line.pk))
    return found


def _unposted(line: DayLine) -> Difference:
    if line.amount > 0:
        return Difference(Cause.WAITING, line.amount, f"{line.label} waits at the cash desk.", line.pk)
    sentence = f"{line.label} went out; this ledger keeps only what customers pay."
    return Difference(Cause.OUTGOING, line.amount, sentence, line.pk)


def _elsewhere(line: DayLine, postings: Sequence[Posting], day: date) -> list[Difference]:
    """Postings about the day's line that count on other days."""
    return [
        Difference(
            Cause.POSTED_ON_ANOTHER_DAY,
            posting.amount,
            f"{posting.label} for {line.label} is posted on {posting.posted_on:%d %b %Y}.",
            line.pk,
        )
        for posting in postings
        if posting.posted_on != day
    ]


def _of_stranger(posting: Posting) -> Difference:
    """A posting of the day about no line of the day."""
    if posting.line_booked_on:
        sentence = f"{posting.label} is about a line that the bank booked on {posting.line_booked_on:%d %b %Y}."
        return Difference(Cause.OF_ANOTHER_DAY, -posting.amount, sentence, posting.line)
    return Difference(Cause.NO_LINE, -posting.amount, f"{posting.label} has no line on a statement.")
