"""Requests for approval: what somebody may not do alone, laid before a second person."""

from datetime import date
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from controls.models.authority import Authority
from core.fields import AmountField, CurrencyField
from core.guards import frozen_columns
from core.money import Money
from core.scoping import ScopedModel

ASKED = (
    "entity_id kind subject_type subject_id subject_label subject_url facts effect counts_with amount currency reason "
    "requested_by_id requested_at expires_on decide_url_name"
).split()


class ApprovalRequest(ScopedModel):
    """One thing that waits for a second person's decision.

    `facts` are the document's own lines as label and value, kept as they were when the question was asked.
    `decide_url_name` names the page of the room that carries out the effect: its POST with this request's id
    approves and acts in one transaction.
    """

    class Decision(models.TextChoices):
        OPEN = "", "Waiting"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "Expired"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="approval_requests")
    kind = models.CharField(max_length=20, choices=Authority)
    subject_type = models.CharField(max_length=60, help_text="Such as invoicing.creditnote.")
    subject_id = models.CharField(max_length=40)
    subject_label = models.CharField(max_length=200)
    subject_url = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=list)
    effect = models.TextField(help_text="What happens once it is approved, in words.")
    counts_with = models.CharField(max_length=60)
    amount = AmountField()
    currency = CurrencyField()
    reason = models.TextField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_on = models.DateField()
    decide_url_name = models.CharField(max_length=80)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("entity", "decision", "expires_on"), name="requests_that_wait"),)
        triggers: ClassVar = [
            frozen_columns(ASKED, "requests for approval"),
            pgtrigger.Protect(name="kept_for_good", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decided_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__decision__gt="")
            ),
        ]
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("requested_by")),
                name="nobody_decides_their_own_request",
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=("approved", "declined"), decided_by__isnull=False)
                | models.Q(decision__in=("", "withdrawn", "expired"), decided_by=None),
                name="a_decision_has_its_person",
            ),
            models.UniqueConstraint(
                fields=("kind", "subject_type", "subject_id"),
                condition=models.Q(decision=""),
                name="one_open_request_a_subject",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_request_has_an_amount"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject_label}"

    @property
    def money(self) -> Money:
        """What is asked for."""
        return Money(self.amount, self.currency)

    def is_waiting(self, today: date) -> bool:
        """Whether it can still be decided."""
        return self.decision == self.Decision.OPEN and today <= self.expires_on
