"""Payments that look as if they came twice, with what shows it and what somebody decided."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class DuplicatePayment(ScopedModel):
    """A receipt that was probably paid twice. Whether it is refunded shows in its refunds; kept is a decision."""

    class Cause(models.TextChoices):
        """What it looks like."""

        SAME_PAYMENT = "same_payment", "Same payer, amount and reference"
        DOCUMENT_PAID = "document_paid", "Its document was paid before"

    entity_path: ClassVar[str] = "receipt__entity"

    receipt = models.OneToOneField("cashapp.Receipt", on_delete=models.PROTECT, related_name="duplicate")
    cause = models.CharField(max_length=14, choices=Cause)
    twin = models.ForeignKey("cashapp.Receipt", null=True, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey("ledger.OpenItem", null=True, on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=400)
    found_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(db_default=Now(), editable=False)
    kept_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(null=True)
    kept_note = models.CharField(max_length=300, blank=True, help_text="With whose consent it stays on account.")

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(
                ("receipt_id", "cause", "twin_id", "document_id", "evidence", "found_by_id"), "duplicate payments"
            ),
            *never_removed("duplicate payments"),
        ]
        constraints = (
            models.CheckConstraint(
                condition=Q(cause="same_payment", twin__isnull=False)
                | Q(cause="document_paid", document__isnull=False),
                name="a_duplicate_has_its_other_half",
            ),
            models.CheckConstraint(condition=Q(twin=None) | ~Q(twin=F("receipt")), name="no_receipt_is_its_own_twin"),
            models.CheckConstraint(
                condition=Q(kept_by=None, kept_at=None, kept_note="")
                | (Q(kept_by__isnull=False, kept_at__isnull=False) & ~Q(kept_note="")),
                name="a_kept_payment_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"Duplicate {self.receipt}"
