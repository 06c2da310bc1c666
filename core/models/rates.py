"""Exchange rates by date."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from core.fields import CurrencyField
from core.guards import append_only


class ExchangeRate(models.Model):
    """What one unit of a currency was worth in another on a day. A later row for the same day replaces it."""

    from_currency = CurrencyField()
    to_currency = CurrencyField()
    on = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=60, help_text="Who says so, such as “ECB reference rate”.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-on", "from_currency", "to_currency")
        triggers: ClassVar = append_only("exchange rates")
        indexes = (models.Index(fields=("from_currency", "to_currency", "-on", "-recorded_at"), name="rate_of_a_day"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="a_rate_is_positive"),
            models.CheckConstraint(
                condition=~models.Q(from_currency=models.F("to_currency")), name="a_rate_is_between_two_currencies"
            ),
        )

    def __str__(self) -> str:
        return f"1 {self.from_currency} = {self.rate.normalize():f} {self.to_currency} on {self.on}"
