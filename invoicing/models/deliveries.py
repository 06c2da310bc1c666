"""Documents that reached their customers on another way than our mails and letters."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import frozen_columns
from core.scoping import ScopedModel
from invoicing.models.credit_notes import CreditNote
from invoicing.models.documents import Document
from invoicing.models.invoices import Invoice
from ledger.guards import never_removed

KEPT = ("entity_id", "invoice_id", "credit_note_id", "delivered_on", "way", "recorded_by_id", "recorded_at")


class OtherDelivery(ScopedModel):
    """Somebody's word that a document arrived: handed over, sent by a courier, or by the system before this one."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="other_deliveries")
    credit_note = models.ForeignKey(CreditNote, null=True, on_delete=models.PROTECT, related_name="other_deliveries")
    delivered_on = models.DateField()
    way = models.CharField(max_length=200, help_text="How it reached the customer, in a few words.")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [frozen_columns(KEPT, "deliveries"), *never_removed("deliveries")]
        constraints = (
            models.UniqueConstraint(
                fields=("invoice",), condition=Q(ended_at=None), name="an_invoice_arrives_otherwise_once"
            ),
            models.UniqueConstraint(
                fields=("credit_note",), condition=Q(ended_at=None), name="a_credit_note_arrives_otherwise_once"
            ),
            models.CheckConstraint(
                condition=Q(invoice=None, credit_note__isnull=False) | Q(invoice__isnull=False, credit_note=None),
                name="a_delivery_is_of_one_document",
            ),
            models.CheckConstraint(condition=~Q(way=""), name="a_delivery_says_how"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                name="a_delivery_is_taken_back_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document.number}: {self.way}"

    @property
    def document(self) -> Document:
        """The invoice or the credit note."""
        document = self.invoice or self.credit_note
        if document is None:
            raise AssertionError("A delivery is of one document.")
        return document
