"""Exchange rates: the latest known on or before a date."""

from datetime import date
from decimal import Decimal

from core.errors import Refused
from core.models import ExchangeRate


class NoRate(Refused):
    """No rate is known for the pair of currencies on or before the date."""

    code = "no_rate"


def rate_on(from_currency: str, to_currency: str, on: date) -> Decimal:
    """Units of `to_currency` for one unit of `from_currency`; a rate of the opposite pair is inverted."""
    if from_currency == to_currency:
        return Decimal(1)
    direct = _latest(from_currency, to_currency, on)
    inverse = _latest(to_currency, from_currency, on)
    if direct is not None and (inverse is None or direct.on >= inverse.on):
        return direct.rate
    if inverse is not None:
        return (Decimal(1) / inverse.rate).quantize(Decimal("1E-8"))
    raise NoRate(
        f"No exchange rate from {from_currency} to {to_currency} is known on or before {on:%d %b %Y}. "
        "Add one in the settings."
    )


def _latest(from_currency: str, to_currency: str, on: date) -> ExchangeRate | None:
    rows = ExchangeRate.objects.filter(from_currency=from_currency, to_currency=to_currency, on__lte=on)
    return rows.order_by("-on", "-recorded_at", "-pk").first()
