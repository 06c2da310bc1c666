"""Up to which amount somebody decides alone, and what they decided so far."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.roles import GRANTABLE
from core.scoping import ScopedModel


class Authority(models.TextChoices):
    """What a limit is about."""

    CREDIT_NOTE = "credit_note", "Credit note"
    SMALL_DIFFERENCE = "small_difference", "Small difference written off"
    WRITE_OFF = "write_off", "Bad debt written off"
    REFUND = "refund", "Refund"
    ADJUSTMENT = "adjustment", "Adjustment of a receivable"
    SURCHARGE_WAIVER = "surcharge_waiver", "Card surcharge waived"
    PAYMENT_PLAN = "payment_plan", "Payment plan"
    SUSPENSION_FINANCE = "suspension_finance", "Suspension, for finance"
    SUSPENSION_SERVICE = "suspension_service", "Suspension, for the service"
    EXTENSION = "extension", "Suspension put off"
    LATE_INTEREST = "late_interest", "Late interest waived"


class AuthorityLimit(ScopedModel):
    """What a role, or one person, may decide alone. Ended and set anew when it changes, so that history stays."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="authority_limits")
    kind = models.CharField(max_length=20, choices=Authority)
    role = models.CharField(max_length=20, choices=GRANTABLE, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="authority_limits"
    )
    currency = CurrencyField()
    amount = AmountField(null=True, blank=True, help_text="Left empty: without limit.")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("entity", "kind", "role", "person")
        triggers: ClassVar = [
            frozen_columns(
                ("entity_id", "kind", "role", "person_id", "currency", "amount", "set_by_id", "set_at"),
                "authority limits",
            )
        ]
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(role="") & models.Q(person=None) | models.Q(role="", person__isnull=False),
                name="a_limit_is_for_a_role_or_a_person",
                violation_error_message="Choose a role or a person, not both.",
            ),
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gte=0),
                name="a_limit_is_not_negative",
                violation_error_message="A limit is zero or more.",
            ),
            models.UniqueConstraint(
                fields=("entity", "kind", "currency", "role", "person"),
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="one_limit_in_force",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.holder}"

    @property
    def holder(self) -> str:
        """Whose limit it is."""
        return str(self.person) if self.person else self.get_role_display()


class AuthorityUse(ScopedModel):
    """An amount that somebody decided on within their limit; the last 90 days count together against it."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Authority)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    counts_with = models.CharField(max_length=60, help_text="What is added up: the customer, as customer:17.")
    subject_label = models.CharField(max_length=200)
    on = models.DateField()
    amount = AmountField()
    currency = CurrencyField()
    base_amount = AmountField(help_text="In the entity's currency, at the rate of the day.")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("uses of authority")
        indexes = (
            models.Index(fields=("entity", "kind", "person", "counts_with", "on"), name="authority_used_lately"),
        )
        constraints = (models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_use_has_an_amount"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject_label}"


class AuthorityReturn(ScopedModel):
    """That a use of authority was taken back with what it decided; it counts against the limit no more."""

    entity_path: ClassVar[str] = "use__entity"

    use = models.OneToOneField(AuthorityUse, on_delete=models.PROTECT, related_name="returned")
    on = models.DateField()
    reason = models.CharField(max_length=200)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("returns of authority")

    def __str__(self) -> str:
        return f"{self.use}, taken back"
