"""Cheques, the slips with which they are taken to the bank, and those that the bank gave back."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cashapp.models.receipts import Receipt, UnidentifiedReceipt
from cashapp.models.statements import BankStatementLine
from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class DepositSlip(ScopedModel):
    """Cheques that go to the bank together. Once deposited it is closed, and the bank credits it as one sum."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="deposit_slips")
    number = models.CharField(max_length=30)
    bank_account = models.ForeignKey("core.BankAccount", on_delete=models.PROTECT, related_name="deposit_slips")
    deposited_on = models.DateField(null=True)
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(("entity_id", "number", "bank_account_id", "made_by_id"), "deposit slips"),
            *never_removed("deposit slips"),
        ]
        constraints = (models.UniqueConstraint(fields=("entity", "number"), name="a_slip_has_its_own_number"),)

    def __str__(self) -> str:
        return self.number


class Cheque(ScopedModel):
    """A cheque that somebody sent. Its money is in the ledger from the day on which it goes to the bank."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="cheques")
    number = models.CharField(max_length=20)
    drawer = models.CharField(max_length=200, help_text="Whose account it is drawn on, as printed.")
    drawn_on = models.CharField("bank", max_length=120, help_text="The bank that pays it, with branch or sort code.")
    amount = AmountField()
    currency = CurrencyField()
    received_on = models.DateField()
    payable_from = models.DateField(help_text="The date written on it; a later one makes it post-dated.")
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="cheques")
    documents = models.JSONField(default=list, help_text="What it is for: number, and amount where one is told.")
    slip = models.ForeignKey(DepositSlip, null=True, on_delete=models.PROTECT, related_name="cheques")
    receipt = models.OneToOneField(Receipt, null=True, on_delete=models.PROTECT, related_name="cheque")
    unidentified = models.OneToOneField(UnidentifiedReceipt, null=True, on_delete=models.PROTECT, related_name="cheque")
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("payable_from", "pk")
        triggers: ClassVar = [
            frozen_columns(
                ("entity_id", "number", "drawer", "drawn_on", "amount", "currency", "received_on", "payable_from"),
                "cheques",
            ),
            *never_removed("cheques"),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "drawn_on", "drawer", "number"), name="a_cheque_is_recorded_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_cheque_has_an_amount"),
            models.CheckConstraint(
                condition=Q(receipt=None) | Q(unidentified=None), name="a_cheque_is_posted_in_one_way"
            ),
        )

    def __str__(self) -> str:
        return f"Cheque {self.number} of {self.drawer}"

    @property
    def money(self) -> Money:
        """What it is worth."""
        return Money(self.amount, self.currency)

    def is_post_dated(self, on: date) -> bool:
        """Whether the bank would not pay it yet."""
        return self.payable_from > on


class ChequeReturn(ScopedModel):
    """The bank gave a cheque back unpaid: when, why, and what it charged for that."""

    entity_path: ClassVar[str] = "cheque__entity"

    cheque = models.OneToOneField(Cheque, on_delete=models.PROTECT, related_name="bounce")
    returned_on = models.DateField()
    reason = models.CharField(max_length=200)
    fee = AmountField(default=0)
    line = models.ForeignKey(BankStatementLine, null=True, on_delete=models.PROTECT, related_name="bounced_cheques")
    entry = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("returns of cheques")
        constraints = (models.CheckConstraint(condition=Q(fee__gte=0), name="a_fee_is_not_negative"),)

    def __str__(self) -> str:
        return f"{self.cheque}, returned"
