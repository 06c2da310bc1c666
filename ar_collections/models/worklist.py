"""The worklist: what ranks each customer, whose they are, and who has put them off or is at them now."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ar_collections.worklist import CLAIMED_FOR, Tier
from core.fields import AmountField
from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class WorklistEntry(ScopedModel):
    """What ranks a customer with something overdue, worked out from the ledger some minutes ago.

    Amounts are in the company's currency. It may be thrown away and made anew at any time.
    """

    Tier = Tier

    customer = models.OneToOneField(
        "customers.Customer", primary_key=True, on_delete=models.CASCADE, related_name="worklist_entry"
    )
    entity = models.ForeignKey("core.LegalEntity", on_delete=models.CASCADE, related_name="+")
    tier = models.PositiveSmallIntegerField(choices=Tier)
    items = models.PositiveIntegerField()
    open_amount = AmountField()
    overdue = AmountField()
    held = AmountField(help_text="Promised, disputed or in a plan, of what is overdue.")
    at_risk = AmountField()
    ages = ArrayField(AmountField(), size=5, help_text="What is overdue and free, by age; and what each share risks.")
    oldest_on = models.DateField()
    finals = AmountField()
    months = models.PositiveSmallIntegerField(help_text="Months with recurring documents unpaid.")
    over_31 = AmountField()
    window = AmountField(help_text="Overdue by 5 to 15 days.")
    broken = AmountField()
    broken_on = models.DateField(null=True)
    priority = models.PositiveSmallIntegerField()
    refreshed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (models.Index(fields=("entity", "tier", "-at_risk", "customer"), name="worklist_in_its_order"),)

    def __str__(self) -> str:
        return f"{self.customer}, {self.get_tier_display()}"


class WorkAssignment(ScopedModel):
    """That a customer is a collector's from a moment on, until another assignment ends it."""

    entity_path: ClassVar[str] = "customer__entity"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="work_assignments")
    collector = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="work_assignments")
    assigned_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)
    rule = models.ForeignKey(
        "collections.PortfolioRule",
        null=True,
        on_delete=models.PROTECT,
        related_name="assignments",
        help_text="By which rule; none: by hand.",
    )

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(("customer_id", "collector_id", "assigned_by_id", "assigned_at"), "assignments"),
            *never_removed("assignments"),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=Q(ended_at=None), name="a_customer_is_one_collectors"
            ),
        )
        indexes = (models.Index(fields=("collector",), condition=Q(ended_at=None), name="customers_of_a_collector"),)

    def __str__(self) -> str:
        return f"{self.customer}: {self.collector}"


class WorkSnooze(ScopedModel):
    """That a customer is put off to a day. The latest one counts; one that ends on its own day takes it back."""

    entity_path: ClassVar[str] = "customer__entity"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="snoozes")
    until_on = models.DateField(help_text="The day on which the customer comes back.")
    reason = models.CharField(max_length=200, blank=True)
    snoozed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    snoozed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("snoozes")
        indexes = (models.Index(fields=("customer", "-id"), name="snoozes_of_a_customer"),)

    def __str__(self) -> str:
        return f"{self.customer}, until {self.until_on:%d %b %Y}"


class WorkClaim(ScopedModel):
    """Who has a customer open on the worklist, since when. It warns the next person and stops nobody."""

    entity_path: ClassVar[str] = "customer__entity"

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="work_claim")
    by = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.customer}: {self.by}"

    def is_over(self, now: datetime) -> bool:
        """Whether it is too long ago to mean anything."""
        return now - self.at > CLAIMED_FOR
