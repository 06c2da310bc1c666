"""What took money from a clearing account to the bank: a provider's payout, or cheques that were deposited."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cashapp.models.cheques import DepositSlip
from cashapp.models.payments import Payout
from cashapp.models.statements import BankStatementLine
from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
KEPT = ("entity_id", "payout_id", "slip_id", "line_id", "entry_id", "recorded_by_id")


class ClearingCredit(ScopedModel):
    """The bank line on which a payout or a deposit slip arrived, and the entry that empties the clearing account."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT, related_name="credits")
    slip = models.ForeignKey(DepositSlip, null=True, on_delete=models.PROTECT, related_name="credits")
    line = models.ForeignKey(BankStatementLine, on_delete=models.PROTECT, related_name="clearing_credits")
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="clearing_credit")
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_on = models.DateField(null=True, editable=False)
    end_entry = models.ForeignKey(
        "ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(KEPT, "credits from clearing"),
            *never_removed("credits from clearing"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("payout",), condition=Q(ended_on=None), name="a_payout_arrives_once"),
            models.UniqueConstraint(fields=("slip",), condition=Q(ended_on=None), name="a_slip_is_credited_once"),
            models.UniqueConstraint(fields=("line",), condition=Q(ended_on=None), name="a_line_clears_one_thing"),
            models.CheckConstraint(
                condition=Q(payout=None, slip__isnull=False) | Q(payout__isnull=False, slip=None),
                name="a_payout_or_a_slip_is_cleared",
            ),
        )

    def __str__(self) -> str:
        return f"{self.payout or self.slip} on {self.line}"
