"""Credit holds: who stopped selling to a customer, why, until when, and who let it go on."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel
from customers.models.customer import Customer

REASON = 300


class CreditStop(models.TextChoices):
    """What a hold may stop."""

    DRAFTING = "drafting", "drafting invoices"
    ISSUING = "issuing", "issuing invoices"
    ACTIVATING = "activating", "activating contracts and orders"
    RENEWING = "renewing", "renewing contracts"


class CreditPolicy(ScopedModel):
    """What a hold stops in a company, and how far ahead unbilled orders count. Nothing ticked: a hold only warns."""

    entity = models.OneToOneField("core.LegalEntity", on_delete=models.PROTECT, related_name="credit_policy")
    stops_drafting = models.BooleanField("Drafting invoices", default=False)
    stops_issuing = models.BooleanField("Issuing invoices", default=True)
    stops_activating = models.BooleanField("Activating contracts and orders", default=True)
    stops_renewing = models.BooleanField("Renewing contracts", default=False)
    horizon_days = models.PositiveSmallIntegerField(
        default=30,
        validators=[MaxValueValidator(366)],
        help_text="What contracts bill within so many days counts as exposure.",
    )

    class Meta:
        verbose_name_plural = "credit policies"

    def __str__(self) -> str:
        return f"Credit policy of {self.entity}"

    def stops(self, stop: CreditStop) -> bool:
        """Whether a hold stops this."""
        return bool(getattr(self, f"stops_{stop.value}"))

    @property
    def stopped(self) -> list[CreditStop]:
        """Everything that a hold stops."""
        return [stop for stop in CreditStop if self.stops(stop)]


class CreditHold(ScopedModel):
    """Nothing more on credit for a customer. The row never changes; a release says that it went on, and until when."""

    entity_path: ClassVar[str] = "customer__entity"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="credit_holds")
    reason = models.CharField(max_length=REASON)
    placed_on = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="The last day; left empty, until it is released.")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="a_hold_has_its_reason"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("placed_on")),
                name="a_hold_ends_after_it_begins",
                violation_error_message="The hold can't end before it begins.",
            ),
        )
        triggers: ClassVar = append_only("credit holds")

    def __str__(self) -> str:
        return f"Credit hold on {self.customer} of {self.placed_on:%d %b %Y}"


class CreditRelease(ScopedModel):
    """A hold lets go, for good or until a day; afterwards it counts again."""

    entity_path: ClassVar[str] = "hold__customer__entity"

    hold = models.ForeignKey(CreditHold, on_delete=models.PROTECT, related_name="releases")
    reason = models.CharField(max_length=REASON)
    released_on = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="The last day; left empty, for good.")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="a_release_has_its_reason"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("released_on")),
                name="a_release_ends_after_it_begins",
                violation_error_message="The release can't end before it begins.",
            ),
        )
        triggers: ClassVar = append_only("releases of credit holds")

    def __str__(self) -> str:
        return f"Release of {self.released_on:%d %b %Y}"
