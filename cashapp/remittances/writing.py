"""What people write in letters, mails and on stubs: amounts, numbers of documents, days."""

import re
from datetime import date
from decimal import Decimal

from cashapp.statements.values import LARGEST, MONTHS

SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}
UNITS = r"(?:EUR|USD|GBP|CHF|CAD|AUD|SEK|NOK|DKK|PLN|US\$|[$€£])"
FIGURE = r"(?:\d{1,3}(?:[,.' ]\d{3})+|\d{1,12})[.,]\d{2}(?!\d)"
AMOUNTS = re.compile(
    rf"(?<![\w.,/-])(?P<minus>[-\u2212(]?)\s?(?:{UNITS}\s?)?(?P<late>[-\u2212]?)(?P<figure>{FIGURE})(?P<back>-(?!\d)|\))?(?!\w)"
    rf"|(?:{UNITS})\s?(?P<whole>\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}})(?![\d.,]*\d)"
)
DOCUMENTS = re.compile(
    r"(?<![\w@./-])(?=(?:[A-Za-z_/-]{0,29}\d){3})[A-Za-z0-9][A-Za-z0-9/_-]{2,29}(?![\w@/-]{1})",
)
ISO_DAYS = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
LOCAL_DAYS = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})\2(\d{4})\b")
NAMED_DAYS = re.compile(
    r"\b(?:(\d{1,2})\.?\s+([A-Za-z]{3})[a-z]*\.?,?|([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2}),?)\s+(\d{4})\b"
)
CURRENCIES = re.compile(r"\b(EUR|USD|GBP|CHF|CAD|AUD|SEK|NOK|DKK|PLN)\b")
NOT_DOCUMENTS = re.compile(
    r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\d{4}[/-]\d{1,2}[/-]\d{1,2}|(?:19|20)\d\d|\d+(?:st|nd|rd|th)"
)


def amounts_in(text: str) -> list[Decimal]:
    """Every figure with cents, or with a currency before it; a minus, a bracket or a minus behind makes it negative."""
    found = []
    for match in AMOUNTS.finditer(text):
        figure = match["figure"] or match["whole"]
        amount = amount_written(figure)
        is_negative = bool((match["minus"] or match["late"] or match["back"]) and match["figure"])
        found.append(-amount if is_negative else amount)
    return found


def amount_written(figure: str) -> Decimal:
    """1,234.50 and 1.234,50 alike: the last sign with two digits behind it parts the cents."""
    bare = re.sub(r"[' \u202f\xa0]", "", figure)
    cents = re.search(r"[.,](\d{2})$", bare)
    whole = bare[: cents.start()] if cents else bare
    digits = re.sub(r"[.,]", "", whole)
    amount = Decimal(f"{digits}.{cents[1]}") if cents else Decimal(digits)
    if amount >= LARGEST:
        raise ValueError(figure)
    return amount


def documents_in(text: str) -> list[str]:
    """Words with at least three digits that are no amount and no day, each once, in the order of the text."""
    blanked = AMOUNTS.sub(lambda match: " " * len(match.group()), text)
    words = (match.group().rstrip("-/_") for match in DOCUMENTS.finditer(blanked))
    return list(dict.fromkeys(word for word in words if not NOT_DOCUMENTS.fullmatch(word)))


def day_in(text: str) -> date | None:
    """The first day that is written so that it can mean one day only; 03/04/2026 can't."""
    if match := ISO_DAYS.search(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := NAMED_DAYS.search(text):
        month = MONTHS.get((match[2] or match[3]).upper(), 0)
        return _day(int(match[5]), month, int(match[1] or match[4]))
    if match := LOCAL_DAYS.search(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > 12 or first == second:
            return _day(year, second, first)
        return _day(year, first, second) if second > 12 else None
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def currency_in(text: str) -> str:
    """The currency that the text names, if it is one only."""
    found = set(CURRENCIES.findall(text)) or {SIGNS[sign] for sign in SIGNS if sign in text}
    return found.pop() if len(found) == 1 else ""
