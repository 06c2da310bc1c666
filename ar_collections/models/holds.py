"""What keeps a customer or an item from being written to, for as long as it stands."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
PLACED = "entity_id customer_id item_id kind channel reason placed_on until placed_by_id placed_at".split()


class DunningHold(ScopedModel):
    """Nothing is asked of the customer, or for one item, until a day or until somebody lifts it."""

    class Kind(models.TextChoices):
        """Why nothing is asked."""

        HOLD = "hold", "On hold"
        DO_NOT_CONTACT = "do_not_contact", "Do not contact"
        INSOLVENT = "insolvent", "Insolvent"
        LEGAL = "legal", "With lawyers"

    class Channel(models.TextChoices):
        """Which way is closed; only for customers who want to be contacted by another."""

        ALL = "", "Every way"
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Letters"
        CALL = "call", "Calls"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="dunning_holds")
    item = models.ForeignKey("ledger.OpenItem", null=True, on_delete=models.PROTECT, related_name="dunning_holds")
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.HOLD)
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.ALL, blank=True)
    reason = models.CharField(max_length=300)
    placed_on = models.DateField()
    until = models.DateField(null=True, help_text="The last day; left empty, until it is lifted.")
    placed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(db_default=Now(), editable=False)
    lifted_on = models.DateField(null=True, help_text="From which day it stops nothing any more.")
    lifted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    lift_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(PLACED, "holds"),
            *never_removed("holds"),
            pgtrigger.Protect(
                name="lifted_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__lifted_on__isnull=False)
            ),
        ]
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="a_dunning_hold_has_its_reason"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("placed_on")), name="a_dunning_hold_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None, lifted_by=None, lift_reason="")
                | Q(lifted_on__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason=""),
                name="the_end_of_a_dunning_hold_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(channel="") | Q(kind="do_not_contact", item=None), name="only_do_not_contact_names_a_way"
            ),
        )
        indexes = (
            models.Index(fields=("entity", "customer"), condition=Q(lifted_on=None), name="dunning_holds_that_stand"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"
