"""The daily proof of an account at a bank: what was prepared and signed, and the differences that people named."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from cashapp.models.statements import BankStatementLine
from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
FIGURES = ("statement_opening", "statement_closing", "ledger_opening", "receipts", "other", "ledger_closing")


class BankReconciliation(ScopedModel):
    """An account at a bank proved at the end of a day: one person prepares it, another signs, and the days are locked.

    It speaks for the days from `first_on`, which are those since the last signed day. `standing` is what parts
    statement and ledger for good: the balance from before the first reconciliation, and payments that other books keep.
    Withdrawn or reopened, it ends and stays on record.
    """

    entity_path: ClassVar[str] = "bank_account__entity"

    bank_account = models.ForeignKey("core.BankAccount", on_delete=models.PROTECT, related_name="reconciliations")
    first_on = models.DateField()
    day = models.DateField()
    currency = CurrencyField()
    statement_opening = AmountField()
    statement_closing = AmountField()
    ledger_opening = AmountField()
    receipts = AmountField()
    other = AmountField()
    ledger_closing = AmountField()
    standing = AmountField()
    in_transit = AmountField()
    note = models.CharField(max_length=300, blank=True)
    prepared_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now(), editable=False)
    signed_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    day_lock = models.OneToOneField("ledger.DayLock", null=True, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("bank_account", "-day", "-pk")
        triggers: ClassVar = [
            frozen_columns(
                ("bank_account_id", "first_on", "day", *FIGURES, "standing", "in_transit", "prepared_by_id"),
                "reconciliations",
            ),
            *never_removed("reconciliations"),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("bank_account", "day"), condition=Q(ended_at=None), name="a_day_is_reconciled_once"
            ),
            models.CheckConstraint(condition=Q(first_on__lte=F("day")), name="a_reconciliation_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("prepared_by")),
                name="whoever_prepared_a_day_does_not_sign_it",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None, day_lock=None)
                | Q(signed_by__isnull=False, signed_at__isnull=False, day_lock__isnull=False),
                name="a_day_is_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="a_reconciliation_ends_whole",
            ),
            models.CheckConstraint(
                condition=Q(ledger_closing=F("ledger_opening") + F("receipts") + F("other")),
                name="a_reconciled_ledger_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(statement_closing=F("ledger_closing") + F("standing") + F("in_transit")),
                name="a_reconciliation_leaves_nothing_unnamed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.bank_account.name}, {self.day:%d %b %Y}"

    @property
    def is_signed(self) -> bool:
        """Whether it is signed and in force."""
        return self.signed_at is not None and self.ended_at is None


class Subject(ScopedModel):
    """What a difference is about: a bank line that the ledger lacks, or an entry that the bank lacks."""

    line = models.ForeignKey(BankStatementLine, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    entry = models.ForeignKey("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    @property
    def key(self) -> tuple[int | None, int | None]:
        """What tells subjects apart."""
        return self.line_id, self.entry_id


ABOUT_ONE_THING = Q(line=None, entry__isnull=False) | Q(line__isnull=False, entry=None)


class Variance(Subject):
    """The name that a person gave a difference: whose it is, why, and until when it is to be gone."""

    entity_path: ClassVar[str] = "bank_account__entity"

    bank_account = models.ForeignKey("core.BankAccount", on_delete=models.PROTECT, related_name="variances")
    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="bank_variances")
    reason = models.CharField(max_length=200)
    due_on = models.DateField()
    named_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("due_on", "pk")
        triggers: ClassVar = never_removed("variances")
        constraints = (
            models.CheckConstraint(condition=ABOUT_ONE_THING, name="a_variance_is_about_one_thing"),
            models.UniqueConstraint(fields=("line",), name="a_bank_line_has_one_variance"),
            models.UniqueConstraint(fields=("bank_account", "entry"), name="an_entry_has_one_variance_an_account"),
        )

    def __str__(self) -> str:
        return self.reason


class ReconciledItem(Subject):
    """A difference as it stood when a day was prepared, with its name. The next day carries it forward."""

    entity_path: ClassVar[str] = "reconciliation__bank_account__entity"

    reconciliation = models.ForeignKey(BankReconciliation, on_delete=models.PROTECT, related_name="items")
    arose_on = models.DateField()
    amount = AmountField(help_text="What it adds to the statement beyond the ledger.")
    sentence = models.CharField(max_length=400)
    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    due_on = models.DateField()

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("items of reconciliations")
        constraints = (models.CheckConstraint(condition=ABOUT_ONE_THING, name="an_item_in_transit_is_about_one_thing"),)

    def __str__(self) -> str:
        return self.sentence


class LinePosting(ScopedModel):
    """That an entry is about a bank line, where neither a receipt nor suspense says so already."""

    entity_path: ClassVar[str] = "line__bank_account__entity"

    line = models.ForeignKey(BankStatementLine, on_delete=models.PROTECT, related_name="postings")
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, related_name="line_postings")
    tied_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    tied_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(("line_id", "entry_id", "tied_by_id"), "ties of entries to bank lines"),
            *never_removed("ties of entries to bank lines"),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("entry",), condition=Q(ended_at=None), name="an_entry_is_about_one_bank_line"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="a_tie_to_a_bank_line_ends_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry} for {self.line}"
