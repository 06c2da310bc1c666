"""Amounts and dates in documents and mails, written the way their reader writes them."""

import re
from copy import copy
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.languages import get_official_languages
from babel.numbers import NumberPattern

from core.currencies import minor_units
from core.money import Money, round_to_currency
from core.words import MINUS

CODE_BEFORE_FIGURE = re.compile(r"([A-Z]{3})(?=\d)")
BRITISH = Locale("en", "GB")


@cache
def locale_of(language: str, country: str = "") -> Locale:
    """The language as it is written in a country that speaks it; British English when the language is unknown."""
    spoken = language.replace("-", "_").partition("_")[0].lower()
    at_home = spoken in get_official_languages(country.upper(), de_facto=True)
    try:
        return Locale.parse(f"{spoken}_{country.upper()}" if at_home else spoken.replace("en", "en_GB"))
    except (UnknownLocaleError, ValueError):
        return BRITISH


def money_in(locale: Locale, value: Money) -> str:
    """£1,200.00 or 1.200,00 €, with ISO's decimals and a minus that lines up."""
    return _written(locale, copy(locale.currency_formats["standard"]), value.amount, value.currency)


def amount_in(locale: Locale, amount: Decimal, currency: str) -> str:
    """1,200.00 or 1.200,00, for columns whose head names the currency."""
    return _written(locale, copy(locale.decimal_formats[None]), amount, currency)


def day_in(locale: Locale, day: date) -> str:
    """31 May 2026 or 31. Mai 2026."""
    return format_date(day, "long", locale=locale)


def short_day_in(locale: Locale, day: date) -> str:
    """31 May 2026 or 31.05.2026, for columns."""
    return format_date(day, "medium", locale=locale)


def _written(locale: Locale, pattern: NumberPattern, amount: Decimal, currency: str) -> str:
    places = minor_units(currency)
    pattern.frac_prec = (places, places)
    figure = round_to_currency(amount, currency)
    text: str = pattern.apply(figure, locale, currency=currency, currency_digits=False)
    return CODE_BEFORE_FIGURE.sub("\\1\u00a0", text.replace("-", MINUS))
