"""Electronic payments: what providers and payers tell of money before the bank does, and what became of each."""

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cashapp.models.receipts import Receipt
from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.models.entities import validate_time_zone
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class ProcessingHours(ScopedModel):
    """When the team that posts payments works. Business days are those of the company's calendar."""

    entity = models.OneToOneField("core.LegalEntity", on_delete=models.PROTECT, related_name="processing_hours")
    time_zone = models.CharField(max_length=60, validators=[validate_time_zone])
    opens_at = models.TimeField(default=time(9))
    closes_at = models.TimeField(default=time(17), help_text="Close of business: by then every payment is posted.")

    class Meta:
        verbose_name_plural = "processing hours"
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="business_closes_after_it_opens",
                violation_error_message="Business closes after it opens.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.opens_at:%H:%M} to {self.closes_at:%H:%M}, {self.time_zone}"


class PaymentProvider(ScopedModel):
    """Somebody who takes payments for us and pays them out in sums, less a fee."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="payment_providers")
    code = models.SlugField(max_length=20, help_text="As files and the API name it, such as stripe.")
    name = models.CharField(max_length=80)
    clearing = models.OneToOneField("ledger.Account", on_delete=models.PROTECT, related_name="payment_provider")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("entity", "name")
        constraints = (models.UniqueConstraint(fields=("entity", "code"), name="one_provider_of_a_code"),)

    def __str__(self) -> str:
        return self.name


class ElectronicPayment(ScopedModel):
    """One payment as its provider or its payer told of it. What became of it are its facts, which only grow."""

    class Method(models.TextChoices):
        """How it was paid."""

        CARD = "card", "Card"
        PORTAL = "portal", "Customer portal"
        ACH = "ach", "ACH"
        WIRE = "wire", "Wire reported ahead"
        WALLET = "wallet", "Wallet"
        DEBIT = "debit", "Direct debit"

    class Source(models.TextChoices):
        """How it came in."""

        FORM = "form", "By hand"
        FILE = "file", "File"
        API = "api", "API"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="electronic_payments")
    provider = models.ForeignKey(PaymentProvider, null=True, on_delete=models.PROTECT, related_name="payments")
    reference = models.CharField(max_length=80, help_text="Its id at the provider, or what the payer calls it.")
    method = models.CharField(max_length=6, choices=Method)
    source = models.CharField(max_length=4, choices=Source)
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.PROTECT, related_name="electronic_payments"
    )
    amount = AmountField(help_text="What pays documents, without the surcharge.")
    surcharge = AmountField(default=0, help_text="What was collected on top for paying by card.")
    currency = CurrencyField()
    documents = models.JSONField(default=list, help_text="What the payer names: number, and amount where one is told.")
    payer = models.CharField(max_length=200, blank=True)
    payer_email = models.EmailField(blank=True)
    text = models.CharField(max_length=200, blank=True)
    funding = models.CharField(max_length=8, blank=True)
    product = models.CharField(max_length=10, blank=True)
    brand = models.CharField(max_length=12, blank=True)
    received_at = models.DateTimeField()
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("received_at", "pk")
        triggers: ClassVar = [
            frozen_columns(
                ("entity_id", "provider_id", "reference", "method", "source", "amount", "surcharge", "currency",
                 "documents", "received_at", "recorded_by_id"),
                "electronic payments",
            ),
            *never_removed("electronic payments"),
        ]  # fmt: skip
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "provider", "reference"),
                nulls_distinct=False,
                name="a_payment_is_taken_in_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, surcharge__gte=0), name="an_electronic_payment_has_an_amount"
            ),
            models.CheckConstraint(
                condition=Q(method__in=("ach", "wire")) | Q(provider__isnull=False),
                name="cards_and_the_portal_have_a_provider",
            ),
            models.CheckConstraint(condition=Q(method="card") | Q(surcharge=0), name="only_cards_carry_a_surcharge"),
        )
        indexes = (models.Index(fields=("entity", "received_at"), name="payments_by_moment"),)

    def __str__(self) -> str:
        return self.reference

    @property
    def money(self) -> Money:
        """What pays documents."""
        return Money(self.amount, self.currency)

    @property
    def collected(self) -> Money:
        """What the payer's card or account was charged, the surcharge included."""
        return Money(self.amount + self.surcharge, self.currency)

    @property
    def event(self) -> str:
        """What names it in the ledger, the same for its surcharge as for itself."""
        return f"{self.provider.code if self.provider else 'bank'}:{self.reference}"


class Payout(ScopedModel):
    """A sum that a provider pays out: gross less its fee. Its payments are settled by it.

    Negative where more went back than came in: the provider draws it from our account at the bank.
    """

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="payouts")
    provider = models.ForeignKey(PaymentProvider, on_delete=models.PROTECT, related_name="payouts")
    reference = models.CharField(max_length=80)
    paid_on = models.DateField()
    gross = AmountField()
    fee = AmountField(default=0)
    net = AmountField()
    currency = CurrencyField()
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-paid_on", "-pk")
        triggers: ClassVar = append_only("payouts")
        constraints = (
            models.UniqueConstraint(fields=("provider", "reference"), name="a_payout_is_recorded_once"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("fee")) & ~Q(net=0), name="a_payout_adds_up"),
        )

    def __str__(self) -> str:
        return self.reference


class PaymentFact(ScopedModel):
    """Something that happened to an electronic payment. Rows are only added."""

    class Kind(models.TextChoices):
        """What happened, in the order in which it usually does."""

        RECEIVED = "received", "Received"
        AUTHORISED = "authorised", "Authorised"
        CAPTURED = "captured", "Captured"
        POSTED = "posted", "Posted"
        SETTLED = "settled", "Paid out by the provider"
        RECONCILED = "reconciled", "On our bank account"
        FAILED = "failed", "Failed"
        REFUNDED = "refunded", "Refunded"
        DISPUTED = "disputed", "Disputed"

    entity_path: ClassVar[str] = "payment__entity"

    payment = models.ForeignKey(ElectronicPayment, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    reference = models.CharField(max_length=80, blank=True, help_text="The provider's id of what happened.")
    note = models.CharField(max_length=200, blank=True)
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="payment_facts")
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT, related_name="facts")
    credit = models.ForeignKey("cashapp.ClearingCredit", null=True, on_delete=models.PROTECT, related_name="facts")
    entry = models.ForeignKey("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("facts about payments")
        constraints = (
            models.UniqueConstraint(fields=("payment", "kind", "reference"), name="a_fact_is_told_once"),
            models.CheckConstraint(
                condition=~Q(kind="posted") | Q(receipt__isnull=False), name="what_is_posted_has_a_receipt"
            ),
            models.CheckConstraint(
                condition=~Q(kind="settled") | Q(payout__isnull=False), name="what_is_settled_has_a_payout"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.payment}"
