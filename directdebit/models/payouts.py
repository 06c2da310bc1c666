"""What a provider's payout is made of, and the bank line on which it arrived."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.fields import AmountField
from core.guards import append_only
from core.scoping import ScopedModel
from directdebit.models.collections import Collection
from directdebit.models.providers import ProviderPayout


class PayoutItem(ScopedModel):
    """One part of a payout with its sign: a collection in; a failed one, a refund or a fee out."""

    entity_path: ClassVar[str] = "payout__creditor__entity"

    payout = models.ForeignKey(ProviderPayout, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=40, help_text="As the provider calls it, such as payment_paid_out.")
    identifier = models.CharField(max_length=80, blank=True, help_text="The provider's name for the payment.")
    amount = AmountField(help_text="Fees may hold parts of a penny.")
    collection = models.ForeignKey(Collection, null=True, on_delete=models.PROTECT, related_name="payout_items")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("parts of payouts")

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}".strip()


class PayoutArrival(ScopedModel):
    """The bank line that brought a payout, and the entry that takes it off clearing."""

    entity_path: ClassVar[str] = "payout__creditor__entity"

    payout = models.OneToOneField(ProviderPayout, on_delete=models.PROTECT, related_name="arrival")
    line = models.OneToOneField(
        "cashapp.BankStatementLine", on_delete=models.PROTECT, related_name="debit_payout_arrival"
    )
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("arrivals of payouts")

    def __str__(self) -> str:
        return f"{self.payout} on {self.line}"
