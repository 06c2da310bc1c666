"""How much may be missing before somebody asks: tolerances, and the taxes that customers withhold by law."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import frozen_columns
from core.money import Money, round_to_currency
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
PERCENT = (MinValueValidator(0), MaxValueValidator(100))


class DatedRule(ScopedModel):
    """A rule that is ended and set anew when it changes, so that every decision keeps the one it was made by."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    set_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_in_force(self) -> bool:
        """Whether it still counts."""
        return self.ended_at is None


class Tolerance(DatedRule):
    """What may be missing on a document and is let go: in one currency, for one class of customers or for all."""

    currency = CurrencyField()
    segment = models.CharField(max_length=60, blank=True, verbose_name="class of customers")
    amount = AmountField(help_text="At most this much of a document.")
    percent = models.DecimalField(max_digits=5, decimal_places=2, validators=PERCENT, help_text="And of its amount.")
    monthly_cap = AmountField(help_text="For one customer in one month.")
    settles_by_itself = models.BooleanField(default=False, help_text="The matcher settles it without asking.")

    class Meta:
        ordering = ("currency", "segment")
        triggers: ClassVar = [
            frozen_columns(
                "entity_id currency segment amount percent monthly_cap settles_by_itself set_by_id set_at".split(),
                "tolerances",
            ),
            *never_removed("tolerances"),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "currency", "segment"),
                condition=Q(ended_at=None),
                name="one_tolerance_a_currency_and_class",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, percent__gt=0, monthly_cap__gt=0), name="a_tolerance_allows_something"
            ),
        )

    def __str__(self) -> str:
        return f"{Money(self.amount, self.currency)}, {self.percent.normalize():f} % for {self.segment or 'everybody'}"

    def most_of(self, gross: Decimal) -> Decimal:
        """How much may be missing on a document of this amount."""
        most: Decimal = min(self.amount, round_to_currency(gross * self.percent / 100, self.currency))
        return most


class WithholdingPattern(DatedRule):
    """A tax that customers of a country, or one customer, keep back by law and pay to their tax office."""

    class Base(models.TextChoices):
        """Of what it is a part."""

        GROSS = "gross", "The whole amount"
        NET = "net", "The amount without tax"

    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2, blank=True)
    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="withholding_patterns"
    )
    percent = models.DecimalField(max_digits=5, decimal_places=2, validators=PERCENT)
    base = models.CharField(max_length=5, choices=Base, default=Base.NET)

    class Meta:
        ordering = ("country", "name")
        triggers: ClassVar = [
            frozen_columns(
                "entity_id name country customer_id percent base set_by_id set_at".split(), "withholding patterns"
            ),
            *never_removed("withholding patterns"),
        ]
        constraints = (
            models.CheckConstraint(
                condition=Q(percent__gt=0)
                & (~Q(country="") & Q(customer=None) | Q(country="", customer__isnull=False)),
                name="a_withholding_is_a_countrys_or_a_customers",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, {self.percent.normalize():f} % of {self.get_base_display().lower()}"

    def part_of(self, gross: Decimal, net: Decimal, currency: str) -> Decimal:
        """What would be kept back of a document."""
        base = gross if self.base == self.Base.GROSS else net
        return round_to_currency(base * self.percent / 100, currency)
