"""Reading what people write on payments: capital letters, groups of letters and digits, what surely is no number."""

import re
import unicodedata
from dataclasses import dataclass

from stdnum import iban as iban_number
from stdnum import iso11649

# What a scanner or a hurried hand makes of digits.
CONFUSABLE = str.maketrans("OQDILSBZG", "000115826")
CONFUSABLE_LETTERS = frozenset("OQDILSBZG")

# Lengths at which rails and banks cut a text off: SWIFT and SEPA lines, cheque stubs, Bacs references.
CUT_LENGTHS = (18, 27, 35, 140)

_GROUPS = re.compile(r"[A-Z]+|[0-9]+")
_JOINERS = re.compile(r"[ \-/._#:]{0,2}\Z")
_DATES = re.compile(r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2}))(?![\d-])")
_UNITS = r"(?:EUR|USD|GBP|CHF|CAD|AUD|SEK|NOK|DKK|PLN|JPY|[€$£])"
_MONEY = re.compile(rf"{_UNITS}\s?\d[\d., ]*[.,]\d{{2}}\b|\b\d[\d., ]*[.,]\d{{2}}\s?{_UNITS}(?!\w)|[€$£]\s?\d+\b")
_IBANS = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CREDITOR_REFERENCES = re.compile(r"\bRF\d{2}(?: ?[A-Z0-9]{1,4}){1,6}\b")


@dataclass(frozen=True, slots=True)
class Group:
    """A run of letters or a run of digits."""

    text: str
    start: int
    end: int
    is_digits: bool


def plain(text: str) -> str:
    """Capital letters without accents."""
    if text.isascii():
        return text.upper()
    folded = unicodedata.normalize("NFKD", text.upper().replace("ß", "SS"))
    return "".join(c for c in folded if not unicodedata.combining(c))


def compact(text: str) -> str:
    return "".join(_GROUPS.findall(plain(text)))


def groups_of(text: str) -> list[Group]:
    """`text` is already plain."""
    return [
        Group(found.group(), found.start(), found.end(), found.group()[0].isdigit()) for found in _GROUPS.finditer(text)
    ]


def joinable(text: str, left: Group, right: Group) -> bool:
    """May the two be parts of one number?"""
    return _JOINERS.match(text, left.end, right.start) is not None


def is_cut(text: str) -> bool:
    """Did the text probably go on before it reached us?"""
    lengths = {len(text), len(text.rstrip())}
    return any(limit - 1 <= length <= limit for length in lengths for limit in CUT_LENGTHS) or len(text) > 140


def looks_like_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("19", "20")


def looks_like_date(digits: str) -> bool:
    """20261103: a year, a month and a day written together."""
    if len(digits) != 8 or not looks_like_year(digits[:4]):
        return False
    return 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:]) <= 31


def without_noise(text: str) -> str:
    """Blank out dates, amounts with their currency and bank accounts, so that they are not read as numbers."""
    for pattern in (_DATES, _MONEY):
        text = pattern.sub(lambda found: " " * len(found.group()), text)
    return _IBANS.sub(
        lambda found: " " * len(found.group()) if iban_number.is_valid(found.group()) else found.group(), text
    )


def creditor_references(text: str) -> list[str]:
    """Valid RF references (ISO 11649) within a text."""
    found = (compact(match.group()) for match in _CREDITOR_REFERENCES.finditer(text))
    return [reference for reference in (_longest_valid(each) for each in found) if reference]


def _longest_valid(candidate: str) -> str:
    for end in range(min(len(candidate), 25), 4, -1):
        if iso11649.is_valid(candidate[:end]):
            return candidate[:end]
    return ""
