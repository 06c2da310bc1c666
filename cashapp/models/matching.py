"""What is left to do about each bank line, what was decided, and which payers were learnt on the way."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cashapp.models.receipts import Receipt, UnidentifiedReceipt
from cashapp.models.statements import BankStatementLine
from core.guards import append_only
from core.scoping import ScopedModel
from core.words import masked_account

PERSON = settings.AUTH_USER_MODEL


class MatchTask(ScopedModel):
    """One incoming bank line on the cash desk, with the matcher's answer. Whoever works on the line locks this row."""

    class State(models.TextChoices):
        """Which list the line stands on."""

        TO_MATCH = "to_match", "To match"
        CHECK = "check", "Check"
        MATCHED = "matched", "Matched"

    line = models.OneToOneField(BankStatementLine, primary_key=True, on_delete=models.PROTECT, related_name="task")
    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.TO_MATCH)
    decision = models.CharField(max_length=12, blank=True, help_text="What the matcher said of the line.")
    rule = models.CharField(max_length=40, blank=True)
    rules_version = models.CharField(max_length=20, blank=True)
    written_rule = models.ForeignKey(
        "cashapp.RuleVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="One that somebody wrote.",
    )
    sureness = models.PositiveSmallIntegerField(default=0, help_text="Only an order.")
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    applied = models.JSONField(default=list, help_text="Per document: item, number, amount and open, in minor units.")
    evidence = models.JSONField(default=list, help_text="Per reason: kind, words and the item it is about, if any.")
    alternatives = models.JSONField(default=list, help_text="Other answers, in the same form.")
    question = models.CharField(max_length=400, blank=True, help_text="What somebody asked about the line.")
    proposed_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=0, help_text="Counts what happened to the line.")

    class Meta:
        ordering = ("line__booked_on", "line_id")
        indexes = (models.Index(fields=("entity", "state"), name="match_tasks_by_state"),)

    def __str__(self) -> str:
        return str(self.line)


class MatchDecision(ScopedModel):
    """One decision about a bank line: what, by whom, on which evidence, and whether it followed the proposal."""

    class Outcome(models.TextChoices):
        """What was decided."""

        POSTED = "posted", "Matched"
        ON_ACCOUNT = "on_account", "Kept on account"
        UNIDENTIFIED = "unidentified", "Booked as unidentified"
        IDENTIFIED = "identified", "Identified"
        ASKED = "asked", "Asked about"
        REVERSED = "reversed", "Reversed"
        MOVED = "moved", "Moved to another customer"
        CLEARED = "cleared", "Taken from a clearing account"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(BankStatementLine, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=Outcome)
    as_proposed = models.BooleanField(default=False)
    rule = models.CharField(max_length=40, blank=True)
    rules_version = models.CharField(max_length=20, blank=True)
    written_rule = models.ForeignKey(
        "cashapp.RuleVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="One that somebody wrote.",
    )
    evidence = models.JSONField(default=list)
    note = models.CharField(max_length=400, blank=True)
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="decisions")
    unidentified_receipt = models.ForeignKey(
        UnidentifiedReceipt, null=True, on_delete=models.PROTECT, related_name="decisions"
    )
    decided_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("decisions about bank lines")

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.line}"


class PayerAlias(ScopedModel):
    """An account or a name from which a customer was seen to pay. In use after two equal decisions of people."""

    entity_path: ClassVar[str] = "customer__entity"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="payer_aliases")
    account = models.CharField(max_length=64, blank=True, help_text="Letters and digits only.")
    name = models.CharField(max_length=200, blank=True, help_text="Letters and digits only, in capitals.")
    written = models.CharField(max_length=200, help_text="As the bank wrote it.")
    confirmations = models.PositiveIntegerField(default=1)
    in_use = models.BooleanField(default=False)
    first_seen_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("customer", "pk")
        verbose_name_plural = "payer aliases"
        constraints = (
            models.UniqueConstraint(fields=("customer", "account", "name"), name="a_payer_is_learnt_once"),
            models.CheckConstraint(
                condition=Q(account="") & ~Q(name="") | ~Q(account="") & Q(name=""),
                name="a_payer_is_an_account_or_a_name",
            ),
            models.CheckConstraint(
                condition=Q(in_use=False) | Q(confirmations__gte=2, decided_by__isnull=False),
                name="a_payer_is_used_after_two_confirmations",
            ),
        )
        indexes = (models.Index(fields=("account",), name="payer_alias_account"),)

    def __str__(self) -> str:
        return masked_account(self.written) if self.account else self.written


class PayerConfirmation(ScopedModel):
    """That a person saw the customer behind a payer on one line. Two lines are needed before the payer is known."""

    entity_path: ClassVar[str] = "alias__customer__entity"

    alias = models.ForeignKey(PayerAlias, on_delete=models.PROTECT, related_name="seen")
    line = models.ForeignKey(BankStatementLine, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("confirmations of payers")
        constraints = (models.UniqueConstraint(fields=("alias", "line"), name="a_line_confirms_a_payer_once"),)

    def __str__(self) -> str:
        return f"{self.alias}: {self.line}"
