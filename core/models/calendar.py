"""Days on which an entity doesn't work, beyond the public holidays of its country."""

from django.db import models

from core.scoping import ScopedModel


class NonWorkingDay(ScopedModel):
    """One of the entity's own days off; or a public holiday on which it does work."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="own_days")
    on = models.DateField()
    name = models.CharField(max_length=80)
    is_working = models.BooleanField(default=False, help_text="Work on this day although it is a public holiday.")

    class Meta:
        ordering = ("on",)
        constraints = (models.UniqueConstraint(fields=("entity", "on"), name="one_rule_a_day"),)

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
