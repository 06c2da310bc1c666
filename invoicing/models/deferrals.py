"""Deferred income: what was billed for days to come, and how it becomes income.

A schedule belongs to one invoice line. Its movements are facts and only grow: what was deferred, released, credited.
What is deferred at a date, as known at a moment, is their sum; nothing else is stored.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only
from core.scoping import ScopedModel
from invoicing.models.invoices import InvoiceLine
from invoicing.models.products import Product


class DeferralSchedule(ScopedModel):
    """How the income of an invoice line is earned. It never changes; movements say what became of it.

    The schedule of a deduction has a negative amount, and so have its movements.
    """

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    invoice_line = models.OneToOneField(InvoiceLine, on_delete=models.PROTECT, related_name="schedule")
    method = models.CharField(max_length=16, choices=Product.Release)
    first_on = models.DateField()
    last_on = models.DateField()
    currency = CurrencyField()
    amount = AmountField(help_text="Before tax, as billed.")
    base_amount = AmountField(help_text="In the entity's currency at the invoice's rate, which it keeps.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="income_is_earned_forwards"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, base_amount__gte=0) | Q(amount__lt=0, base_amount__lte=0),
                name="something_is_deferred",
            ),
        )
        indexes = (models.Index(fields=("entity", "customer"), name="schedules_of_a_customer"),)
        triggers: ClassVar = append_only("deferral schedules")

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} over {self.first_on} to {self.last_on}"


class DeferralMovement(ScopedModel):
    """One movement of a schedule: amounts have the schedule's sign, the kind says which way.

    It was posted by its entry, and carries that entry's day and time.
    """

    class Kind(models.TextChoices):
        """What happened."""

        DEFERRED = "deferred", "Billed"
        RELEASED = "released", "Released to income"
        CREDITED = "credited", "Credited before it was earned"

    entity_path: ClassVar[str] = "schedule__entity"

    schedule = models.ForeignKey(DeferralSchedule, on_delete=models.PROTECT, related_name="movements", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    month_on = models.DateField(null=True, help_text="The first of the month whose income it is, for a release.")
    ends_on = models.DateField(null=True, help_text="The last day that is still earned, where days were credited.")
    posted_on = models.DateField()
    amount = AmountField()
    base_amount = AmountField()
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("schedule_id", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0, base_amount__gte=0) | Q(amount__lt=0, base_amount__lte=0),
                name="a_movement_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="released", month_on__isnull=False) | ~Q(kind="released"),
                name="a_release_names_its_month",
            ),
            models.CheckConstraint(condition=Q(ends_on=None) | Q(kind="credited"), name="only_credits_end_a_schedule"),
            models.UniqueConstraint(
                fields=("schedule", "month_on"), condition=Q(kind="released"), name="a_month_is_released_once"
            ),
            models.UniqueConstraint(
                fields=("schedule",), condition=Q(kind="deferred"), name="a_schedule_is_deferred_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("schedule",),
                include=("kind", "posted_on", "recorded_at", "amount", "base_amount", "month_on", "ends_on", "id"),
                name="movements_of_a_schedule",
            ),
            models.Index(fields=("posted_on",), name="deferral_movement_day"),
        )
        triggers: ClassVar = append_only("movements of deferred income")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} on {self.posted_on}"
