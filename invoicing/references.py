"""Structured creditor references of ISO 11649, made from document numbers. Pure."""

from customers.names import compact
from customers.references import LONGEST_BODY, payment_reference


def reference_from(number: str) -> str:
    """RF, two check digits and the number's letters and digits: INV-2026-000123 becomes RF98INV2026000123."""
    body = compact(number)[-LONGEST_BODY:]
    return payment_reference(body) if body else ""


def spaced(reference: str) -> str:
    """In groups of four, as it is printed: RF98 INV2 0260 0012 3."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))
