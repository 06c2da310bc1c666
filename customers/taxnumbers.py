"""Is a tax number well-formed? Numbers that name their country are held against that country's rule."""

import re

from django.core.exceptions import ValidationError
from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES

from customers.names import compact

PREFIXES = {*MEMBER_STATES, "el", "gb", "xi", "ch", "no"}


def validate_tax_number(text: str) -> None:
    """Refuse a number that its country's rule says can't exist. Whether it is registered is another question."""
    number = compact(text)
    if not re.fullmatch(r"[0-9A-Z]{4,20}", number):
        raise ValidationError(f"“{text}” is not a tax number: 4 to 20 letters and digits.", code="tax_number")
    country = number[:2].lower()
    if country not in PREFIXES:
        return
    module = get_cc_module({"el": "gr", "xi": "gb"}.get(country, country), "vat")
    if module is not None and not module.is_valid(number[2:] if country in {"xi"} else number):
        raise ValidationError(
            f"“{text}” is not a tax number of {country.upper()}: its check digits or its length are wrong.",
            code="tax_number",
        )
