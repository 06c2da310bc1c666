"""Write-offs of bad debt, the tax claimed back on them, and what came in after all."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ar_collections.models.late_interest import range_of
from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import ZERO, Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
ASKED = "entity_id customer_id currency amount reason note against asked_by_id asked_on asked_at request_id".split()
RECOVERED = """
    line_id receipt_id item_id amount tax_repaid recovered_on recovered_by_id recovered_at request_id
""".split()
NEVER_MORE = """
    IF (SELECT sum(amount) FROM collections_recovery WHERE line_id = NEW.line_id AND ended_on IS NULL)
        > (SELECT amount FROM collections_writeoffitem WHERE id = NEW.line_id)
    THEN
        RAISE EXCEPTION 'o2c: no more is recovered than was written off' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
"""


class ReliefRule(ScopedModel):
    """When the tax on bad debts may be claimed back, in the country where a company accounts for it."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    wait_months = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(120)], help_text="Months after the later of due date and supply."
    )
    lapse_months = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(240)], help_text="Months after the same day until it lapses."
    )
    basis = models.CharField(max_length=300, help_text="On what law it rests.")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-valid_from",)
        triggers: ClassVar = [
            frozen_columns("entity_id wait_months lapse_months basis valid_from set_by_id".split(), "rules of relief"),
            *never_removed("rules of relief"),
        ]
        constraints = (
            models.CheckConstraint(
                condition=Q(lapse_months__gt=F("wait_months")), name="relief_lapses_after_it_begins",
                violation_error_message="It lapses after it may be claimed.",
            ),
            ExclusionConstraint(
                name="one_rule_of_relief_a_day",
                expressions=[
                    ("entity", RangeOperators.EQUAL),
                    (range_of("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"from {self.wait_months} to {self.lapse_months} months"


class WriteOff(ScopedModel):
    """That nobody expects a customer to pay some documents any more. Above one's limit it waits for somebody else."""

    class Reason(models.TextChoices):
        """Why nobody expects payment."""

        INSOLVENT = "insolvent", "Insolvent"
        DISSOLVED = "dissolved", "No longer exists"
        UNTRACEABLE = "untraceable", "Can’t be found"
        UNECONOMIC = "uneconomic", "Pursuing it costs more"
        TIME_BARRED = "time_barred", "Barred by time"
        SETTLEMENT = "settlement", "Settled for less"
        SMALL_BALANCE = "small_balance", "Small balance"
        OTHER = "other", "Another reason"

    class Against(models.TextChoices):
        """Which account bears the loss."""

        EXPENSE = "bad_debt", "Bad debt: no allowance was made"
        ALLOWANCE = "allowance", "The allowance that was made for it"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="write_offs")
    currency = CurrencyField()
    amount = AmountField()
    reason = models.CharField(max_length=14, choices=Reason)
    note = models.CharField(max_length=400, help_text="What was done, and why nothing more is to be expected.")
    against = models.CharField(max_length=10, choices=Against, default=Against.EXPENSE)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    approved_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    posted_on = models.DateField(null=True)
    item = models.OneToOneField("ledger.OpenItem", null=True, on_delete=models.PROTECT, related_name="write_off")
    authority_use = models.ForeignKey("controls.AuthorityUse", null=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, help_text="When it was reversed, or dropped before it was posted.")
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=400, blank=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False, help_text="Of the form that asked for it.")

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(ASKED, "write-offs"),
            *never_removed("write-offs"),
            pgtrigger.Protect(
                name="ended_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ended_on__isnull=False)
            ),
            pgtrigger.Protect(
                name="posted_once", operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.item_id IS NOT NULL AND NEW.item_id IS DISTINCT FROM OLD.item_id"),
            ),
        ]  # fmt: skip
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(note=""), name="a_write_off_says_how_much_and_why"),
            models.CheckConstraint(
                condition=Q(item=None, posted_on=None, authority_use=None)
                | Q(item__isnull=False, posted_on__isnull=False, authority_use__isnull=False),
                name="a_posted_write_off_has_its_authority",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")), name="a_write_off_is_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, end_reason="")
                | Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                name="the_end_of_a_write_off_is_whole",
            ),
        )
        indexes = (
            models.Index(fields=("entity", "-id"), name="write_offs_of_an_entity"),
            models.Index(fields=("customer", "-id"), name="write_offs_of_a_customer"),
        )

    def __str__(self) -> str:
        return self.item.number if self.item else f"Write-off of {self.money}"

    @property
    def money(self) -> Money:
        """What is written off."""
        return Money(self.amount, self.currency)


