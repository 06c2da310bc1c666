"""Number series without gaps: a counter row per entity, kind and year."""

from django.db import models

from core.scoping import ScopedModel


class NumberSeries(ScopedModel):
    """Numbers of one kind of document. The row is locked while numbers are taken, so none is lost or doubled."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="number_series")
    kind = models.CharField(max_length=20, help_text="Such as invoice or credit_note.")
    year = models.PositiveSmallIntegerField(default=0, help_text="0 for a series that runs through the years.")
    pattern = models.CharField(max_length=40, help_text="Such as INV-{year}-{number:06d}.")
    next_number = models.PositiveBigIntegerField(default=1)

    class Meta:
        ordering = ("entity", "kind", "-year")
        verbose_name_plural = "number series"
        constraints = (models.UniqueConstraint(fields=("entity", "kind", "year"), name="one_series_a_kind_and_year"),)

    def __str__(self) -> str:
        return f"{self.entity.code} {self.kind} {self.year or ''}".strip()
