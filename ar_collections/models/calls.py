"""Calls, made and received: with whom, how they ended, and what follows."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ar_collections.calls import TO_RETURN, CallOutcome, follows
from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
MADE = "entity_id direction phone on started_at external_id request_id logged_at".split()


class Call(ScopedModel):
    """One call. What was written down of it stays; somebody who wrote it by mistake takes it back as a whole.

    A call that the telephone system told of has no outcome until a person writes it down, once.
    """

    Outcome = CallOutcome

    class Direction(models.TextChoices):
        """Who called whom."""

        OUT = "out", "Made"
        IN = "in", "Received"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="calls")
    contact = models.ForeignKey("customers.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.OUT)
    phone = models.CharField(max_length=40, blank=True)
    on = models.DateField(help_text="The company's day.")
    started_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0, help_text="Which one of the day; 0 for calls received.")
    outcome = models.CharField(max_length=16, choices=CallOutcome, default=CallOutcome.UNKNOWN, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    is_difficult = models.BooleanField(default=False)
    next_on = models.DateField(null=True, help_text="When to call back, or until when a voicemail is answered.")
    promise = models.ForeignKey("collections.Promise", null=True, on_delete=models.PROTECT, related_name="calls")
    dispute = models.ForeignKey("collections.Dispute", null=True, on_delete=models.PROTECT, related_name="calls")
    returned_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="returns")
    agent = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=80, blank=True, help_text="The telephone system's own.")
    request_id = models.UUIDField(null=True, unique=True, editable=False)
    logged_at = models.DateTimeField(db_default=Now(), editable=False)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-started_at", "-pk")
        triggers: ClassVar = [
            frozen_columns(MADE, "calls"),
            *never_removed("calls"),
            pgtrigger.Trigger(
                name="written_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.outcome NOT IN ('', 'missed', 'voicemail') AND
                        (NEW.outcome, NEW.note, NEW.customer_id, NEW.agent_id)
                        IS DISTINCT FROM (OLD.outcome, OLD.note, OLD.customer_id, OLD.agent_id) THEN
                        RAISE EXCEPTION 'o2c: what was written down of a call stays'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "external_id"), condition=~Q(external_id=""), name="a_call_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(outcome__in=("", *TO_RETURN)),
                name="a_logged_call_has_its_customer",
            ),
            models.CheckConstraint(condition=~Q(outcome="promise") | Q(promise__isnull=False), name="promise_is_there"),
            models.CheckConstraint(condition=~Q(outcome="dispute") | Q(dispute__isnull=False), name="dispute_is_there"),
        )
        indexes = (
            models.Index(fields=("entity", "on", "agent"), name="calls_of_a_day"),
            models.Index(fields=("customer", "-started_at"), name="calls_of_a_customer"),
            models.Index(
                fields=("entity", "next_on"),
                condition=Q(outcome__in=TO_RETURN, returned_by=None, taken_back_at=None),
                name="calls_to_return",
            ),
        )

    def __str__(self) -> str:
        whom = self.customer.name if self.customer else self.phone or "unknown number"
        return f"{self.get_direction_display()} call, {whom}"

    @property
    def was_reached(self) -> bool:
        """Whether the right person was spoken to."""
        return follows(self.outcome).reached

    @property
    def next_step(self) -> str:
        """What is to be done, in words."""
        return follows(self.outcome).next_step

    @property
    def is_to_return(self) -> bool:
        """A missed call or voicemail that nobody has answered."""
        return self.outcome in TO_RETURN and self.returned_by_id is None and self.taken_back_at is None
