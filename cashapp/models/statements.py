"""Bank statements as imported. Nothing here is ever changed: a wrong import is seen, not edited away."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only
from core.scoping import ScopedModel


class StatementMapping(ScopedModel):
    """How a bank's CSV or workbook is read, saved by a person under a name."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    bank_account = models.ForeignKey(
        "core.BankAccount",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Whose files these are, where they don't say so themselves.",
    )
    columns = models.JSONField(help_text="What cashapp.statements.mapping.ColumnMapping.as_dict() gives.")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("entity", "name"), name="one_mapping_of_a_name"),)

    def __str__(self) -> str:
        return self.name


class BankStatement(ScopedModel):
    """One statement of one account, from the file that is kept beside it."""

    class Kind(models.TextChoices):
        """How much it promises: only a booked statement has balances that close a day."""

        BOOKED = "booked", "Statement"
        INTRADAY = "intraday", "Intraday report"
        NOTIFICATION = "notification", "Notification"

    entity_path: ClassVar[str] = "bank_account__entity"

    bank_account = models.ForeignKey("core.BankAccount", on_delete=models.PROTECT, related_name="statements")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=12, choices=Kind)
    file_format = models.CharField(max_length=20)
    identifier = models.CharField(max_length=80, blank=True)
    sequence = models.CharField(max_length=40, blank=True)
    currency = CurrencyField()
    opening = AmountField(null=True)
    opening_on = models.DateField(null=True)
    closing = AmountField(null=True)
    closing_on = models.DateField(null=True)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    content_hash = models.CharField(max_length=64)
    findings = models.JSONField(default=list, help_text="What was noticed at the import, in sentences.")
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-closing_on", "-id")
        triggers: ClassVar = append_only("bank statements")
        constraints = (
            models.UniqueConstraint(fields=("bank_account", "content_hash"), name="a_statement_is_imported_once"),
            models.CheckConstraint(
                condition=Q(opening=None, opening_on=None) | Q(opening__isnull=False, opening_on__isnull=False),
                name="an_opening_balance_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(closing=None, closing_on=None) | Q(closing__isnull=False, closing_on__isnull=False),
                name="a_closing_balance_has_its_day",
            ),
        )
        indexes = (models.Index(fields=("bank_account", "closing_on"), name="statement_account_day"),)

    def __str__(self) -> str:
        return f"{self.bank_account.name} {self.label}"

    @property
    def label(self) -> str:
        """Its number at the bank, or its last day."""
        day = self.to_on or self.closing_on
        return self.sequence or (f"to {day:%d %b %Y}" if day else self.identifier)


class BankStatementLine(ScopedModel):
    """One movement on one of our accounts, stored once although several files may tell of it.

    `statement` is the one that brought it first; `listings` name all that list it. `booking_key` is shared by the
    payments that the bank booked as one sum.
    """

    entity_path: ClassVar[str] = "bank_account__entity"

    bank_account = models.ForeignKey("core.BankAccount", on_delete=models.PROTECT, related_name="statement_lines")
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    line_key = models.CharField(max_length=160)
    booking_key = models.CharField(max_length=150)
    booked_on = models.DateField()
    value_on = models.DateField()
    amount = AmountField(help_text="With its sign on the account: what came in is positive.")
    currency = CurrencyField()
    payer = models.CharField(max_length=200, blank=True, help_text="Who is on the other side.")
    payer_account = models.CharField(max_length=64, blank=True)
    ultimate_payer = models.CharField(max_length=200, blank=True)
    references = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    posting_text = models.TextField(blank=True)
    charges = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    documents = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    is_reversal = models.BooleanField(default=False)
    return_reason = models.CharField(max_length=40, blank=True)
    transaction_code = models.CharField(max_length=80, blank=True)
    original_amount = AmountField(null=True)
    original_currency = models.CharField(max_length=3, blank=True)
    place = models.CharField(max_length=80, blank=True)
    raw = models.TextField(blank=True)

    class Meta:
        ordering = ("booked_on", "id")
        triggers: ClassVar = append_only("bank statement lines")
        constraints = (models.UniqueConstraint(fields=("bank_account", "line_key"), name="a_bank_line_is_stored_once"),)
        indexes = (
            models.Index(fields=("bank_account", "booking_key"), name="line_booking"),
            models.Index(fields=("bank_account", "booked_on"), name="bank_line_account_day"),
        )

    def __str__(self) -> str:
        return f"{self.booked_on:%d %b %Y} {self.amount:,.2f} {self.currency} {self.payer}".rstrip()


class StatementListing(ScopedModel):
    """That a statement lists a line, in its place. The statement's lines are its listings."""

    entity_path: ClassVar[str] = "statement__bank_account__entity"

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="listings")
    line = models.ForeignKey(BankStatementLine, on_delete=models.PROTECT, related_name="listings")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("statement", "position")
        triggers: ClassVar = append_only("bank statement listings")
        constraints = (models.UniqueConstraint(fields=("statement", "line"), name="a_statement_lists_a_line_once"),)

    def __str__(self) -> str:
        return f"{self.statement} line {self.position}"
