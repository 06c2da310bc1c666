"""Corrections beside credit notes: bills written anew, adjustments of receivables, and credits of many invoices."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from invoicing.guards import posted_stay
from invoicing.models.credit_notes import CreditNote
from invoicing.models.invoices import Invoice
from ledger.models import Account, OpenItem

POSTED = ("number", "posted_on", "entry", "own_item")
Role = Account.Role


class Rebilling(ScopedModel):
    """The invoice that bills anew what a credit note took back. A discarded draft takes this with it."""

    entity_path: ClassVar[str] = "credit_note__entity"

    credit_note = models.OneToOneField(CreditNote, on_delete=models.PROTECT, related_name="rebilling")
    invoice = models.OneToOneField(Invoice, on_delete=models.CASCADE, related_name="rebilling")

    def __str__(self) -> str:
        return f"{self.invoice} after {self.credit_note}"


class ItemChange(ScopedModel):
    """A change of what is open on an item that isn't a correction of its invoice, so without tax.

    It is a draft until it has a number; entry and open item of its own come with the number.
    """

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="%(class)ss")
    item = models.ForeignKey(
        OpenItem, on_delete=models.PROTECT, related_name="%(class)ss", help_text="The item that it changes."
    )
    side = models.CharField(max_length=6, choices=OpenItem.Side, help_text="Debit: the customer owes more.")
    currency = CurrencyField()
    amount = AmountField()
    reason = models.CharField(max_length=300)
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60, null=True, editable=False, help_text="Given when it is posted.")
    posted_on = models.DateField(null=True, editable=False)
    entry = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    own_item = models.OneToOneField(OpenItem, null=True, on_delete=models.PROTECT, related_name="%(class)s")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(db_default=Now(), editable=False)
    request_id = models.CharField(max_length=64, null=True, editable=False)
    request_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ("-pk",)

    def __str__(self) -> str:
        name = str(self._meta.verbose_name)
        return f"{name.capitalize()} {self.number}" if self.number else f"Draft {name} of {self.item.number}"

    @property
    def is_posted(self) -> bool:
        """Whether it is in the books."""
        return self.number is not None

    @property
    def money(self) -> Money:
        """Its amount."""
        return Money(self.amount, self.currency)


class Adjustment(ItemChange):
    """More or less of a receivable, for a reason that has its account."""

    class Reason(models.TextChoices):
        """Why; each has its account."""

        DISCOUNT = "discount", "Discount agreed"
        BANK_CHARGES = "bank_charges", "Bank charges"
        SMALL_DIFFERENCE = "small_difference", "Small difference"
        ROUNDING = "rounding", "Rounding"
        INTEREST = "interest", "Late-payment interest"

    ACCOUNTS: ClassVar[dict[str, Account.Role]] = {
        "discount": Role.DISCOUNTS_ALLOWED,
        "bank_charges": Role.BANK_CHARGES,
        "small_difference": Role.SMALL_DIFFERENCES,
        "rounding": Role.ROUNDING,
        "interest": Role.INTEREST_INCOME,
    }

    reason_code = models.CharField(max_length=20, choices=Reason)

    class Meta(ItemChange.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("entity", "number"), name="one_adjustment_a_number"),
            models.UniqueConstraint(fields=("entity", "request_id"), name="one_adjustment_a_request"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_adjustment_has_an_amount"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": False for name in POSTED}) | Q(**dict.fromkeys(POSTED)),
                name="an_adjustment_is_posted_whole",
            ),
        )
        triggers = posted_stay("adjustments")


class Refund(ItemChange):
    """Money that a customer gets back for an open credit. Approved, it is owed to them; paying it is another step."""

    bank_account = models.ForeignKey(
        "customers.CustomerBankAccount",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Left empty: back to where the money came from.",
    )

    class Meta(ItemChange.Meta):
        abstract = False
        constraints = (
            models.UniqueConstraint(fields=("entity", "number"), name="one_refund_a_number"),
            models.UniqueConstraint(fields=("entity", "request_id"), name="one_refund_a_request"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_refund_has_an_amount"),
            models.CheckConstraint(condition=Q(side="debit"), name="a_refund_uses_credit_up"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": False for name in POSTED}) | Q(**dict.fromkeys(POSTED)),
                name="a_refund_is_posted_whole",
            ),
        )
        triggers = posted_stay("refunds")


class BulkCredit(ScopedModel):
    """Many invoices credited for one reason, decided on together."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    reason_code = models.CharField(max_length=12, choices=CreditNote.Reason)
    reason = models.CharField(max_length=300, help_text="Printed on each credit note.")
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    total = AmountField(help_text="In the entity's currency.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField(null=True, editable=False, help_text="The day on its credit notes.")
    run = models.ForeignKey("core.Run", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(db_default=Now(), editable=False)
    request_id = models.CharField(max_length=64, null=True, editable=False)
    request_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("entity", "request_id"), name="one_bulk_credit_a_request"),
            models.CheckConstraint(condition=Q(total__gt=0), name="a_bulk_credit_has_an_amount"),
            models.CheckConstraint(
                condition=Q(decided_by=None, issued_on=None) | Q(decided_by__isnull=False, issued_on__isnull=False),
                name="a_bulk_credit_is_decided_whole",
            ),
        )
        triggers = (
            frozen_columns(("entity_id", "reason_code", "reason", "file_id", "total"), "credits of many invoices"),
        )

    def __str__(self) -> str:
        return f"Credit of many invoices {self.pk}"

    @property
    def is_decided(self) -> bool:
        """Whether its credit notes may be issued."""
        return self.decided_by_id is not None

    @property
    def money(self) -> Money:
        """What it comes to in the entity's currency."""
        return Money(self.total, self.entity.currency)


class BulkCreditInvoice(ScopedModel):
    """One of the invoices, with what was left of it, and its credit note once that is issued."""

    entity_path: ClassVar[str] = "bulk__entity"

    bulk = models.ForeignKey(BulkCredit, on_delete=models.PROTECT, related_name="invoices")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")
    gross = AmountField()
    credit_note = models.OneToOneField(CreditNote, null=True, on_delete=models.PROTECT, related_name="bulk_credit")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("bulk", "invoice"), name="an_invoice_is_chosen_once"),)

    def __str__(self) -> str:
        return f"{self.invoice} in {self.bulk}"
