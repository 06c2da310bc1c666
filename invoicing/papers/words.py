"""The words on invoices and credit notes, and how quantities, prices and percentages are written."""

from copy import copy
from decimal import Decimal
from pathlib import Path

from babel import Locale
from babel.numbers import format_decimal

from core.currencies import minor_units
from core.papers import Words, words_of
from core.words import MINUS

LABELS = Path(__file__).with_name("labels.toml")


def words_in(locale: Locale) -> Words:
    """The labels for a locale."""
    return words_of(LABELS, locale)


def quantity_in(locale: Locale, quantity: Decimal) -> str:
    """14 or 2.5, without the zeros that nobody wrote."""
    return _with_minus(format_decimal(quantity, format="#,##0.########", locale=locale))


def unit_in(locale: Locale, words: Words, unit: str, quantity: Decimal) -> str:
    """“month” or “months” as the quantity takes it in the language; nothing for pieces."""
    one: dict[str, str] = words.one_unit if locale.plural_form(abs(quantity).normalize()) == "one" else {}
    several: dict[str, str] = words.unit
    return one.get(unit) or several.get(unit, "")


def price_in(locale: Locale, price: Decimal, currency: str) -> str:
    """412.50, with more decimals only where the price has them."""
    exponent = price.normalize().as_tuple().exponent
    places = max(minor_units(currency), -exponent if isinstance(exponent, int) else 0)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return _with_minus(format_decimal(price, format=pattern, locale=locale))


def percent_in(locale: Locale, percent: Decimal) -> str:
    """20% or 19 %, as the language writes it."""
    pattern = copy(locale.percent_formats[None])
    pattern.frac_prec = (0, 3)
    return _with_minus(pattern.apply(percent / 100, locale))


def _with_minus(text: str) -> str:
    return text.replace("-", MINUS)
