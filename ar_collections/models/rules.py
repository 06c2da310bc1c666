"""The rules of promises, calls and the worklist, as a company has settled them."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ar_collections.rules import Rules
from core.guards import append_only
from core.scoping import ScopedModel

SHARE: dict[str, Any] = {
    "max_digits": 4,
    "decimal_places": 3,
    "validators": [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
}
YEAR = [MaxValueValidator(366)]


class CollectionRules(ScopedModel):
    """The figures from a moment on. Rows are only added: the latest counts, the others say what counted before."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="collection_rules")
    grace_days = models.PositiveSmallIntegerField(validators=[MaxValueValidator(30)])
    kept_from = models.DecimalField(**SHARE)
    most_in_a_row = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(20)])
    latest_after_due = models.PositiveSmallIntegerField(validators=YEAR)
    soon_days = models.PositiveSmallIntegerField(validators=YEAR)
    daily_target = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(500)])
    risk_to_30 = models.DecimalField(**SHARE)
    risk_to_60 = models.DecimalField(**SHARE)
    risk_to_90 = models.DecimalField(**SHARE)
    risk_beyond = models.DecimalField(**SHARE)
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("rules of collection")
        indexes = (models.Index(fields=("entity", "-id"), name="rules_of_collection"),)
        constraints = (
            models.CheckConstraint(condition=Q(kept_from__gt=0, kept_from__lte=1), name="kept_from_is_a_share"),
            models.CheckConstraint(
                condition=Q(risk_to_30__range=(0, 1), risk_to_60__range=(0, 1))
                & Q(risk_to_90__range=(0, 1), risk_beyond__range=(0, 1)),
                name="risks_are_shares",
            ),
            models.CheckConstraint(condition=Q(daily_target__gte=1, most_in_a_row__gte=1), name="targets_are_not_zero"),
        )

    def __str__(self) -> str:
        return f"Rules of collection of {self.entity}"

    @property
    def rules(self) -> Rules:
        """The figures."""
        return Rules.of(self)
