"""What became of each movement in a provider's settlement file."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cashapp.models.payments import ElectronicPayment, PaymentFact, Payout
from cashapp.models.statements import BankStatementLine
from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed


class SettlementLine(ScopedModel):
    """A line of a settlement file and where its money is kept. What nobody could book says why in `difference`."""

    class Kind(models.TextChoices):
        """What moved."""

        PAYMENT = "payment", "Payment"
        REFUND = "refund", "Refund"
        CHARGEBACK = "chargeback", "Chargeback"
        FEE = "fee", "Fee"
        RESERVE = "reserve", "Reserve"
        CONVERSION = "conversion", "Conversion"
        OTHER = "other", "Other"
        PAYOUT = "payout", "Payout"

    entity_path: ClassVar[str] = "line__bank_account__entity"

    line = models.OneToOneField(
        BankStatementLine, primary_key=True, on_delete=models.PROTECT, related_name="settlement"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    payment = models.ForeignKey(ElectronicPayment, null=True, on_delete=models.PROTECT, related_name="settlement_lines")
    fact = models.OneToOneField(PaymentFact, null=True, on_delete=models.PROTECT, related_name="settlement_line")
    payout = models.OneToOneField(Payout, null=True, on_delete=models.PROTECT, related_name="settlement_line")
    entry = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    exchange = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    kept_as = models.CharField(max_length=80, blank=True, help_text="The direct debit or reserve whose money it is.")
    difference = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("line",)
        triggers: ClassVar = [
            frozen_columns(("line_id", "kind"), "lines of settlement files"),
            *never_removed("lines of settlement files"),
        ]
        indexes = (models.Index(fields=("line",), condition=~Q(difference=""), name="settlement_differences"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.line}"
