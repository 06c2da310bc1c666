"""Structured references by ISO 11649: what a customer may write on any of its payments. Pure."""

from collections.abc import Container

from stdnum.iso7064 import mod_97_10

from customers.names import compact

LONGEST_BODY = 21


def payment_reference(code: str, taken: Container[str] = frozenset()) -> str:
    """RF, two check digits and the customer's code; a number behind it where another customer has that already."""
    body = compact(code)[:LONGEST_BODY]
    reference, count = _with_check_digits(body), 2
    while reference in taken:
        reference, count = _with_check_digits(f"{body[: LONGEST_BODY - 4]}N{count:03d}"), count + 1
    return reference


def _with_check_digits(body: str) -> str:
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"
