"""Collection runs: what is to be drawn for a creditor on a day, prepared by one person and submitted by another."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from directdebit.models.creditors import Creditor
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class CollectionRun(ScopedModel):
    """Due items of customers with a live mandate, gathered once for a creditor, a day and a key."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="runs")
    due_until = models.DateField(help_text="Items due until this day.")
    collect_on = models.DateField(help_text="The banking day that was asked for.")
    prepared_on = models.DateField()
    request_id = models.CharField(max_length=64, help_text="Tells one run from another of the same day.")
    prepared_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now(), editable=False)
    dropped_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    dropped_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("-collect_on", "-pk")
        triggers: ClassVar = [
            frozen_columns(
                ("entity_id", "creditor_id", "due_until", "collect_on", "prepared_on", "request_id", "prepared_by_id"),
                "collection runs",
            ),
            *never_removed("collection runs"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("creditor", "request_id"), name="a_collection_run_is_prepared_once"),
            models.CheckConstraint(
                condition=Q(dropped_by=None, dropped_at=None) | Q(dropped_by__isnull=False, dropped_at__isnull=False),
                name="a_dropped_run_says_who",
            ),
        )

    def __str__(self) -> str:
        return f"{self.creditor.name}, {self.collect_on:%d %b %Y}"


class LeftOut(ScopedModel):
    """An item that was due and not taken into a run, and why."""

    entity_path: ClassVar[str] = "run__entity"

    run = models.ForeignKey(CollectionRun, on_delete=models.PROTECT, related_name="left_out")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="+")
    amount = AmountField()
    currency = CurrencyField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("items left out of runs")
        constraints = (models.UniqueConstraint(fields=("run", "item"), name="an_item_is_left_out_once_a_run"),)

    def __str__(self) -> str:
        return f"{self.item.number}: {self.reason}"

    @property
    def money(self) -> Money:
        """What was open of it."""
        return Money(self.amount, self.currency)
