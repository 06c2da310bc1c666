"""The key by which a line is stored once, however often and in whatever format the bank sends it.

A bank's own reference is not unique by itself: Swiss banks give the same one to two bookings of a day. So the key is
the reference with value date and amount, and where a bank sends no reference the booking day with the words. Identical
lines are counted: the third coffee of the day is the third, not a copy of the first.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from cashapp.statements.model import StatementLine, sum_of

PLAIN = re.compile(r"[\W_]+")


def content_key(line: StatementLine) -> str:
    """What makes two lines look the same."""
    references = line.references
    told = references.bank_reference or references.transaction or references.uetr
    if told:
        return f"ref:{told}:{line.value_on:%Y%m%d}:{_plain_number(line.amount)}"
    words = PLAIN.sub("", f"{line.payer_account}{line.payer}{references.end_to_end}{line.text}").casefold()
    digest = hashlib.sha256(words.encode()).hexdigest()[:24]
    return f"day:{line.booked_on:%Y%m%d}:{_plain_number(line.amount)}:{digest}"


def _plain_number(amount: Decimal) -> str:
    return f"{amount:.3f}"


def numbered_keys(lines: Iterable[StatementLine], before: Counter[str] | None = None) -> Iterator[str]:
    """Each line's key with its count among identical ones, going on from those counted before."""
    counted: Counter[str] = Counter(before)
    for line in lines:
        key = content_key(line)
        counted[key] += 1
        yield f"{key}#{counted[key]}"


def entry_key(lines: Sequence[StatementLine]) -> str:
    """The booking that lines belong to: a notification may list its payments where the statement has one sum."""
    first = lines[0]
    if not first.references.entry_reference:
        return ""
    total = sum_of(line.amount for line in lines)
    return f"{first.references.entry_reference}:{first.value_on:%Y%m%d}:{_plain_number(total)}"


def bookings(lines: Sequence[StatementLine]) -> list[list[StatementLine]]:
    """Neighbouring lines of one entry together, every other line alone."""
    grouped: list[list[StatementLine]] = []
    for line in lines:
        place = line.place.partition(", payment ")[0]
        same = grouped and ", payment " in line.place and grouped[-1][-1].place.startswith(f"{place}, payment ")
        if same:
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return grouped
