"""Allocations: which credit settles which debit, by how much and from which day."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField
from core.scoping import ScopedModel
from ledger.guards import ALLOCATION_GUARDS
from ledger.models.items import OpenItem
from ledger.models.journal import JournalEntry


class Allocation(ScopedModel):
    """Part of a credit used to settle part of a debit. It moves no balance.

    `debit_base` and `credit_base` are what it takes from the two items in the entity's currency. Where they differ,
    `exchange_entry` has posted the difference. Undoing an allocation is another row with the amounts negative: the
    only negative money in the ledger.
    """

    entity_path: ClassVar[str] = "debit_item__entity"

    debit_item = models.ForeignKey(OpenItem, models.PROTECT, related_name="debit_allocations", db_index=False)
    credit_item = models.ForeignKey(
        OpenItem, on_delete=models.PROTECT, related_name="credit_allocations", db_index=False
    )
    amount = AmountField(help_text="Negative when it undoes another.")
    debit_base = AmountField()
    credit_base = AmountField()
    allocated_on = models.DateField()
    late_reason = models.CharField(max_length=200, blank=True, help_text="Why it was dated into a soft-locked month.")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    reason = models.CharField(max_length=200, blank=True, help_text="Why another was undone.")
    exchange_entry = models.ForeignKey(
        JournalEntry, null=True, on_delete=models.PROTECT, related_name="allocations", db_index=False
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("allocated_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0, debit_base__gte=0, credit_base__gte=0, reverses=None)
                | Q(amount__lt=0, debit_base__lte=0, credit_base__lte=0, reverses__isnull=False),
                name="only_reversals_are_negative",
            ),
            models.UniqueConstraint(
                fields=("exchange_entry",),
                condition=Q(exchange_entry__isnull=False),
                name="an_exchange_difference_has_one_allocation",
            ),
            models.CheckConstraint(
                condition=Q(exchange_entry__isnull=False) | Q(debit_base=F("credit_base")),
                name="a_difference_in_value_is_posted",
            ),
        )
        indexes = (
            models.Index(
                fields=("debit_item",), include=("allocated_on", "recorded_at", "amount"), name="debit_allocated"
            ),
            models.Index(
                fields=("credit_item",), include=("allocated_on", "recorded_at", "amount"), name="credit_allocated"
            ),
            models.Index(fields=("allocated_on",), name="allocation_day"),
            models.Index(fields=("recorded_at",), name="allocation_moment"),
        )
        triggers = ALLOCATION_GUARDS

    def __str__(self) -> str:
        return f"{self.amount} of {self.credit_item} to {self.debit_item}"
