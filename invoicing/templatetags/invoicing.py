"""How quantities and prices are written on screens."""

from decimal import Decimal

from django import template

from core.currencies import minor_units
from core.words import MINUS

register = template.Library()


@register.filter
def figure(value: Decimal | None, currency: str = "") -> str:
    """14 or 2.5 without the zeros that nobody wrote; with a currency at least its decimals, as in 412.50."""
    if value is None:
        return "–"
    exponent = value.normalize().as_tuple().exponent
    places = max(-exponent if isinstance(exponent, int) else 0, minor_units(currency) if currency else 0)
    return f"{value:,.{places}f}".replace("-", MINUS)
