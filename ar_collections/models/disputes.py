"""Disputes: what a customer contests of a document, why, who looks into it, and how it ended."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ar_collections.reasons import DeductionReason, Department
from core.fields import AmountField, CurrencyField
from core.guards import frozen_columns
from core.money import ZERO, Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
OPENED = "entity_id item_id customer_id reason amount currency note opened_on opened_by_id opened_at".split()


class Dispute(ScopedModel):
    """An amount of an open item that the customer contests. The rest of the item stays in collection.

    What was said at the opening never changes, and a dispute is closed once.
    """

    class Outcome(models.TextChoices):
        """How it ended."""

        OPEN = "", "Open"
        WITHDRAWN = "withdrawn", "Withdrawn"
        VALID = "valid", "Valid"
        PARTLY = "partly", "Valid in part"
        INVALID = "invalid", "Invalid"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="disputes")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="disputes")
    reason = models.CharField(max_length=20, choices=DeductionReason)
    amount = AmountField()
    currency = CurrencyField()
    note = models.CharField(max_length=400, blank=True, help_text="What the customer says.")
    department = models.CharField(max_length=20, choices=Department)
    owner = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(help_text="By when it is to be resolved.")
    opened_on = models.DateField()
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN, blank=True)
    accepted = AmountField(null=True, help_text="How much of it was right.")
    closing_note = models.CharField(max_length=400, blank=True)
    closed_on = models.DateField(null=True)
    closed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("due_on", "pk")
        triggers: ClassVar = [
            frozen_columns(OPENED, "disputes"),
            *never_removed("disputes"),
            pgtrigger.Protect(
                name="closed_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__outcome__gt="")
            ),
        ]
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_dispute_has_an_amount"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_on=None, closed_by=None, closed_at=None, accepted=None)
                | ~Q(outcome="")
                & Q(
                    closed_on__isnull=False,
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                    accepted__gte=0,
                    accepted__lte=F("amount"),
                ),
                name="the_end_of_a_dispute_is_whole",
            ),
            models.UniqueConstraint(
                fields=("item", "reason"), condition=Q(outcome=""), name="one_open_dispute_a_reason_of_an_item"
            ),
        )
        indexes = (
            models.Index(fields=("entity", "due_on"), condition=Q(outcome=""), name="disputes_that_are_open"),
            models.Index(fields=("customer", "opened_on"), name="disputes_of_a_customer"),
        )

    def __str__(self) -> str:
        return f"{self.money} of {self.item.number}, {self.get_reason_display().lower()}"

    @property
    def money(self) -> Money:
        """What is contested."""
        return Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether nobody decided yet."""
        return self.outcome == self.Outcome.OPEN

    @property
    def accepted_money(self) -> Money:
        """What was found to be right; nothing while it is open."""
        return Money(self.accepted or ZERO, self.currency)

    @property
    def rejected(self) -> Decimal:
        """What the customer is to pay after all."""
        return ZERO if self.is_open else self.amount - (self.accepted or ZERO)
