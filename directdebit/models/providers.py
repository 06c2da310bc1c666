"""Providers that collect for us: what was asked of them, every exchange, what they hint at, and what they paid out."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from directdebit.models.creditors import Creditor
from ledger.guards import never_removed


class ProviderRequest(ScopedModel):
    """A collection that a provider is asked for, once: what was not answered is looked for before it is asked again."""

    class State(models.TextChoices):
        """How far asking is."""

        TO_ASK = "to_ask", "To be asked"
        ASKED = "asked", "Asked, no answer yet"
        TAKEN = "taken", "Taken on"
        REFUSED = "refused", "Refused"

    entity_path: ClassVar[str] = "creditor__entity"

    collection = models.OneToOneField(
        "directdebit.Collection", on_delete=models.PROTECT, related_name="provider_request"
    )
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="provider_requests")
    key = models.CharField(max_length=80, unique=True, help_text="Ours, given to the provider.")
    state = models.CharField(max_length=8, choices=State, default=State.TO_ASK)
    status = models.CharField(max_length=16, blank=True, help_text="As the provider told last.")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    said = models.CharField(max_length=300, blank=True, help_text="Why it was refused, or what went wrong last.")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(("collection_id", "creditor_id", "key"), "requests to providers"),
            *never_removed("requests to providers"),
        ]
        indexes = (
            models.Index(fields=("next_try_at",), condition=Q(state__in=("to_ask", "asked")), name="requests_to_ask"),
        )

    def __str__(self) -> str:
        return self.key


class ProviderExchange(ScopedModel):
    """One request to a provider and its answer, with bank details and secrets masked before they were written."""

    entity_path: ClassVar[str] = "creditor__entity"

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="exchanges")
    method = models.CharField(max_length=6)
    path = models.CharField(max_length=200)
    asked = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    answered = models.TextField(blank=True)
    error = models.CharField(max_length=120, blank=True)
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("exchanges with providers")
        indexes = (models.Index(fields=("creditor", "-id"), name="exchanges_of_creditor"),)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_good(self) -> bool:
        """Whether the provider did what it was asked."""
        return self.status is not None and self.status < 400


class ProviderHint(ScopedModel):
    """Something that a provider called us about. It is only a hint: what happened is asked for through the API."""

    entity_path: ClassVar[str] = "creditor__entity"

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="hints")
    key = models.CharField(max_length=80, help_text="The event's id, or made of what was told.")
    about = models.CharField(max_length=40, help_text="Such as payment, mandate or contract.")
    resource = models.CharField(max_length=80)
    action = models.CharField(max_length=60, blank=True)
    codes = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=20, blank=True)
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(("creditor_id", "key", "about", "resource", "action", "code"), "hints of providers"),
            *never_removed("hints of providers"),
        ]
        constraints = (models.UniqueConstraint(fields=("creditor", "key"), name="a_hint_comes_in_once"),)
        indexes = (models.Index(fields=("id",), condition=Q(handled_at=None), name="hints_to_handle"),)

    def __str__(self) -> str:
        return f"{self.about} {self.resource}"


class ProviderPayout(ScopedModel):
    """Money that a provider sent to our bank, gross in and its fees out."""

    entity_path: ClassVar[str] = "creditor__entity"

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="payouts")
    identifier = models.CharField(max_length=80)
    reference = models.CharField(max_length=80, blank=True)
    net = AmountField()
    fees = AmountField()
    currency = CurrencyField()
    arrives_on = models.DateField()
    entry = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-arrives_on", "-pk")
        triggers: ClassVar = append_only("payouts of providers")
        constraints = (models.UniqueConstraint(fields=("creditor", "identifier"), name="a_payout_is_booked_once"),)

    def __str__(self) -> str:
        return self.reference or self.identifier
