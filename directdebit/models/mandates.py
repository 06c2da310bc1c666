"""Mandates: the payer's authority to draw from their account, from its draft to its end."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from directdebit.models.creditors import Creditor
from directdebit.models.states import only_known_ways
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
ENDS = frozenset({"cancelled", "failed", "expired"})
NEXT_STATES: dict[str, frozenset[str]] = {
    "draft": frozenset({"pending_lodgement", "cancelled"}),
    "pending_lodgement": frozenset({"lodged", "cancelled", "failed"}),
    "lodged": frozenset({"active", "cancelled", "failed"}),
    "active": frozenset({"amended", "dormant_warning"}) | ENDS,
    "amended": frozenset({"active", "dormant_warning"}) | ENDS,
    "dormant_warning": frozenset({"active", "amended"}) | ENDS,
    "cancelled": frozenset({"active"}),
    "failed": frozenset(),
    "expired": frozenset(),
}


class Mandate(ScopedModel):
    """A payer's instruction, at its payer's bank or with us, by which one customer's items are collected.

    Its reference is ours and unique for the creditor; the bank and the payer see it. Only an active one is collected,
    and none that is paused. A cancelled one lives again only where the payer's bank reinstates it.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", "Draft"
        PENDING_LODGEMENT = "pending_lodgement", "To be lodged"
        LODGED = "lodged", "Lodged"
        ACTIVE = "active", "Active"
        AMENDED = "amended", "Amended"
        DORMANT_WARNING = "dormant_warning", "About to lapse"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Refused"
        EXPIRED = "expired", "Expired"

    class Use(models.TextChoices):
        """How often it may be used."""

        RECURRING = "recurring", "Again and again"
        ONE_OFF = "one_off", "Once"

    LIVE: ClassVar[frozenset[str]] = frozenset({"active", "amended", "dormant_warning"})
    UNDER_WAY: ClassVar[frozenset[str]] = LIVE | {"draft", "pending_lodgement", "lodged"}

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="mandates")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="mandates")
    bank_account = models.ForeignKey("customers.CustomerBankAccount", on_delete=models.PROTECT, related_name="mandates")
    reference = models.CharField(max_length=35)
    use = models.CharField(max_length=10, choices=Use, default=Use.RECURRING)
    signed_on = models.DateField(help_text="When the payer signed or agreed.")
    file = models.ForeignKey(
        "core.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="As signed."
    )
    state = models.CharField(max_length=18, choices=State, default=State.DRAFT, editable=False)
    lodged_on = models.DateField(null=True, editable=False)
    usable_from = models.DateField(null=True, editable=False, help_text="The first day of a collection.")
    last_collected_on = models.DateField(null=True, editable=False)
    collections_made = models.PositiveIntegerField(default=0, editable=False)
    paused_reason = models.CharField(max_length=200, blank=True, help_text="Why nothing is drawn for the time being.")
    ended_on = models.DateField(null=True, editable=False)
    amended_from = models.CharField(max_length=35, blank=True, editable=False, help_text="The reference it had before.")
    amended_account = models.BooleanField(
        default=False, editable=False, help_text="Its next collection tells the payer's bank of the new account."
    )
    cancellation_due = models.BooleanField(default=False, help_text="Its bank has to be told of the end by a file.")
    provider_identifier = models.CharField(max_length=80, blank=True, editable=False, help_text="The provider's name.")
    provider_said = models.CharField(
        max_length=300, blank=True, editable=False, help_text="Why the provider did not take it on."
    )
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("customer", "-pk")
        triggers: ClassVar = [
            only_known_ways(NEXT_STATES, "a mandate"),
            frozen_columns(("entity_id", "creditor_id", "customer_id", "created_by_id"), "mandates"),
            *never_removed("mandates"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("creditor", "reference"), name="a_mandate_reference_is_taken_once"),
            models.UniqueConstraint(
                fields=("creditor", "customer"),
                condition=~Q(state__in=("cancelled", "failed", "expired")),
                name="one_mandate_under_way_a_customer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("cancelled", "failed", "expired"), ended_on__isnull=False)
                | ~Q(state__in=("cancelled", "failed", "expired")) & Q(ended_on=None),
                name="an_ended_mandate_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("active", "amended", "dormant_warning")) | Q(usable_from__isnull=False),
                name="a_live_mandate_says_from_when",
            ),
        )
        indexes = (
            models.Index(fields=("entity", "state"), name="mandates_by_state"),
            models.Index(
                fields=("provider_identifier",), condition=~Q(provider_identifier=""), name="mandates_of_providers"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        """Whether it may be collected on, leaving pauses aside."""
        return self.state in self.LIVE

    @property
    def is_paused(self) -> bool:
        """Whether somebody, or the payer's bank, wants nothing drawn for now."""
        return bool(self.paused_reason)

    @property
    def is_ended(self) -> bool:
        """Whether nothing can be drawn by it any more."""
        return self.state in ENDS


class MandateEvent(ScopedModel):
    """One step in the life of a mandate: who or what caused it, and why."""

    entity_path: ClassVar[str] = "mandate__entity"

    class Source(models.TextChoices):
        """Where it was learnt."""

        PERSON = "person", "A person here"
        FILE = "file", "Our own file"
        BANK = "bank", "The payer's bank"
        PROVIDER = "provider", "The provider"
        CALENDAR = "calendar", "The calendar"

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=18, choices=Mandate.State)
    on = models.DateField()
    source = models.CharField(max_length=10, choices=Source)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("steps of mandates")

    def __str__(self) -> str:
        return f"{self.mandate}: {self.get_state_display()}"
