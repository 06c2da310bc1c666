"""How amounts, dates and ages are written, in one place for pages, PDFs and mails."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from core.currencies import minor_units
from core.money import Money

MINUS: Final = "\u2212"
NO_BREAK: Final = "\u00a0"
NONE: Final = "–"
SIGNS: Final = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥"}


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, as money is rounded."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def amount_in_words(value: Money | Decimal | int | None, currency: str = "", *, decimals: bool) -> str:
    """1,234.50 or £1,234.50; a minus that lines up; a dash when there is no amount."""
    if value is None or value == "":
        return NONE
    if isinstance(value, Money):
        return amount_in_words(value.amount, currency or value.currency, decimals=decimals)
    places = (minor_units(currency) if currency else 2) if decimals else 0
    figure = rounded(Decimal(value), places)
    sign = MINUS if figure < 0 else ""
    return f"{sign}{before(currency)}{abs(figure):,.{places}f}"


def before(currency: str) -> str:
    """The sign that a currency is known by, else its code."""
    if not currency:
        return ""
    return SIGNS.get(currency, currency + NO_BREAK)


def day(value: date | datetime | None, style: str = "") -> str:
    """“20 Nov”, with the year when it isn't this year's. Style “full” always has it, “weekday” starts with “Fri”."""
    if value is None or value == "":
        return NONE
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    text = f"{on.day}{NO_BREAK}{on:%b}"
    if style == "full" or on.year != timezone.localdate().year:
        text += f"{NO_BREAK}{on.year}"
    return f"{on:%a}{NO_BREAK}{text}" if style == "weekday" else text


def clock(value: datetime | None, zone: str = "") -> str:
    """“Wed 11 Nov 10:42”, in the company's time zone when it is given."""
    if value is None or value == "":
        return NONE
    at = timezone.localtime(value, ZoneInfo(zone) if zone else None)
    return f"{day(at.date(), 'weekday')} {at:%H:%M}"


def age(due_on: date | None, as_at: date | None = None) -> str:
    """How late something is: “83 d over”, “due today”, “due 25 Nov”."""
    if due_on is None or due_on == "":
        return NONE
    days = ((as_at or timezone.localdate()) - due_on).days
    if days > 0:
        return f"{days}{NO_BREAK}d over"
    return "due today" if days == 0 else f"due {day(due_on)}"


def masked_account(number: str) -> str:
    """“…5555”: an account by its last four digits, wherever more people read than need the whole; nothing of none."""
    return f"…{number[-4:]}" if number else ""
