"""Refunds that were approved and are not paid after all."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel


class TakenBack(ScopedModel):
    """An approved refund that was taken back before it was paid: its credit is open again, for another one."""

    entity_path: ClassVar[str] = "refund__entity"

    refund = models.OneToOneField("invoicing.Refund", on_delete=models.PROTECT, related_name="taken_back")
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    taken_back_on = models.DateField()
    reason = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("refunds that were taken back")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="a_refund_is_taken_back_for_a_reason"),)

    def __str__(self) -> str:
        return f"{self.refund} taken back"
