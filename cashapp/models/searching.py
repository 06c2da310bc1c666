"""The search for whose money it is or what it is for, and corrections of money that was applied to the wrong thing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cashapp.models.receipts import Receipt, UnidentifiedReceipt
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class CashSearch(ScopedModel):
    """Who looks after money that is unidentified or on account, and when they go on. Begins with the first step."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    receipt = models.OneToOneField(Receipt, null=True, on_delete=models.PROTECT, related_name="search")
    unidentified = models.OneToOneField(UnidentifiedReceipt, null=True, on_delete=models.PROTECT, related_name="search")
    owner = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    next_step_on = models.DateField(null=True)
    reviewed_on = models.DateField(null=True, help_text="When somebody last looked at money that waits for 90 days.")

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "cash searches"
        triggers: ClassVar = [
            frozen_columns(("entity_id", "receipt_id", "unidentified_id"), "searches"),
            *never_removed("searches"),
        ]
        constraints = (
            models.CheckConstraint(
                condition=Q(receipt=None, unidentified__isnull=False) | Q(receipt__isnull=False, unidentified=None),
                name="a_search_is_about_one_sum",
            ),
        )

    def __str__(self) -> str:
        return str(self.receipt or self.unidentified)


class SearchStep(ScopedModel):
    """One step of a search, as somebody wrote it down. Rows are only added."""

    class Kind(models.TextChoices):
        """What was done."""

        NOTE = "note", "Note"
        CALLED = "called", "Called the payer"
        WROTE = "wrote", "Wrote to the payer"
        ASKED_BANK = "asked_bank", "Asked the bank"
        ASKED_COLLEAGUE = "asked_colleague", "Asked a colleague"
        REMINDED = "reminded", "Reminder sent"
        ASSIGNED = "assigned", "Given to somebody"
        REVIEWED = "reviewed", "Reviewed after 90 days"

    entity_path: ClassVar[str] = "search__entity"

    search = models.ForeignKey(CashSearch, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=Kind)
    text = models.CharField(max_length=400, blank=True)
    next_step_on = models.DateField(null=True)
    message = models.ForeignKey("messaging.Message", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("steps of a search")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"


class Correction(ScopedModel):
    """Money that was applied to the wrong customer or document, and where it went instead.

    `before` and `after` hold numbers and amounts of what it paid. Undoing it is kept on the row.
    """

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="corrections")
    moved = models.OneToOneField(Receipt, null=True, on_delete=models.PROTECT, related_name="corrected_by")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    corrected_on = models.DateField()
    corrected_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(db_default=Now(), editable=False)
    undone_on = models.DateField(null=True, editable=False)
    undone_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undo_reason = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(
                ("entity_id", "receipt_id", "moved_id", "before", "after", "reason", "corrected_on", "corrected_by_id"),
                "corrections",
            ),
            *never_removed("corrections"),
        ]
        constraints = (
            models.CheckConstraint(
                condition=Q(undone_on=None, undone_by=None, undone_at=None)
                | Q(undone_on__isnull=False, undone_by__isnull=False, undone_at__isnull=False),
                name="the_undoing_of_a_correction_is_whole",
            ),
        )

    def __str__(self) -> str:
        return f"Correction of {self.receipt}"

    @property
    def paid_before(self) -> list[tuple[str, Money]]:
        """What it paid, by number."""
        return self._told(self.before)

    @property
    def paid_after(self) -> list[tuple[str, Money]]:
        """What it pays instead."""
        return self._told(self.after)

    def _told(self, amounts: Mapping[str, str]) -> list[tuple[str, Money]]:
        currency = self.receipt.currency
        return [(number, Money(Decimal(amount), currency)) for number, amount in amounts.items()]

    @property
    def target(self) -> Receipt:
        """The receipt that holds the money now: the moved one, or the same."""
        return self.moved or self.receipt
