"""A day on a bank account: statement against ledger, and a name for every penny between them. Pure.

A day that is signed also speaks for the days before it that no bank day was, so it is compared as a span.
"""

from collections.abc import Iterable, Mapping, Sequence
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


Subject = tuple[int | None, int | None]
NO_DAYS: Mapping[Subject, date] = {}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line that the bank booked on the day."""

    pk: int
    amount: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Posting:
    """What one journal entry did to the bank account in the ledger, and the bank line that it is about.

    `entry` is the entry, or for a reversal the one that it took back: together they come to nothing.
    """

    amount: Decimal
    posted_on: date
    label: str
    line: int | None = None
    line_booked_on: date | None = None
    line_amount: Decimal = ZERO
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One reason, with what it adds to the statement beyond the ledger, and the line or entry that it is about."""

    cause: Cause
    amount: Decimal
    sentence: str
    line: int | None = None
    entry: int | None = None
    is_outgoing: bool = False

    @property
    def subject(self) -> "Subject":
        """What it is about: a bank line where there is one, else an entry."""
        return (self.line, None) if self.line else (None, self.entry)


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


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another, both counted."""

    first_on: date
    last_on: date

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


def total(amounts: Iterable[Decimal]) -> Decimal:
    """An exact sum."""
    return sum(amounts, ZERO)


def reconcile(
    day: date, lines: Sequence[DayLine], postings: Sequence[Posting], first_on: date | None = None
) -> Reconciliation:
    """Compare a day, or the days from `first_on`. `postings` are theirs, and those of any day about their lines."""
    span = Span(first_on or day, day)
    of_day = [posting for posting in postings if posting.posted_on in span]
    about: dict[int, list[Posting]] = {line.pk: [] for line in lines}
    strangers: list[Posting] = []
    for posting in postings:
        if posting.line in about:
            about[posting.line].append(posting)
        elif posting.posted_on in span:
            strangers.append(posting)
    differences = [each for line in lines for each in _of_line(line, about[line.pk], span)]
    differences += [_of_stranger(posting) for posting in strangers]
    return Reconciliation(
        statement=total(line.amount for line in lines),
        ledger=total(posting.amount for posting in of_day),
        differences=tuple(each for each in differences if each.amount),
    )


def _of_line(line: DayLine, postings: Sequence[Posting], span: Span) -> list[Difference]:
    """What the ledger lacks of one bank line."""
    posted = total(posting.amount for posting in postings)
    if not posted:
        return [_unposted(line), *_elsewhere(line, postings, span)]
    found = _elsewhere(line, postings, span)
    if posted != line.amount:
        sentence = f"{line.label}: {posted:,.2f} is posted of {line.amount:,.2f}."
        found.append(Difference(Cause.OTHER_AMOUNT, line.amount - posted, sentence, line.pk))
    return found


def _unposted(line: DayLine) -> Difference:
    if line.amount > 0:
        return Difference(Cause.WAITING, line.amount, f"{line.label} waits at the cash desk.", line.pk)
    sentence = f"{line.label} went out; this ledger keeps only what customers pay."
    return Difference(Cause.OUTGOING, line.amount, sentence, line.pk, is_outgoing=True)


def _elsewhere(line: DayLine, postings: Sequence[Posting], span: Span) -> list[Difference]:
    """Postings about the day's line that count on other days."""
    return [
        Difference(
            Cause.POSTED_ON_ANOTHER_DAY,
            posting.amount,
            f"{posting.label} for {line.label} is posted on {posting.posted_on:%d %b %Y}.",
            line.pk,
            is_outgoing=line.amount < 0,
        )
        for posting in postings
        if posting.posted_on not in span
    ]


def _of_stranger(posting: Posting) -> Difference:
    """A posting of the day about no line of the day."""
    if posting.line_booked_on:
        sentence = f"{posting.label} is about a line that the bank booked on {posting.line_booked_on:%d %b %Y}."
        outgoing = posting.line_amount < 0
        return Difference(Cause.OF_ANOTHER_DAY, -posting.amount, sentence, posting.line, is_outgoing=outgoing)
    sentence = f"{posting.label} has no line on a statement."
    return Difference(Cause.NO_LINE, -posting.amount, sentence, entry=posting.entry)


# Carrying forward ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InTransit:
    """A difference that stands at the end of a day: on its way to the ledger, or to the bank."""

    subject: Subject
    arose_on: date
    amount: Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands between statement and ledger at the end of a day: what is on its way, and what stays outside."""

    in_transit: tuple[InTransit, ...]
    outside: Decimal

    @property
    def total(self) -> Decimal:
        """What is on its way, added up."""
        return total(each.amount for each in self.in_transit)


def carry_forward(
    carried: Iterable[InTransit],
    differences: Iterable[Difference],
    day: date,
    arose: Mapping[Subject, date] = NO_DAYS,
) -> Standing:
    """Add a day's differences to what earlier days left. What has met its other half is gone.

    Payments that went out and were never posted are other books'; they don't wait for anything. `arose` says since
    when a thing is there, where that is not the day.
    """
    standing: dict[Subject, InTransit] = {}
    for each in carried:
        standing[each.subject] = _met(standing.get(each.subject), each)
    outside = ZERO
    for difference in differences:
        if difference.is_outgoing and difference.subject not in standing:
            outside += difference.amount
            continue
        since = arose.get(difference.subject, day)
        fresh = InTransit(difference.subject, since, difference.amount, difference.sentence)
        standing[fresh.subject] = _met(standing.get(fresh.subject), fresh)
    return Standing(tuple(each for each in standing.values() if each.amount), outside)


def _met(earlier: InTransit | None, later: InTransit) -> InTransit:
    """One thing from two days; it tells what is left of it in the later day's words."""
    if earlier is None:
        return later
    return InTransit(later.subject, earlier.arose_on, earlier.amount + later.amount, later.sentence)
