"""Columns for money: an exact amount beside the currency it is in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from core.currencies import currency_codes


def validate_currency(code: str) -> None:
    """Refuse a code that names no currency."""
    if code not in currency_codes():
        raise ValidationError(f"“{code}” is not a currency. Use a three-letter code such as EUR.", code="currency")


class AmountField(models.DecimalField):  # type: ignore[type-arg]
    """NUMERIC(18,3): exact, and wide enough for three-decimal currencies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = 18
        kwargs["decimal_places"] = 3
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Leave the fixed width out of migrations."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_digits", None)
        kwargs.pop("decimal_places", None)
        return name, path, args, kwargs


class CurrencyField(models.CharField):  # type: ignore[type-arg]
    """Three letters that must name a currency."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 3
        kwargs.setdefault("validators", [validate_currency])
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Leave the fixed width and the validator out of migrations."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_length", None)
        kwargs.pop("validators", None)
        return name, path, args, kwargs
