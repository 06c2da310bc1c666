"""Escalations: a customer laid before a manager with a summary, and handed over to lawyers."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ar_collections.escalation import Advice, Trigger
from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
RAISED = """
    entity_id customer_id trigger note advice because facts documents history summary_id asked_id answer_by raised_on
    raised_by_id raised_at
""".split()


class Escalation(ScopedModel):
    """A customer laid before a named manager, who answers by a day. The summary stays as it was written."""

    Trigger = Trigger
    Advice = Advice

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="escalations")
    trigger = models.CharField(max_length=10, choices=Trigger)
    note = models.CharField(max_length=600, blank=True, help_text="What the collector adds.")
    advice = models.CharField(max_length=10, choices=Advice, help_text="What the system recommends.")
    because = models.CharField(max_length=200)
    facts = models.JSONField(help_text="The figures as label and value.")
    documents = models.JSONField(help_text="The oldest documents.")
    history = models.JSONField(help_text="What happened last.")
    summary = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", help_text="Who answers.")
    answer_by = models.DateField()
    raised_on = models.DateField()
    raised_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(db_default=Now(), editable=False)
    decision = models.CharField(max_length=10, choices=Advice, blank=True)
    answer = models.CharField(max_length=600, blank=True)
    answered_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(RAISED, "escalations"),
            *never_removed("escalations"),
            pgtrigger.Protect(
                name="answered_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__answered_on__isnull=False)
            ),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=Q(answered_on=None), name="one_open_escalation_a_customer"
            ),
            models.CheckConstraint(
                condition=Q(decision="", answer="", answered_by=None, answered_on=None)
                | ~Q(decision="") & ~Q(answer="") & Q(answered_by__isnull=False, answered_on__isnull=False),
                name="the_answer_to_an_escalation_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("raised_by")),
                name="nobody_answers_their_own_escalation",
            ),
        )
        indexes = (
            models.Index(fields=("entity", "answer_by"), condition=Q(answered_on=None), name="escalations_to_answer"),
        )

    def __str__(self) -> str:
        return f"Escalation of {self.customer.name}, {self.raised_on:%d %b %Y}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered."""
        return self.answered_on is None


class LegalHandover(ScopedModel):
    """That a customer was handed over to lawyers, with the pack that they got. Nobody reminds them from then on."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="legal_handovers")
    escalation = models.OneToOneField(Escalation, on_delete=models.PROTECT, related_name="handover")
    to_whom = models.CharField(max_length=200, help_text="The lawyers.")
    note = models.CharField(max_length=600, blank=True)
    pack = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField()
    hold = models.ForeignKey("collections.DunningHold", on_delete=models.PROTECT, related_name="+")
    handed_on = models.DateField()
    handed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("hand-overs to lawyers")

    def __str__(self) -> str:
        return f"{self.customer.name} to {self.to_whom}, {self.handed_on:%d %b %Y}"
