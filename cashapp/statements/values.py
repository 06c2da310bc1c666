"""Amounts, dates and words as banks write them. Nothing is ever parsed into zero: what does not fit is a ValueError."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import cache

LARGEST = Decimal("1e15")
MONTHS = {name: number for number, name in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), 1)}
FILLERS = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF", "NOTAVAILABLE", "NOT AVAILABLE", "UNKNOWN"})
MARKS_AROUND_AMOUNTS = re.compile(r"^[A-Z]{3}\b|\b[A-Z]{3}$|[€$£¥₹]", re.IGNORECASE)
TOKENS = re.compile(r"YYYY|YY|MON|MM|M|DD|D|[^A-Z]+")
PATTERNS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<year>\d{2})",
    "MON": r"(?P<name>[A-Za-z]{3})[a-z.]*",
    "MM": r"(?P<month>\d{1,2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
    "D": r"(?P<day>\d{1,2})",
}


def squeeze(text: str) -> str:
    """Runs of white space become one space."""
    return " ".join(text.split())


def reference(text: str | None) -> str:
    """An identifier without its padding; empty when it only says that there is none."""
    cleaned = squeeze(text or "")
    return "" if cleaned.upper() in FILLERS else cleaned


def plain_amount(text: str) -> Decimal:
    """Digits with a full stop, as XML writes them."""
    if not re.fullmatch(r"[+-]?\d{1,18}(\.\d{0,5})?|[+-]?\.\d{1,5}", text.strip()):
        raise ValueError(text)
    return _bounded(Decimal(text.strip()))


def swift_amount(text: str) -> Decimal:
    """Digits with a comma, as SWIFT writes them: “1500,” and “00,12” are both right."""
    if not re.fullmatch(r"\d{1,18}(,\d{0,5})?|,\d{1,5}", text):
        raise ValueError(text)
    return _bounded(Decimal(f"0{text}".replace(",", ".")))


def written_amount(text: str, decimal: str = ".", thousands: str = "") -> Decimal:
    """An amount as people and spreadsheets write it, by the decimal and thousands signs of the mapping."""
    bare = MARKS_AROUND_AMOUNTS.sub("", text.replace("\u2212", "-").strip()).strip()
    bare, negative = _without_sign(bare)
    if not _amount_shape(decimal, thousands).fullmatch(bare):
        raise ValueError(text)
    digits = re.sub(r"[^\d" + re.escape(decimal) + "]", "", bare).replace(decimal, ".")
    amount = _bounded(Decimal(digits))
    return -amount if negative else amount


def any_amount(text: str) -> Decimal:
    """An amount whose signs nobody told: the last point or comma comes before the decimals, the others are for show."""
    bare = re.sub(r"[\s\u00a0\u202f']", "", text)
    points = [sign for sign in bare if sign in ".,"]
    decimal = points[-1] if points else "."
    if points.count(decimal) > 1:
        raise ValueError(text)
    return written_amount(bare, decimal, "," if decimal == "." else ".")


def _without_sign(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text[:1] in {"-", "+"}:
        return text[1:].strip(), text[0] == "-"
    if text[-1:] in {"-", "+"}:
        return text[:-1].strip(), text[-1] == "-"
    if text[-2:].upper() in {"CR", "DR"}:
        return text[:-2].strip(), text[-2:].upper() == "DR"
    return text, False


@cache
def _amount_shape(decimal: str, thousands: str) -> re.Pattern[str]:
    """Groups of three behind a thousands sign, or of two where lakhs are counted; else digits only."""
    point = re.escape(decimal)
    fraction = rf"(?:{point}\d{{0,6}})?"
    whole = r"\d{1,15}"
    if thousands:
        sign = r"[  \u202f]" if thousands.isspace() else re.escape(thousands)
        whole = rf"(?:\d{{1,3}}(?:{sign}\d{{2,3}})*{sign}\d{{3}}|\d{{1,15}})"
    return re.compile(rf"{whole}{fraction}|{point}\d{{1,6}}")


def _bounded(amount: Decimal) -> Decimal:
    if abs(amount) >= LARGEST:
        raise ValueError(f"{amount} is beyond every bank account")
    return amount


def number_amount(number: float | int) -> Decimal:
    """A spreadsheet's number, freed of the noise that binary fractions leave behind the sixth decimal."""
    if not abs(number) < LARGEST:
        raise ValueError(f"{number} is no amount")
    return Decimal(repr(number)).quantize(Decimal("0.000001")).normalize() + Decimal(0)


def iso_date(text: str) -> date:
    """The day of an ISO date or timestamp, as the bank's own clock says it."""
    return date.fromisoformat(text.strip()[:10])


def swift_date(text: str) -> date:
    """YYMMDD; two-digit years from 80 on are of the last century.

    Banks that count 30 days in every month value at 30 February; that is the month's last day.
    """
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:6])
    year += 1900 if year >= 80 else 2000
    last = monthrange(year, month)[1] if 1 <= month <= 12 else day
    return date(year, month, min(day, last) if day <= 31 else day)


def entry_date(value_on: date, month_day: str) -> date:
    """The booking day, sent without its year: the one closest to the value date."""
    month, day = int(month_day[:2]), int(month_day[2:])
    candidates = [found for year in (-1, 0, 1) if (found := _day_of(value_on.year + year, month, day))]
    if not candidates:
        raise ValueError(month_day)
    return min(candidates, key=lambda each: abs(each - value_on))


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def written_date(text: str, pattern: str) -> date:
    """A date by a pattern of YYYY, YY, MM, MON and DD; a time of day behind it is left out."""
    found = _date_shape(pattern.upper()).match(text.strip())
    if not found:
        raise ValueError(text)
    parts = found.groupdict()
    year = int(parts["year"])
    name = parts.get("name")
    month = MONTHS.get(name.upper(), 0) if name else int(parts["month"])
    return date(year if len(parts["year"]) == 4 else 2000 + year, month, int(parts["day"]))


@cache
def _date_shape(pattern: str) -> re.Pattern[str]:
    tokens = TOKENS.findall(pattern)
    written = "".join(PATTERNS.get(token) or re.escape(token) for token in tokens)
    return re.compile(written + r"(?![\d])(?:[.,\sT].*)?$")
