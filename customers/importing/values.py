"""Single cells of a file of customers. What can't be read raises ValueError with a sentence. Pure."""

import re
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum import iban as iban_numbers

from core.currencies import currency_codes
from customers.importing.columns import squeezed
from customers.models import Customer
from customers.names import compact
from customers.taxnumbers import validate_tax_number

YES = frozenset({"yes", "y", "true", "t", "1", "ja", "oui", "x"})
NO = frozenset({"no", "n", "false", "f", "0", "nein", "non"})
TAX_STATUSES = {
    "standard": "standard",
    "taxable": "standard",
    "domestic": "standard",
    "reversecharge": "reverse_charge",
    "eu": "reverse_charge",
    "exempt": "exempt",
    "taxexempt": "exempt",
    "export": "export",
    "noneu": "export",
    "overseas": "export",
}
DELIVERIES = {
    "email": "email",
    "mail": "email",
    "print": "print",
    "post": "print",
    "letter": "print",
    "portal": "portal",
}
NAMES_OF_COUNTRIES_IN = ("en", "de", "fr", "es", "it", "nl")
OTHER_COUNTRY_NAMES = {
    "uk": "GB",
    "greatbritain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
    "unitedstatesofamerica": "US",
    "holland": "NL",
    "czechrepublic": "CZ",
    "holysee": "VA",
}


def currency_of(text: str) -> str:
    """GBP out of “gbp”."""
    code = text.strip().upper()
    if code not in currency_codes():
        raise ValueError(f"“{text}” is not a currency; write a code such as EUR.")
    return code


def amount_of(text: str, decimal_sign: str) -> Decimal:
    """A credit limit: digits with the agreed sign before the decimals, nothing negative."""
    plain = re.sub(r"[\s\u00a0£€$']", "", text)
    grouping = "," if decimal_sign == "." else "."
    if grouping in plain and not re.fullmatch(rf"\d{{1,3}}(?:\{grouping}\d{{3}})+(?:\{decimal_sign}\d*)?", plain):
        raise ValueError(f"“{text}” is not an amount with “{decimal_sign}” before the decimals.")
    try:
        amount = Decimal(plain.replace(grouping, "").replace(decimal_sign, "."))
    except InvalidOperation:
        raise ValueError(f"“{text}” is not an amount.") from None
    if not amount.is_finite() or amount < 0 or amount >= Decimal(10) ** 15:
        raise ValueError(f"“{text}” can't be a credit limit.")
    return amount


def emails_of(text: str) -> list[str]:
    """One address or several, parted by ; or ,"""
    found = [part.strip() for part in re.split(r"[;,]", text) if part.strip()]
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            raise ValueError(f"“{address}” is not an e-mail address.") from None
    return found


@cache
def countries() -> dict[str, str]:
    """Codes by name, in the languages that files mostly come in."""
    names: dict[str, str] = dict(OTHER_COUNTRY_NAMES)
    for language in NAMES_OF_COUNTRIES_IN:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB"}:
                names.setdefault(squeezed(name), code)
                names.setdefault(code.lower(), code)
    return names


def country_of(text: str) -> str:
    """GB out of “gb” or “United Kingdom”."""
    code = countries().get(squeezed(text)) or countries().get(squeezed(text.partition("(")[0]))
    if code is None:
        raise ValueError(f"“{text}” is not a country that is known; write a code such as GB.")
    return code


def tax_number_of(text: str) -> str:
    """The number without its blanks, held against its country's rule."""
    try:
        validate_tax_number(text)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None
    return compact(text)


def iban_of(text: str) -> str:
    """The IBAN without its blanks."""
    number = compact(text)
    if not iban_numbers.is_valid(number):
        raise ValueError(f"“{text}” is not an IBAN: its check digits or its length are wrong.")
    return number


def tax_status_of(text: str) -> str:
    """One of ours, by value or by its usual names."""
    return _one_of(TAX_STATUSES, text, "standard, reverse charge, exempt or export")


def delivery_of(text: str) -> str:
    """One of ours, by value or by its usual names."""
    return _one_of(DELIVERIES, text, "e-mail, print or portal")


def language_of(text: str) -> str:
    """Two letters, as de out of “de-AT”."""
    code = text.strip().lower()[:2]
    if not re.fullmatch(r"[a-z]{2}([-_]\w+)?", text.strip().lower()) or not Locale("en").languages.get(code):
        raise ValueError(f"“{text}” is not a language; write a code such as en.")
    return code


def tick_of(text: str) -> bool:
    """Yes or no."""
    word = squeezed(text)
    if word not in YES | NO:
        raise ValueError(f"“{text}” is neither yes nor no.")
    return word in YES


def text_of(text: str, longest: int) -> str:
    """Text as it stands, if it fits."""
    if len(text) > longest:
        raise ValueError(f"has {len(text)} letters; up to {longest} fit.")
    return text


def code_of(text: str) -> str:
    """A customer code of the allowed shape."""
    field = Customer._meta.get_field("code")
    try:
        return str(field.clean(text, None))
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None


def _one_of(names: dict[str, str], text: str, allowed: str) -> str:
    found = names.get(squeezed(text))
    if found is None:
        raise ValueError(f"“{text}” is not one of {allowed}.")
    return found
