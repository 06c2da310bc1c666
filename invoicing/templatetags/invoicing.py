"""How quantities and prices are written on screens."""

from decimal import Decimal

from django import template

from core.currencies import minor_units
from core.words import MINUS
from invoicing.models.documents import DocumentLine, Unit

register = template.Library()


@register.filter
def unit(line: DocumentLine) -> str:
    """What a quantity is counted in: “1 month”, “2 months”; pieces go without saying."""
    words = "" if line.unit == Unit.PIECE else line.get_unit_display().lower()
    return words.removesuffix("s") if abs(line.quantity) == 1 else words


@register.filter
def figure(value: Decimal | None, currency: str = "") -> str:
    """14 or 2.5 without the zeros that nobody wrote; with a currency at least its decimals, as in 412.50."""
    if value is None:
        return "–"
    exponent = value.normalize().as_tuple().exponent
    places = max(-exponent if isinstance(exponent, int) else 0, minor_units(currency) if currency else 0)
    return f"{value:,.{places}f}".replace("-", MINUS)
