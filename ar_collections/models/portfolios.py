"""Portfolios: rules by which customers are handed out, and who covers for whom while they are away."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ar_collections.models.late_interest import range_of
from core.fields import AmountField
from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
RULE = (
    "entity_id position collector_id countries first_letter last_letter segment least most made_by_id made_at".split()
)
letter = RegexValidator(r"^[A-Z]$", "Write one letter, A to Z.")
two_letters = RegexValidator(r"^[A-Z]{2}$", "Write countries by two letters, such as GB.")


class PortfolioRule(ScopedModel):
    """Customers that fit in all that is said are handed to a collector. Ended and made anew when it changes."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(help_text="Rules are asked in this order; the first that fits decides.")
    collector = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    countries = ArrayField(models.CharField(max_length=2, validators=[two_letters]), default=list, blank=True)
    first_letter = models.CharField("names from", max_length=1, blank=True, validators=[letter])
    last_letter = models.CharField("to", max_length=1, blank=True, validators=[letter])
    segment = models.CharField(max_length=60, blank=True, help_text="A word of the customer’s segment.")
    least = AmountField("owes at least", null=True, blank=True)
    most = AmountField("and less than", null=True, blank=True)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("position", "pk")
        triggers: ClassVar = [frozen_columns(RULE, "rules of portfolios"), *never_removed("rules of portfolios")]
        constraints = (
            models.CheckConstraint(
                condition=Q(last_letter="") | ~Q(first_letter="") & Q(last_letter__gte=F("first_letter")),
                name="letters_of_a_rule_run_forwards",
                violation_error_message="The letters run from A to Z.",
            ),
            models.CheckConstraint(
                condition=Q(least=None) | Q(most=None) | Q(most__gt=F("least")),
                name="amounts_of_a_rule_run_upwards",
                violation_error_message="“Less than” is above “at least”.",
            ),
        )

    def __str__(self) -> str:
        letters = f"{self.first_letter}–{self.last_letter}" if self.last_letter else self.first_letter
        size = [f"from {self.least:,.0f}" if self.least else "", f"below {self.most:,.0f}" if self.most else ""]
        said = [
            ", ".join(self.countries),
            letters,
            f"“{self.segment}”" if self.segment else "",
            " ".join(filter(None, size)),
        ]
        return "; ".join(each for each in said if each) or "Everybody"


class AbsenceCover(ScopedModel):
    """That one collector looks after another's customers on some days. The customers stay the absent one's."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    absent = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="absences")
    cover = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="covers")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_on = models.DateField(null=True, editable=False, help_text="From which day it counts no more.")
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ("-from_on", "-pk")
        triggers: ClassVar = [
            frozen_columns("entity_id absent_id cover_id from_on until_on made_by_id made_at".split(), "covers"),
            *never_removed("covers"),
        ]
        constraints = (
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="a_cover_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(absent=F("cover")), name="nobody_covers_for_themselves"),
            ExclusionConstraint(
                name="one_cover_a_day",
                expressions=[
                    ("entity", RangeOperators.EQUAL),
                    ("absent", RangeOperators.EQUAL),
                    (range_of("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_on=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.cover.name} for {self.absent.name}, {self.from_on:%d %b} to {self.until_on:%d %b %Y}"
