"""Money that a customer claims back from their bank, while nobody knows yet whether it goes back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed
from ledger.models.items import OpenItem


class BankClaim(ScopedModel):
    """A claim on a receipt at the payer's bank: an indemnity claim on a direct debit, a chargeback of a card.

    While it is open, nothing of that customer is refunded: the bank might pay the same money back.
    """

    entity_path: ClassVar[str] = "item__entity"

    item = models.ForeignKey(OpenItem, on_delete=models.PROTECT, related_name="bank_claims")
    reference = models.CharField(max_length=60, help_text="The bank's own name of the claim; it comes in once.")
    reason = models.CharField(max_length=200)
    claimed_on = models.DateField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_on = models.DateField(null=True, help_text="When the money went back, or the claim was dropped.")
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-claimed_on", "-pk")
        triggers: ClassVar = [
            frozen_columns(("item_id", "reference", "reason", "claimed_on", "opened_by_id"), "claims at banks"),
            *never_removed("claims at banks"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("item", "reference"), name="a_claim_comes_in_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None, outcome="") | (Q(ended_on__isnull=False) & ~Q(outcome="")),
                name="the_end_of_a_claim_is_whole",
            ),
        )

    def __str__(self) -> str:
        return f"Claim {self.reference} on {self.item.number}"
