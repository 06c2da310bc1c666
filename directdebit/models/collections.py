"""Collections: what is drawn from one payer on one day for one or more items, and every step of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from directdebit.models.mandates import Mandate
from directdebit.models.runs import CollectionRun
from directdebit.models.states import only_known_ways
from directdebit.models.submissions import Submission
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
NEXT_STATES: dict[str, frozenset[str]] = {
    "planned": frozenset({"notified", "cancelled"}),
    "notified": frozenset({"submitted", "cancelled"}),
    "submitted": frozenset({"presumed_paid", "returned", "cancelled"}),
    "presumed_paid": frozenset({"confirmed_paid", "returned", "claimed"}),
    "confirmed_paid": frozenset({"returned", "claimed"}),
    "returned": frozenset({"re_presented", "closed"}),
    "claimed": frozenset({"closed", "confirmed_paid"}),
    "re_presented": frozenset(),
    "closed": frozenset(),
    "cancelled": frozenset(),
}


class Collection(ScopedModel):
    """One amount drawn by one mandate on one day. Its reference is ours, unique, and comes back where a scheme lets it.

    Bacs carries the mandate's reference only, so that there a return is found by mandate, day and amount. `receipt` is
    the money in the ledger once it counts as paid; a return ends the receipt and never rewrites the collection.
    """

    class State(models.TextChoices):
        """How far it is."""

        PLANNED = "planned", "Planned"
        NOTIFIED = "notified", "Announced"
        SUBMITTED = "submitted", "Submitted"
        PRESUMED_PAID = "presumed_paid", "Presumed paid"
        CONFIRMED_PAID = "confirmed_paid", "Paid"
        RETURNED = "returned", "Returned"
        CLAIMED = "claimed", "Claimed back"
        RE_PRESENTED = "re_presented", "Presented again"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    class Sequence(models.TextChoices):
        """Where it stands in the life of its mandate."""

        FIRST = "first", "First"
        RECURRING = "recurring", "Recurring"
        ONE_OFF = "one_off", "One-off"
        FINAL = "final", "Final"
        RE_PRESENTED = "re_presented", "Presented again"

    IN_FLIGHT: ClassVar[frozenset[str]] = frozenset({"planned", "notified", "submitted", "presumed_paid"})
    PAID: ClassVar[frozenset[str]] = frozenset({"presumed_paid", "confirmed_paid"})

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(CollectionRun, null=True, on_delete=models.PROTECT, related_name="collections")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="collections")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="collections")
    reference = models.CharField(max_length=15)
    amount = AmountField()
    currency = CurrencyField()
    collect_on = models.DateField(help_text="The day on which the payer is debited.")
    moved_reason = models.CharField(max_length=200, blank=True, help_text="Why not on the day that the run asked for.")
    sequence = models.CharField(max_length=12, choices=Sequence)
    state = models.CharField(max_length=14, choices=State, default=State.PLANNED, editable=False)
    notice = models.ForeignKey("messaging.Message", null=True, on_delete=models.PROTECT, related_name="+")
    notified_on = models.DateField(null=True, editable=False)
    submission = models.ForeignKey(
        Submission, null=True, on_delete=models.PROTECT, related_name="collections", editable=False
    )
    receipt = models.OneToOneField(
        "cashapp.Receipt", null=True, on_delete=models.PROTECT, related_name="collection", editable=False
    )
    re_presents = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="presented_again_by")
    provider_identifier = models.CharField(max_length=80, blank=True, editable=False, help_text="The provider's name.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("collect_on", "pk")
        triggers: ClassVar = [
            only_known_ways(NEXT_STATES, "a collection"),
            frozen_columns(
                ("entity_id", "run_id", "mandate_id", "customer_id", "reference", "amount", "currency", "collect_on"),
                "collections",
            ),
            *never_removed("collections"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("entity", "reference"), name="a_collection_reference_is_taken_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_collection_has_an_amount"),
        )
        indexes = (
            models.Index(fields=("entity", "state", "collect_on"), name="collections_by_state"),
            models.Index(fields=("mandate", "collect_on"), name="collections_of_a_mandate"),
            models.Index(
                fields=("provider_identifier",), condition=~Q(provider_identifier=""), name="collections_of_providers"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def money(self) -> Money:
        """What is drawn."""
        return Money(self.amount, self.currency)

    @property
    def is_in_flight(self) -> bool:
        """Whether the money is on its way and nobody should ask the customer for it."""
        return self.state in self.IN_FLIGHT


class CollectionPart(ScopedModel):
    """What a collection draws for one item. While it stands, nothing else can draw for that item."""

    entity_path: ClassVar[str] = "collection__entity"

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="parts")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="collection_parts")
    amount = AmountField()
    stands = models.BooleanField(default=True, help_text="Until the collection is cancelled, returned or claimed.")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(("collection_id", "item_id", "amount"), "parts of collections"),
            *never_removed("parts of collections"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("item",), condition=Q(stands=True), name="an_item_is_asked_for_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_part_has_an_amount"),
        )

    def __str__(self) -> str:
        return f"{self.item.number} by {self.collection}"

    @property
    def money(self) -> Money:
        """What is drawn for the item."""
        return Money(self.amount, self.item.currency)


class CollectionEvent(ScopedModel):
    """One step of a collection: a fact that stays, whatever comes after it."""

    entity_path: ClassVar[str] = "collection__entity"

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=14, choices=Collection.State)
    on = models.DateField(help_text="From when it counts.")
    code = models.CharField(max_length=12, blank=True, help_text="The bank's or the scheme's reason.")
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("steps of collections")

    def __str__(self) -> str:
        return f"{self.collection}: {self.get_state_display()}"
