"""EDIFACT: segments out of an interchange, with its service signs and released characters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cashapp.remittances.model import MOST_LINES, RemittanceRefused

MOST_SEGMENTS = MOST_LINES * 12
LONGEST_SEGMENT = 4000
USUAL_SIGNS = ":+.? '"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: elements, each of one or more components."""

    number: int
    elements: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """Its tag, such as DOC."""
        return self.elements[0][0]

    def of(self, place: int, component: int = 0) -> str:
        """A component of an element, counted from 1 and from 0; empty where it is left out."""
        element = self.elements[place] if place < len(self.elements) else ()
        return element[component].strip() if component < len(element) else ""


def is_edifact(text: str) -> bool:
    """Whether the text begins as an interchange or a message."""
    return re.match(r"UNA.{6}|UN[BH]\+", text, re.DOTALL) is not None


def segments_of(text: str, name: str) -> Iterator[Segment]:
    """Every segment of the file; a release character takes the meaning from the sign behind it."""
    signs, body = (text[3:9], text[9:]) if text.startswith("UNA") else (USUAL_SIGNS, text)
    component, element, release, terminator = signs[0], signs[1], signs[3], signs[5]
    for number, piece in enumerate(_split(body, terminator, release), 1):
        if number > MOST_SEGMENTS:
            raise RemittanceRefused(f"{name} has more than {MOST_SEGMENTS:,} segments. Split it.")
        bare = piece.strip("\r\n\t ")
        if len(bare) > LONGEST_SEGMENT:
            raise RemittanceRefused(f"{name}, segment {number} is {len(bare)} characters long. This is not EDIFACT.")
        if bare:
            elements = tuple(
                tuple(_released(each, release) for each in _split(part, component, release))
                for part in _split(bare, element, release)
            )
            yield Segment(number, elements)


def _split(text: str, sign: str, release: str) -> list[str]:
    """Cut at a sign, except where it is released; the release characters stay until the last cut."""
    if not release.strip() or release not in text:
        return text.split(sign)
    pieces, start, place = [], 0, 0
    while place < len(text):
        if text[place] == release:
            place += 2
            continue
        if text[place] == sign:
            pieces.append(text[start:place])
            start = place + 1
        place += 1
    return [*pieces, text[start:]]


def _released(text: str, release: str) -> str:
    return re.sub(re.escape(release) + r"(.)", r"\1", text, flags=re.DOTALL) if release.strip() else text
