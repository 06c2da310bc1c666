"""X12: segments out of an interchange, with or without its envelope."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cashapp.remittances.model import MOST_LINES, RemittanceRefused
from cashapp.statements.values import LARGEST

LONGEST_SEGMENT = 4000
MOST_SEGMENTS = MOST_LINES * 12
AMOUNT = re.compile(r"-?(?:\d{1,16}(?:\.\d{0,5})?|\.\d{1,5})")


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment; `of(2)` is its second element, empty where it is left out."""

    number: int
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its tag, such as RMR."""
        return self.parts[0]

    def of(self, place: int) -> str:
        """An element by its place, counted from 1 as the standard does."""
        return self.parts[place].strip() if place < len(self.parts) else ""


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """ST to SE: what kind it is, its segments, and what is wrong with its counts."""

    kind: str
    segments: tuple[Segment, ...]
    findings: tuple[str, ...]


def is_x12(text: str) -> bool:
    """Whether the text begins as an interchange, a group or a set."""
    return re.match(r"(?:ISA|GS|ST)[^A-Za-z0-9\s]", text) is not None


def transaction_sets(text: str, name: str) -> list[TransactionSet]:
    """Every set of the file, in its order."""
    found: list[TransactionSet] = []
    current: list[Segment] = []
    for segment in _segments(text, name):
        if segment.name == "ST":
            current = [segment]
        elif current:
            current.append(segment)
        if segment.name == "SE" and current:
            found.append(_set_of(current))
            current = []
    if current:
        raise RemittanceRefused(
            f"{name} breaks off: set {current[0].of(2)} has no end (SE). Ask the sender for the whole file."
        )
    return found


def _set_of(segments: Sequence[Segment]) -> TransactionSet:
    last, findings = segments[-1], []
    if last.of(1) != str(len(segments)):
        findings.append(f"Set {segments[0].of(2)} says that it has {last.of(1)} segments and has {len(segments)}.")
    return TransactionSet(segments[0].of(1), tuple(segments[1:-1]), tuple(findings))


def _segments(text: str, name: str) -> Iterator[Segment]:
    element, terminator = _separators(text, name)
    pieces = text.split(terminator)
    if len(pieces) > MOST_SEGMENTS:
        raise RemittanceRefused(f"{name} has more than {MOST_SEGMENTS:,} segments. Split it.")
    for number, piece in enumerate(pieces, 1):
        bare = piece.strip("\r\n \t")
        if len(bare) > LONGEST_SEGMENT:
            raise RemittanceRefused(f"{name}, segment {number} is {len(bare)} characters long. This is not X12.")
        if bare:
            yield Segment(number, tuple(bare.split(element)))


def _separators(text: str, name: str) -> tuple[str, str]:
    """The signs between elements and behind segments: told by ISA, else the usual ones."""
    if not text.startswith("ISA"):
        element = text[2]
        return element, "~" if "~" in text else "\n"
    element = text[3]
    place = -1
    for _ in range(16):
        place = text.find(element, place + 1, 300)
        if place < 0:
            raise RemittanceRefused(f"{name}: its first segment (ISA) is not whole. Ask the sender for the file again.")
    terminator = text[place + 2 : place + 3]
    if not terminator:
        raise RemittanceRefused(f"{name} ends within its first segment (ISA). Ask the sender for the file again.")
    return element, terminator


def amount_of(segment: Segment, place: int, name: str) -> Decimal | None:
    """An amount with its point written, None where the element is left out."""
    told = segment.of(place)
    if not told:
        return None
    if not AMOUNT.fullmatch(told) or abs(Decimal(told)) >= LARGEST:
        raise RemittanceRefused(f"{name}, segment {segment.number} ({segment.name}): “{told[:30]}” is no amount.")
    return Decimal(told)


def date_of(told: str) -> date | None:
    """CCYYMMDD or YYMMDD; None for anything else."""
    if not told.isdecimal() or len(told) not in (6, 8):
        return None
    century = "20" if len(told) == 6 else ""
    try:
        return date.fromisoformat(century + told)
    except ValueError:
        return None
