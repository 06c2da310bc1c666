"""The forms in which one document number may turn up, learned from the numbers themselves.

No series is configured: `INV-2026-0001234`, `4711/A` and `5928070131` are each taken apart into letters and digits,
and what remains after common damage (prefix lost, separators lost, only the running number, last digit cut) is
indexed beside the whole.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from string import ascii_uppercase

from cashapp.matching.text import CONFUSABLE, compact

_DIGIT_RUNS = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")


class Form(IntEnum):
    """How much of a number was written, strongest first."""

    REFERENCE = 1
    WHOLE = 2
    DIGITS = 3
    PURCHASE_ORDER = 4
    REPAIRED = 5
    SEQUENCE = 6
    CUT = 7
    TAIL = 8
    NEAR = 9
    TRUNCATED = 10

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Form.REFERENCE: "Structured reference",
    Form.WHOLE: "Number in reference",
    Form.DIGITS: "Number without its prefix in reference",
    Form.PURCHASE_ORDER: "Purchase order in reference",
    Form.REPAIRED: "Number in reference, misread characters repaired",
    Form.SEQUENCE: "Running number in reference",
    Form.CUT: "Number in reference, last digit missing",
    Form.TAIL: "Last digits of the number in reference",
    Form.TRUNCATED: "Beginning of the number at the end of a text that was cut off",
    Form.NEAR: "Number in reference, one digit differs",
}


@dataclass(frozen=True, slots=True)
class NumberKeys:
    whole: str
    digits: str
    sequence: str
    sequence_width: int

    @property
    def repaired(self) -> str:
        return self.whole.translate(CONFUSABLE)


def keys_of(number: str) -> NumberKeys:
    whole = compact(number)
    runs = _DIGIT_RUNS.findall(number) or [""]
    return NumberKeys(whole, "".join(runs), runs[-1].lstrip("0"), len(runs[-1]))


def shape_of(whole: str) -> str:
    """`INV20260001234` becomes `INV99999999999`: letters stay, digits don't."""
    return _DIGIT.sub("9", whole)


def prefix_of(whole: str) -> str:
    """The letters before the first digit."""
    return whole[: len(whole) - len(whole.lstrip(ascii_uppercase))]


def is_written_so(written: str, keys: NumberKeys) -> bool:
    """May `written` (digits) be the running number of the document? With leading zeros it must have all of them."""
    if written.startswith("0"):
        return keys.digits.endswith(written) and len(written) >= keys.sequence_width
    return written == keys.sequence or (keys.digits.endswith(written) and len(written) >= len(keys.sequence))


def differs_by_one(left: str, right: str) -> bool:
    """One digit replaced, or two neighbours swapped."""
    if len(left) != len(right) or left == right:
        return False
    places = [place for place, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]
    if len(places) == 1:
        return True
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    first, second = places
    return left[first] == right[second] and left[second] == right[first]
