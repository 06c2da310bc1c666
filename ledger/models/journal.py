"""The journal: entries and their lines, written once and never changed."""

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.money import ZERO
from core.scoping import ScopedModel
from ledger.guards import ENTRY_GUARDS, LINE_GUARDS
from ledger.models.accounts import Account

if TYPE_CHECKING:
    from ledger.models.items import OpenItem


class JournalEntry(ScopedModel):
    """One event in the books: its lines' debits equal their credits.

    `posted_on` says when it counts, `recorded_at` when we knew. `key` names the event for whoever posts it, so that
    posting it twice gives the first entry again; `content_hash` tells a repetition from a different event.
    """

    class Kind(models.TextChoices):
        """What happened."""

        INVOICE = "invoice", "Invoice"
        CREDIT_NOTE = "credit_note", "Credit note"
        DEBIT_NOTE = "debit_note", "Debit note"
        RECEIPT = "receipt", "Receipt"
        ADJUSTMENT = "adjustment", "Adjustment"
        TRANSFER = "transfer", "Transfer"
        OPENING = "opening", "Opening balance"
        EXCHANGE = "exchange", "Exchange difference"
        REVALUATION = "revaluation", "Revaluation"
        REVERSAL = "reversal", "Reversal"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind)
    posted_on = models.DateField()
    currency = CurrencyField()
    rate = models.DecimalField(max_digits=18, decimal_places=8, null=True, help_text="To the entity's currency.")
    text = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=120, null=True)
    content_hash = models.BinaryField(null=True)
    late_reason = models.CharField(max_length=200, blank=True, help_text="Why it was posted into a soft-locked month.")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "journal entries"
        ordering = ("posted_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("entity", "key"), name="an_event_is_posted_once"),
            models.CheckConstraint(condition=Q(key=None) | Q(content_hash__isnull=False), name="a_key_has_its_content"),
        )
        indexes = (
            BrinIndex(fields=("posted_on",), name="entry_posted_on", autosummarize=True),
            BrinIndex(fields=("recorded_at",), name="entry_recorded_at", autosummarize=True),
        )
        triggers = ENTRY_GUARDS

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def number(self) -> str:
        """Its place in the journal, as people quote it."""
        return f"J-{self.pk}"

    @cached_property
    def open_items(self) -> "list[OpenItem]":
        """The open items that its lines made, in the order of the lines."""
        return [line.item for line in self.lines.select_related("item").filter(item__isnull=False).order_by("pk")]


class JournalLine(ScopedModel):
    """An amount on one account, on the debit or the credit side.

    Both sides are positive columns, in the entry's currency and in the entity's. A line that only corrects the value
    in the entity's currency (an exchange difference) has no amount in the entry's.
    """

    entity_path: ClassVar[str] = "entry__entity"

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    posted_on = models.DateField(help_text="The entry's, repeated so that an account can be added up from its index.")
    currency = CurrencyField(help_text="The entry's, repeated beside the amounts.")
    debit = AmountField(default=ZERO)
    credit = AmountField(default=ZERO)
    base_debit = AmountField(default=ZERO)
    base_credit = AmountField(default=ZERO)
    tax_code = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(debit__gte=0, credit__gte=0, base_debit__gte=0, base_credit__gte=0),
                name="amounts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(debit=0, base_debit=0) | Q(credit=0, base_credit=0), name="a_line_is_debit_or_credit"
            ),
            models.CheckConstraint(
                condition=~Q(debit=0, credit=0, base_debit=0, base_credit=0), name="a_line_has_an_amount"
            ),
        )
        indexes = (
            models.Index(
                fields=("account", "posted_on"),
                include=("currency", "debit", "credit", "base_debit", "base_credit"),
                name="line_account_day",
            ),
        )
        triggers = LINE_GUARDS

    def __str__(self) -> str:
        return f"{self.account} {self.signed_amount}"

    @property
    def signed_amount(self) -> Decimal:
        """Debit positive, credit negative; for reading and comparing, never stored."""
        amount: Decimal = self.debit - self.credit
        return amount
