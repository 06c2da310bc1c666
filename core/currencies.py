"""Currencies: the codes and names that Babel knows, with the minor units of ISO 4217.

Babel's own digits are those of everyday use (no decimals for the Serbian dinar); ledgers and banks keep ISO's.
"""

from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_name

from core.errors import Refused

NO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
NOT_MONEY = {"XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"}


class UnknownCurrency(Refused):
    """The three letters name no currency."""

    code = "unknown_currency"


@cache
def currency_codes() -> frozenset[str]:
    """Every three-letter code that names money, withdrawn currencies included (old ledgers hold them)."""
    return frozenset(get_global("all_currencies")) - NOT_MONEY


def known_currency(code: str) -> str:
    """Return the code in capitals; raise UnknownCurrency when it names none."""
    upper = code.strip().upper()
    if upper not in currency_codes():
        raise UnknownCurrency(f"“{code}” is not a currency. Use a three-letter code such as EUR.")
    return upper


@cache
def minor_units(code: str) -> int:
    """Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD."""
    upper = known_currency(code)
    return 0 if upper in NO_DECIMALS else 3 if upper in THREE_DECIMALS else 2


def currency_name(code: str, language: str = "en") -> str:
    """Name for people, such as “Euro”."""
    return get_currency_name(known_currency(code), locale=language)
