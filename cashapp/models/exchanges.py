"""Money of one currency that settled a document of another, and at which rate."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cashapp.models.receipts import Receipt
from core.fields import AmountField, CurrencyField
from core.guards import frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

KEPT = (
    "entity_id", "receipt_id", "item_id", "used", "used_currency", "settled", "settled_currency", "rate", "rate_kind",
    "rounding", "exchanged_on", "out_entry_id", "in_entry_id", "authority_use_id", "request_id", "request_hash",
    "recorded_by_id",
)  # fmt: skip


class ReceiptExchange(ScopedModel):
    """Part of a receipt that became money of another currency and settled a document in that."""

    class RateKind(models.TextChoices):
        """Where the rate is from."""

        BANK = "bank", "the bank's own rate"
        DAY = "day", "the rate of the day"
        AGREED = "agreed", "the rate agreed"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="exchanges")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="exchanges")
    used = AmountField(help_text="What it took of the receipt, in the receipt's currency.")
    used_currency = CurrencyField()
    settled = AmountField(help_text="What it settled of the document, in the document's currency.")
    settled_currency = CurrencyField()
    rate = models.DecimalField(
        max_digits=18, decimal_places=8, help_text="Units of the receipt's currency for one of the document's."
    )
    rate_kind = models.CharField(max_length=6, choices=RateKind)
    rounding = AmountField(default=0, help_text="In the receipt's currency; positive where we bore it.")
    exchanged_on = models.DateField()
    out_entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="exchanged_out")
    in_entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="exchanged_in")
    authority_use = models.ForeignKey(
        "controls.AuthorityUse",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What a rate far from the day's took of somebody's limit.",
    )
    request_id = models.CharField(max_length=64, null=True, editable=False)
    request_hash = models.CharField(max_length=64, blank=True, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_on = models.DateField(null=True, editable=False, help_text="When it was taken back.")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(KEPT, "exchanges of receipts"),
            *never_removed("exchanges of receipts"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("entity", "request_id"), name="one_exchange_a_request"),
            models.CheckConstraint(
                condition=Q(used__gt=0, settled__gt=0, rate__gt=0) & ~Q(used_currency=F("settled_currency")),
                name="an_exchange_has_two_currencies",
            ),
        )

    def __str__(self) -> str:
        return f"{self.used_money} for {self.settled_money}"

    @property
    def used_money(self) -> Money:
        """What left the receipt."""
        return Money(self.used, self.used_currency)

    @property
    def settled_money(self) -> Money:
        """What the document took."""
        return Money(self.settled, self.settled_currency)

    @property
    def at_rate(self) -> str:
        """The rate as people read it."""
        return f"1 {self.settled_currency} = {self.rate.normalize():f} {self.used_currency}"
