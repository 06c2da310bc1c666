"""Payment plans: opened by a manager, proposed with proof, approved by the finance manager, followed by the ledger."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ar_collections.plans import Standing, State
from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
PROPOSED = """
    entity_id customer_id opening_id currency amount reason proof_id interest_waived proposed_by_id
    proposed_on proposed_at
""".split()


class PlanOpening(ScopedModel):
    """That a manager lets a plan be proposed to a customer. Without it nobody offers one."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="plan_openings")
    reason = models.CharField(max_length=400)
    opened_on = models.DateField()
    until_on = models.DateField()
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("openings of plans")
        indexes = (models.Index(fields=("customer", "-id"), name="plan_openings_of_a_customer"),)

    def __str__(self) -> str:
        return f"{self.customer}, until {self.until_on:%d %b %Y}"


class PaymentPlan(ScopedModel):
    """What a customer pays over time, approved by somebody who neither opened nor proposed it.

    Its documents keep their due dates; while the plan is kept, nobody chases them.
    """

    State = State

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="payment_plans")
    opening = models.OneToOneField(PlanOpening, on_delete=models.PROTECT, related_name="plan")
    currency = CurrencyField()
    amount = AmountField()
    reason = models.CharField(max_length=400, help_text="Why the customer can't pay at once.")
    proof = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    interest_waived = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    proposed_at = models.DateTimeField(db_default=Now(), editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    approved_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    approved_on = models.DateField(null=True)
    letter = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    signed_letter = models.ForeignKey(
        "core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", help_text="As the customer signed it."
    )
    received = AmountField(default=0)
    judged_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(PROPOSED, "payment plans"),
            *never_removed("payment plans"),
            pgtrigger.Protect(
                name="ended_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=("completed", "defaulted", "cancelled")),
            ),
        ]
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_plan_has_an_amount"),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "cancelled"))
                | Q(approved_by__isnull=False, approved_on__isnull=False) & ~Q(approved_by=F("proposed_by")),
                name="a_plan_is_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("proposed", "active"), ended_on=None)
                | Q(state__in=("completed", "defaulted", "cancelled"), ended_on__isnull=False),
                name="a_plan_that_ended_has_its_day",
            ),
            models.UniqueConstraint(
                fields=("customer", "currency"),
                condition=Q(state__in=("proposed", "active")),
                name="one_plan_a_customer_and_currency",
            ),
        )
        indexes = (models.Index(fields=("entity", "state", "-id"), name="plans_by_state"),)

    def __str__(self) -> str:
        return f"{self.money}, {self.customer}"

    @property
    def money(self) -> Money:
        """What is paid in instalments."""
        return Money(self.amount, self.currency)

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.ended_on is not None


class PlanInstalment(ScopedModel):
    """One payment of a plan, with the days on which it is in default and until when that is cured."""

    entity_path: ClassVar[str] = "plan__entity"
    Standing = Standing

    plan = models.ForeignKey(PaymentPlan, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    default_on = models.DateField()
    cure_until = models.DateField()
    amount = AmountField()
    standing = models.CharField(max_length=8, choices=Standing, default=Standing.OPEN, blank=True)

    class Meta:
        ordering = ("plan", "number")
        triggers: ClassVar = [
            frozen_columns(("plan_id", "number", "due_on", "default_on", "cure_until", "amount"), "plan instalments"),
            *never_removed("plan instalments"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="one_plan_instalment_a_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_plan_instalment_has_an_amount"),
        )

    def __str__(self) -> str:
        return f"{self.number}, {self.due_on:%d %b %Y}"


class PlanItem(ScopedModel):
    """How much of a document a plan is about, and what was open of it then."""

    entity_path: ClassVar[str] = "plan__entity"

    plan = models.ForeignKey(PaymentPlan, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="plans")
    amount = AmountField()
    open_before = AmountField()

    class Meta:
        ordering = ("plan", "pk")
        triggers: ClassVar = append_only("items of plans")
        constraints = (
            models.UniqueConstraint(fields=("plan", "item"), name="a_plan_names_an_item_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("open_before")), name="no_more_is_planned_than_was_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item.number}"
