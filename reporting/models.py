"""The rows that reporting itself writes: limits and targets of measures."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.scoping import ScopedModel


class MeasureLimit(ScopedModel):
    """A limit that a measure must stay under, from a day on. The latest counts; earlier ones stay for past dates."""

    class Measure(models.TextChoices):
        """What is limited."""

        OVER_31_DAYS = "over_31_days", "Overdue by 31 days and more"
        DAYS_SALES_OUTSTANDING = "days_sales_outstanding", "Days sales outstanding"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="measure_limits")
    measure = models.CharField(max_length=24, choices=Measure)
    limit = models.DecimalField(max_digits=18, decimal_places=2, help_text="In the company's currency, or in days.")
    from_on = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("entity", "measure", "-from_on", "-pk")
        constraints = (models.CheckConstraint(condition=models.Q(limit__gt=0), name="a_limit_is_positive"),)

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.limit:f}"
