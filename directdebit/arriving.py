"""Which bank line holds the money of a file. Pure.

The amount has to be the file's to the penny, on the account that the creditor collects into, within its days. A line
that names the file, or who collects, is the file's; one that only has its amount is proposed to a person.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

BANKING_DAYS_LATE = 5


@dataclass(frozen=True, slots=True)
class Expected:
    """A file whose money has not been seen: what comes, from when until when, and what a bank may call it.

    `block` is the place of a payment block that a bank may credit by itself; 0 is the whole file.
    """

    submission: int
    account: int
    amount: Decimal
    currency: str
    first_on: date
    last_on: date
    name: str
    identifier: str
    block: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A bank line that nobody matched, with everything that is written on it."""

    line: int
    account: int
    amount: Decimal
    currency: str
    booked_on: date
    words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A line that may hold a file's money, and by what. A certain one is tied without a person."""

    submission: int
    line: int
    evidence: str
    is_certain: bool
    block: int = 0


def arrivals(expected: Sequence[Expected], seen: Iterable[Seen]) -> list[Answer]:
    """What fits, file by file. Where two files or two lines fit each other equally well, nothing is certain."""
    by_amount: dict[tuple[int, Decimal, str], list[Seen]] = {}
    for line in seen:
        by_amount.setdefault((line.account, line.amount, line.currency), []).append(line)
    pairs = [(file, line) for file in expected for line in _fitting(file, by_amount)]
    of_file = Counter((file.submission, file.block) for file, _ in pairs)
    of_line = Counter(line.line for _, line in pairs)
    return [
        _answer(file, line, of_file[file.submission, file.block] == 1 == of_line[line.line]) for file, line in pairs
    ]


def _fitting(file: Expected, by_amount: Mapping[tuple[int, Decimal, str], Sequence[Seen]]) -> Iterator[Seen]:
    lines = by_amount.get((file.account, file.amount, file.currency), ())
    return (line for line in lines if file.first_on <= line.booked_on <= file.last_on)


def _answer(file: Expected, line: Seen, is_only: bool) -> Answer:
    written = _squeezed(line.words)
    if _squeezed(file.name) in written:
        return Answer(file.submission, line.line, f"The line names {file.name}.", True, file.block)
    if file.identifier and _squeezed(file.identifier) in written:
        words = f"The line names {file.identifier}, and the amount and the day fit."
        return Answer(file.submission, line.line, words, is_only, file.block)
    words = "The amount and the day fit; nothing on the line names the file."
    return Answer(file.submission, line.line, words, False, file.block)


def _squeezed(words: str) -> str:
    """Banks break references with blanks and drop their hyphens."""
    return re.sub(r"[^0-9A-Z]", "", words.upper())
