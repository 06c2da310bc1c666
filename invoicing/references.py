"""Structured creditor references of ISO 11649, made from document numbers. Pure."""

from customers.names import compact
from customers.references import LONGEST_BODY, payment_reference


def reference_from(number: str) -> str:
    """RF, two check digits and the number's letters and digits: INV-2026-000123 becomes RF98INV2026000123."""
    body = compact(number)[-LONGEST_BODY:]
    return payment_reference(body) if body else ""
