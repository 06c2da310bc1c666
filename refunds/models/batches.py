"""Paying approved refunds: a file that one person makes and another releases, or the way back to a card."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class PaymentChannel(ScopedModel):
    """How one of our banks takes files of payments, and who we are in them."""

    class Scheme(models.TextChoices):
        """The format and the payments that it carries."""

        SEPA = "sepa", "SEPA credit transfer (pain.001)"
        BACS = "bacs", "Bacs credit (Standard 18)"
        ACH = "ach", "ACH credit (NACHA)"

    CURRENCIES: ClassVar[dict[str, str]] = {"sepa": "EUR", "bacs": "GBP", "ach": "USD"}

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="payment_channels")
    bank_account = models.ForeignKey("core.BankAccount", on_delete=models.PROTECT, related_name="payment_channels")
    scheme = models.CharField(max_length=4, choices=Scheme)
    name = models.CharField(max_length=60, help_text="As the customer reads it on the statement.")
    identifier = models.CharField(
        max_length=35, blank=True, help_text="Service user number for Bacs, the bank's ten characters for ACH."
    )
    routing = models.CharField(max_length=9, blank=True, help_text="Our bank's routing number, for ACH.")
    next_serial = models.PositiveIntegerField(default=1, editable=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("entity", "scheme", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("bank_account", "scheme"), condition=Q(is_active=True), name="one_payment_channel_a_scheme"
            ),
            models.CheckConstraint(
                condition=Q(scheme="sepa") | ~Q(identifier=""),
                name="a_channel_is_known_by_its_bank",
                violation_error_message="Bacs and ACH need the number by which the bank knows us.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_scheme_display()}, {self.bank_account.name}"

    @property
    def currency(self) -> str:
        """What it carries."""
        return self.CURRENCIES[self.scheme]


class PaymentBatch(ScopedModel):
    """A file of refunds for the bank. Whoever made it doesn't release it; what was released is what was made."""

    entity_path: ClassVar[str] = "channel__entity"

    channel = models.ForeignKey(PaymentChannel, on_delete=models.PROTECT, related_name="batches")
    serial = models.PositiveIntegerField()
    paid_on = models.DateField(help_text="The day on which the bank shall carry it out.")
    total = AmountField()
    currency = CurrencyField()
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    file_hash = models.CharField(max_length=64, help_text="SHA-256 of the file as it was made.")
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    released_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    taken_at = models.DateTimeField(
        null=True, editable=False, help_text="When the file was first fetched for the bank."
    )

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(
                ("channel_id", "serial", "paid_on", "total", "currency", "file_id", "file_hash", "made_by_id"),
                "payment batches",
            ),
            *never_removed("payment batches"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("channel", "serial"), name="a_payment_file_has_its_serial"),
            models.CheckConstraint(condition=Q(total__gt=0), name="a_payment_batch_has_a_total"),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("made_by")),
                name="whoever_made_a_payment_file_does_not_release_it",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None, released_at=None)
                | Q(released_by__isnull=False, released_at__isnull=False, cancelled_at=None),
                name="a_payment_batch_is_released_whole",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by=None, cancelled_at=None)
                | Q(cancelled_by__isnull=False, cancelled_at__isnull=False),
                name="a_payment_batch_is_cancelled_whole",
            ),
            models.CheckConstraint(
                condition=Q(taken_by=None, taken_at=None)
                | Q(taken_by__isnull=False, taken_at__isnull=False, released_at__isnull=False),
                name="only_a_released_payment_file_is_fetched",
            ),
        )

    def __str__(self) -> str:
        return f"Payment file {self.serial}, {self.channel.get_scheme_display()}"

    @property
    def money(self) -> Money:
        """What the file sends."""
        return Money(self.total, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether it waits for its release."""
        return self.released_at is None and self.cancelled_at is None


class RefundPayment(ScopedModel):
    """One refund on its way: in a file to a bank account, or to the card that was charged.

    `entry` takes it off “Refunds payable” (2300); `cleared_entry` takes it off the bank, on the line that tells of it;
    `failed_entry` makes it payable again.
    """

    entity_path: ClassVar[str] = "refund__entity"

    refund = models.ForeignKey("invoicing.Refund", on_delete=models.PROTECT, related_name="payments")
    batch = models.ForeignKey(PaymentBatch, null=True, on_delete=models.PROTECT, related_name="payments")
    bank_account = models.ForeignKey(
        "customers.CustomerBankAccount", null=True, on_delete=models.PROTECT, related_name="refund_payments"
    )
    card_payment = models.ForeignKey(
        "cashapp.ElectronicPayment", null=True, on_delete=models.PROTECT, related_name="refund_payments"
    )
    reference = models.CharField(max_length=80, help_text="Ours in the file, or the provider's for a card.")
    amount = AmountField()
    currency = CurrencyField()
    entry = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(
        "cashapp.BankStatementLine", null=True, on_delete=models.PROTECT, related_name="refund_payments"
    )
    cleared_on = models.DateField(null=True)
    failed_on = models.DateField(null=True)
    failed_reason = models.CharField(max_length=200, blank=True)
    failed_entry = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(
                ("refund_id", "batch_id", "bank_account_id", "card_payment_id", "reference", "amount", "currency"),
                "payments of refunds",
            ),
            *never_removed("payments of refunds"),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("refund",), condition=Q(failed_on=None), name="a_refund_is_on_its_way_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_payment_has_an_amount"),
            models.CheckConstraint(
                condition=Q(batch__isnull=False, bank_account__isnull=False, card_payment=None)
                | Q(batch=None, bank_account=None, card_payment__isnull=False),
                name="a_refund_goes_to_a_bank_or_to_a_card",
            ),
            models.CheckConstraint(
                condition=Q(line=None, cleared_on=None) | Q(line__isnull=False, cleared_on__isnull=False),
                name="a_payment_clears_on_a_bank_line",
            ),
            models.CheckConstraint(
                condition=Q(failed_on=None, failed_reason="") | (Q(failed_on__isnull=False) & ~Q(failed_reason="")),
                name="a_failed_payment_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"Payment of {self.reference}"

    @property
    def money(self) -> Money:
        """What is paid back."""
        return Money(self.amount, self.currency)