class WriteOffItem(ScopedModel):
    """How much of a document is written off, the tax in it, and between which days that may be claimed back."""

    entity_path: ClassVar[str] = "write_off__entity"

    write_off = models.ForeignKey(WriteOff, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="write_off_lines")
    amount = AmountField()
    tax = AmountField(default=ZERO)
    relief_from_on = models.DateField(null=True)
    relief_until_on = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("lines of write-offs")
        constraints = (
            models.UniqueConstraint(fields=("write_off", "item"), name="a_document_is_written_off_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, tax__gte=0, tax__lt=F("amount")), name="a_written_off_amount_holds_its_tax"
            ),
            models.CheckConstraint(
                condition=Q(relief_from_on=None, relief_until_on=None)
                | Q(relief_from_on__isnull=False, relief_until_on__gt=F("relief_from_on")),
                name="days_of_relief_run_forwards",
            ),
        )

    def __str__(self) -> str:
        return f"{Money(self.amount, self.item.currency)} of {self.item.number}"


class TaxRelief(ScopedModel):
    """That the tax on a document that was written off was claimed back."""

    entity_path: ClassVar[str] = "line__write_off__entity"

    line = models.OneToOneField(WriteOffItem, on_delete=models.PROTECT, related_name="relief")
    claimed_on = models.DateField()
    amount = AmountField()
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    claimed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("claims of relief")
        constraints = (models.CheckConstraint(condition=Q(amount__gt=0), name="a_relief_has_an_amount"),)

    def __str__(self) -> str:
        return f"Relief on {self.line}"


class Recovery(ScopedModel):
    """Money that came in after all: a part of the debt is open again and settled with it at once.

    Where the money goes back it ends: that part is written off as before.
    """

    entity_path: ClassVar[str] = "line__write_off__entity"

    line = models.ForeignKey(WriteOffItem, on_delete=models.PROTECT, related_name="recoveries")
    receipt = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="recovered_debts")
    item = models.OneToOneField("ledger.OpenItem", on_delete=models.PROTECT, related_name="recovery")
    amount = AmountField()
    tax_repaid = AmountField(default=ZERO, help_text="Of the relief that was claimed.")
    recovered_on = models.DateField()
    recovered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    recovered_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_on = models.DateField(null=True, help_text="When it was undone.")
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(max_length=400, blank=True)
    end_entry = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")
    request_id = models.UUIDField(null=True, unique=True, editable=False, help_text="Of the form that recorded it.")

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "recoveries"
        triggers: ClassVar = [
            frozen_columns(RECOVERED, "recoveries"),
            *never_removed("recoveries"),
            pgtrigger.Protect(
                name="undone_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ended_on__isnull=False)
            ),
            pgtrigger.Trigger(
                name="never_more_than_was_written_off",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=NEVER_MORE,
            ),
        ]
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0, tax_repaid__gte=0, tax_repaid__lt=F("amount")),
                name="a_recovery_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, end_entry=None, end_reason="")
                | Q(ended_on__isnull=False, ended_by__isnull=False, end_entry__isnull=False) & ~Q(end_reason=""),
                name="the_end_of_a_recovery_is_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{Money(self.amount, self.item.currency)} of {self.line}"
