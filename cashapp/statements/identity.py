"""The key by which a booking is stored once, however often and in whatever format the bank sends it.

A bank's own reference is not unique by itself: Swiss banks give the same one to two bookings of a day. So the key is
the reference with value date and amount, and where a bank sends no reference the booking day with the words. Identical
bookings are counted: the third coffee of the day is the third, not a copy of the first. A booking may be one line in
the statement and several payments in the notification, so the count and the key are the booking's, not the line's.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cashapp.statements.model import StatementLine, sum_of

PLAIN = re.compile(r"[\W_]+")
LONGEST_REFERENCE = 80
PAYMENT = ", payment "


@dataclass(frozen=True, slots=True)
class Booking:
    """One movement of the balance, with the lines that it is told in and the key that is its own."""

    key: str
    lines: tuple[StatementLine, ...]

    def line_key(self, position: int) -> str:
        """The key of one of its lines."""
        return self.key if len(self.lines) == 1 else f"{self.key}/{position + 1}"


def bookings_of(lines: Sequence[StatementLine], before: Mapping[str, int] | None = None) -> Iterator[Booking]:
    """Group lines into bookings and number identical ones, going on from those counted before."""
    counted: Counter[str] = Counter(before)
    for group in _groups(lines):
        content = content_key(group)
        counted[content] += 1
        yield Booking(f"{content}#{counted[content]}", tuple(group))


def content_of(key: str) -> str:
    """A booking's key without its count."""
    return key.rpartition("#")[0]


def content_key(lines: Sequence[StatementLine]) -> str:
    """What makes two bookings look the same."""
    first = lines[0]
    amount = f"{sum_of(line.amount for line in lines):.3f}"
    told = first.references
    reference = told.entry_reference or told.bank_reference or told.transaction or told.uetr or told.end_to_end
    if reference:
        short = reference if len(reference) <= LONGEST_REFERENCE else _digest(reference)
        return f"ref:{short}:{first.value_on:%Y%m%d}:{amount}"
    words = "".join(f"{line.payer_account}{line.payer}{line.text}" for line in lines)
    return f"day:{first.booked_on:%Y%m%d}:{amount}:{_digest(PLAIN.sub('', words).casefold())}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _groups(lines: Sequence[StatementLine]) -> Iterator[list[StatementLine]]:
    """Neighbouring payments of one entry together, every other line alone."""
    group: list[StatementLine] = []
    for line in lines:
        entry, is_payment, _ = line.place.partition(PAYMENT)
        if group and not (is_payment and group[-1].place.startswith(entry + PAYMENT)):
            yield group
            group = []
        group.append(line)
    if group:
        yield group
