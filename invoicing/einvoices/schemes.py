"""By which scheme a number is known to other people's software. Pure.

Electronic addresses use the code list EAS of the European Commission, registration numbers that of ISO 6523.
"""

import re

from stdnum.eu.vat import MEMBER_STATES

VAT_SCHEMES = {
    "AT": "9914", "BE": "9925", "BG": "9926", "CH": "9927", "CY": "9928", "CZ": "9929", "DE": "9930", "EE": "9931",
    "EL": "9933", "ES": "9920", "FR": "9957", "GB": "9932", "HR": "9934", "HU": "9910", "IE": "9935", "LI": "9936",
    "LT": "9937", "LU": "9938", "LV": "9939", "MC": "9940", "MT": "9943", "NL": "9944", "PL": "9945", "PT": "9946",
    "RO": "9947", "SE": "9955", "SI": "9949", "SK": "9950",
}  # fmt: skip
REGISTRATION_SCHEMES = {
    "BE": ("0208", r"[01]\d{9}"),
    "FR": ("0002", r"\d{9}"),
    "NL": ("0106", r"\d{8}"),
    "NO": ("0192", r"\d{9}"),
    "SE": ("0007", r"\d{10}"),
}
WITH_PREFIX = frozenset({*(code.upper() for code in MEMBER_STATES), "EL", "GB", "XI", "CH", "NO", "LI", "MC"})


def has_country(tax_number: str) -> bool:
    """Whether a tax number begins with the letters of its country, as EN 16931 wants it (BR-CO-09)."""
    return tax_number[:2] in WITH_PREFIX


def address_from_tax_number(tax_number: str) -> tuple[str, str]:
    """Scheme and electronic address of whoever has this VAT number; two empty texts where none is known."""
    scheme = VAT_SCHEMES.get(tax_number[:2], "")
    return (scheme, tax_number) if scheme else ("", "")


def registration_scheme(country: str, number: str) -> str:
    """The scheme of a company's registration number, where its country's shape tells it."""
    scheme, shape = REGISTRATION_SCHEMES.get(country, ("", r"(?!)"))
    return scheme if re.fullmatch(shape, number) else ""
