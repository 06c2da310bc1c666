"""Receipts: money of customers in the ledger, money of nobody known yet, and what customers kept back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ar_collections.reasons import DeductionReason
from cashapp.models.statements import BankStatementLine
from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class MoneyIn(ScopedModel):
    """Money that came in, by the bank line that told of it or by hand. It ends by reversal and stays on record."""

    class Ending(models.TextChoices):
        """How it came to be no longer there."""

        REVERSED = "reversed", "Reversed"
        RETURNED = "returned", "Returned by the bank"
        IDENTIFIED = "identified", "Identified"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80, help_text="Names the event, so that it is posted once.")
    line = models.ForeignKey(BankStatementLine, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    bank_account = models.ForeignKey("core.BankAccount", null=True, on_delete=models.PROTECT, related_name="+")
    amount = AmountField()
    currency = CurrencyField()
    received_on = models.DateField()
    payer = models.CharField(max_length=200, blank=True)
    payer_account = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_on = models.DateField(null=True, editable=False)
    ending = models.CharField(max_length=10, choices=Ending, blank=True, editable=False)
    end_reason = models.CharField(max_length=200, blank=True, editable=False)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    end_entry = models.ForeignKey(
        "ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        abstract = True

    @property
    def money(self) -> Money:
        """The whole amount as it came in."""
        return Money(self.amount, self.currency)

    @property
    def is_live(self) -> bool:
        """Whether the money is still where this row put it."""
        return self.ended_on is None


ENDING_IS_WHOLE = Q(ended_on=None, ending="", ended_by=None) | (
    Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(ending="")
)
KEPT = ("entity_id", "key", "line_id", "bank_account_id", "amount", "currency", "received_on", "recorded_by_id")


class Receipt(MoneyIn):
    """Money of a customer: a credit item in the ledger, which pays documents and whose rest waits on account."""

    item = models.OneToOneField("ledger.OpenItem", primary_key=True, on_delete=models.PROTECT, related_name="receipt")
    moved_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="moved_to")
    identified_from = models.ForeignKey(
        "UnidentifiedReceipt", null=True, on_delete=models.PROTECT, related_name="receipts"
    )

    class Meta:
        ordering = ("-received_on", "-pk")
        triggers: ClassVar = [
            frozen_columns(("item_id", "moved_from_id", "identified_from_id", *KEPT), "receipts"),
            *never_removed("receipts"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("entity", "key"), name="a_receipt_is_posted_once"),
            models.UniqueConstraint(
                fields=("line",),
                condition=Q(ended_on=None, moved_from=None, identified_from=None),
                name="one_live_receipt_a_bank_line",
            ),
            models.CheckConstraint(condition=ENDING_IS_WHOLE, name="the_end_of_a_receipt_is_whole"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_receipt_has_an_amount"),
        )
        indexes = (models.Index(fields=("entity", "-received_on"), name="receipts_by_day"),)

    def __str__(self) -> str:
        return self.item.number


class UsedCredit(ScopedModel):
    """A credit note that was used up together with a receipt, so that undoing the receipt gives it back."""

    entity_path: ClassVar[str] = "receipt__entity"

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="used_credits")
    allocation = models.OneToOneField("ledger.Allocation", on_delete=models.PROTECT, related_name="used_with")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("credits used with receipts")

    def __str__(self) -> str:
        return str(self.allocation)


class UnidentifiedReceipt(MoneyIn):
    """Money that nobody can name the sender of yet. It waits in suspense until it is identified."""

    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="unidentified_receipt")

    class Meta:
        ordering = ("received_on", "pk")
        triggers: ClassVar = [
            frozen_columns(("entry_id", *KEPT), "unidentified receipts"),
            *never_removed("unidentified receipts"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("entity", "key"), name="an_unidentified_receipt_is_posted_once"),
            models.UniqueConstraint(
                fields=("line",), condition=Q(ended_on=None), name="one_live_unidentified_receipt_a_bank_line"
            ),
            models.CheckConstraint(condition=ENDING_IS_WHOLE, name="the_end_of_an_unidentified_receipt_is_whole"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_unidentified_receipt_has_an_amount"),
        )

    def __str__(self) -> str:
        return f"Unidentified, {self.received_on:%d %b %Y}, {self.money}"


DEDUCTED = "entity_id receipt_id item_id reason amount entry_id authority_use_id tolerance_id dispute_id".split()


class Deduction(ScopedModel):
    """What a customer kept back of a document, and why. Settled ones have an entry of their own in the ledger."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="deductions")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="deductions")
    reason = models.CharField(max_length=20, choices=DeductionReason)
    note = models.CharField(max_length=200, blank=True)
    amount = AmountField()
    currency = CurrencyField()
    entry = models.OneToOneField(
        "ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="deduction", editable=False
    )
    authority_use = models.OneToOneField(
        "controls.AuthorityUse", null=True, on_delete=models.PROTECT, related_name="deduction", editable=False
    )
    tolerance = models.ForeignKey(
        "cashapp.Tolerance", null=True, on_delete=models.PROTECT, related_name="deductions", editable=False
    )
    dispute = models.ForeignKey(
        "collections.Dispute", null=True, on_delete=models.PROTECT, related_name="deductions", editable=False
    )
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_on = models.DateField(null=True, editable=False, help_text="When it was taken back.")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(DEDUCTED, "deductions"),
            *never_removed("deductions"),
        ]
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="a_deduction_has_an_amount"),)

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {Money(self.amount, self.currency)}"
