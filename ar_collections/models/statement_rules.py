"""When a company's customers get their statements, and in which form."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ar_collections.statement_days import DayRule, Shift
from core.guards import append_only
from core.scoping import ScopedModel


class StatementRule(ScopedModel):
    """The rule from a moment on. Rows are only added: the latest counts; one that is off stops the schedule."""

    class Style(models.TextChoices):
        """What a statement lists."""

        OPEN_ITEM = "open_item", "What is open"
        BALANCE_FORWARD = "balance_forward", "Balance brought forward, movements since the last one, and what is open"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="statement_rules")
    is_on = models.BooleanField(default=True)
    day = models.PositiveSmallIntegerField(default=15, validators=[MinValueValidator(1), MaxValueValidator(31)])
    saturday = models.CharField(max_length=6, choices=Shift, default=Shift.BEFORE)
    sunday = models.CharField(max_length=6, choices=Shift, default=Shift.AFTER)
    holiday = models.CharField(max_length=6, choices=Shift, default=Shift.AFTER)
    style = models.CharField(max_length=16, choices=Style, default=Style.OPEN_ITEM)
    by_group = models.BooleanField(default=False, help_text="Members of a group get one together, sent to its parent.")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_on = models.DateField(help_text="The company's day from which it counts.")
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("rules of statements")
        indexes = (models.Index(fields=("entity", "-id"), name="rules_of_statements"),)
        constraints = (models.CheckConstraint(condition=Q(day__range=(1, 31)), name="statements_have_a_day"),)

    def __str__(self) -> str:
        return f"Statements of {self.entity} on the {self.day}."

    @property
    def days(self) -> DayRule:
        """The rule as days are reckoned by."""
        return DayRule(self.day, Shift(self.saturday), Shift(self.sunday), Shift(self.holiday))
