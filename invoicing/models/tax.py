"""Tax rates of an entity, by category and date."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from core.guards import frozen_columns
from core.scoping import ScopedModel


class TaxCategory(models.TextChoices):
    """The categories of EN 16931."""

    STANDARD = "S", "Taxed"
    ZERO = "Z", "Zero rated"
    EXEMPT = "E", "Exempt"
    REVERSE_CHARGE = "AE", "Reverse charge"
    EXPORT = "G", "Export"
    OUTSIDE = "O", "Outside the scope"


class TaxRate(ScopedModel):
    """What is charged on a sale, from one day until another. A new rate is a new row; this one ends."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="tax_rates")
    code = models.CharField(max_length=12, help_text="As in the journal, such as S20.")
    name = models.CharField(max_length=80, help_text="As people choose it, such as Standard 20 %.")
    category = models.CharField(max_length=2, choices=TaxCategory)
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    reason = models.CharField(
        max_length=200, blank=True, help_text="Printed where no tax is charged; left empty, the usual words are."
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("entity", "-percent", "code", "-valid_from")
        triggers = (frozen_columns(("entity_id", "code", "category", "percent", "valid_from"), "tax rates"),)
        constraints = (
            models.UniqueConstraint(fields=("entity", "code", "valid_from"), name="a_tax_rate_begins_once"),
            models.CheckConstraint(
                condition=Q(category="S", percent__gt=0, percent__lte=100) | ~Q(category="S") & Q(percent=0),
                name="only_taxed_sales_have_a_percentage",
                violation_error_message="Only the category “Taxed” has a percentage, above 0 and up to 100.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="a_tax_rate_ends_after_it_begins",
                violation_error_message="The rate can't end before it begins.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_valid_on(self, day: date) -> bool:
        """Whether it is charged on sales of that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
