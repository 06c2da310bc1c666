"""A bank line taken apart: groups of letters and digits, and the spans of them that may be one number."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cashapp.matching.facts import BankLine, OpenDocument
from cashapp.matching.numbers import Form
from cashapp.matching.text import (
    Group,
    groups_of,
    is_cut,
    joinable,
    looks_like_date,
    looks_like_year,
    plain,
    without_noise,
)

LONGEST_SPAN = 8
CLEAR_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring groups, at least one of them digits, and what they spell together."""

    first: int
    last: int
    written: str
    is_digits: bool


@dataclass(frozen=True, slots=True)
class Mention:
    """Some characters of the text that name one of the options."""

    written: str
    form: Form
    options: tuple[tuple[OpenDocument, ...], ...]

    @property
    def is_clear(self) -> bool:
        """Too much for a coincidence: letters of the series, or enough digits."""
        if self.form >= Form.TAIL:
            return False
        if looks_like_year(self.written) or looks_like_date(self.written):
            return False
        digits = sum(c.isdigit() for c in self.written.lstrip("0"))
        return digits >= CLEAR_DIGITS or (self.form is Form.WHOLE and not self.written.isdigit())

    @property
    def stands_alone(self) -> bool:
        """Means one document of ours, whoever pays."""
        return self.form in (Form.REFERENCE, Form.WHOLE, Form.DIGITS) and self.is_clear


@dataclass(slots=True)
class Reading:
    """All that a line says. Groups are taken when they are made sense of."""

    line: BankLine
    text: str
    groups: list[Group]
    spans: list[Span]
    is_cut: bool
    taken: list[bool]
    mentions: list[Mention] = field(default_factory=list)
    customers_named: dict[int, str] = field(default_factory=dict)
    unknown_numbers: list[str] = field(default_factory=list)
    fragment: str = ""
    """What is left of the last number when the bank cut the text off."""

    def free_spans(self) -> Iterator[Span]:
        """Spans of which nothing is taken yet, longest first from each group on."""
        for span in self.spans:
            if not any(self.taken[span.first : span.last + 1]):
                yield span

    def free_digits(self) -> Iterator[Group]:
        return (group for group, taken in zip(self.groups, self.taken, strict=True) if group.is_digits and not taken)

    def take(self, span: Span) -> None:
        for place in range(span.first, span.last + 1):
            self.taken[place] = True


def begin_reading(line: BankLine) -> Reading:
    text = without_noise(plain(line.text))
    groups = groups_of(text)
    return Reading(line, text, groups, list(_spans(text, groups)), is_cut(line.text), [False] * len(groups))


def _spans(text: str, groups: list[Group]) -> Iterator[Span]:
    count = len(groups)
    reach = [1] * count
    for place in range(count - 2, -1, -1):
        if joinable(text, groups[place], groups[place + 1]):
            reach[place] += reach[place + 1]
    for first in range(count):
        for length in range(min(reach[first], LONGEST_SPAN), 0, -1):
            parts = groups[first : first + length]
            if any(group.is_digits for group in parts):
                written = "".join([group.text for group in parts])
                yield Span(first, first + length - 1, written, written.isdigit())
