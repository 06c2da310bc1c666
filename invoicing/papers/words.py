"""The words on documents, from labels.toml, and how quantities, prices and percentages are written."""

import tomllib
from copy import copy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.numbers import format_decimal, get_currency_symbol

from core.currencies import minor_units
from core.words import MINUS

LABELS = Path(__file__).with_name("labels.toml")
IN_THE_FONT = 0x17F
EURO_SIGN = "€"


class Words:
    """The labels of one language: words.net, words.category["S"]."""

    def __init__(self, labels: dict[str, Any]) -> None:
        self._labels = labels

    def __getattr__(self, name: str) -> Any:
        try:
            return self._labels[name]
        except KeyError:
            raise AttributeError(f"labels.toml has no {name}.") from None

    def say(self, name: str, **values: str) -> str:
        """A label with its gaps filled."""
        return str(self._labels[name]).format(**values)


@cache
def words_in(locale: Locale) -> Words:
    """The labels for a locale: those of its language, and the country's own where it has some."""
    labels = tomllib.loads(LABELS.read_text(encoding="utf-8"))
    return Words({**labels.get(locale.language, labels["en"]), **labels.get(str(locale), {})})


def quantity_in(locale: Locale, quantity: Decimal) -> str:
    """14 or 2.5, without the zeros that nobody wrote."""
    return _with_minus(format_decimal(quantity, format="#,##0.####", locale=locale))


def price_in(locale: Locale, price: Decimal, currency: str) -> str:
    """412.50, with more decimals only where the price has them."""
    places = minor_units(currency)
    exponent = price.normalize().as_tuple().exponent
    needed = max(places, -exponent if isinstance(exponent, int) else 0)
    pattern = "#,##0" + ("." + "0" * needed if needed else "")
    return _with_minus(format_decimal(price, format=pattern, locale=locale))


def percent_in(locale: Locale, percent: Decimal) -> str:
    """20% or 19 %, as the language writes it."""
    pattern = copy(locale.percent_formats[None])
    pattern.frac_prec = (0, 3)
    return _with_minus(pattern.apply(percent / 100, locale))


@cache
def sign_of(locale: Locale, currency: str) -> str:
    """£ or €, else the three letters where our font has no such sign."""
    symbol = get_currency_symbol(currency, locale=locale)
    return symbol if all(ord(letter) <= IN_THE_FONT or letter == EURO_SIGN for letter in symbol) else currency


def _with_minus(text: str) -> str:
    return text.replace("-", MINUS)
