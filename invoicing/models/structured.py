"""Structured invoices as they were written, kept beside the PDF."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel
from invoicing.models.credit_notes import CreditNote
from invoicing.models.invoices import Invoice


class StructuredInvoice(ScopedModel):
    """The data of an issued document in one profile: written once, stored with its hash, and never written anew."""

    class Profile(models.TextChoices):
        """A syntax together with the rules that hold for it."""

        CII = "cii", "CII, as in Factur-X and ZUGFeRD"
        PEPPOL = "peppol", "UBL, as in Peppol BIS 3"
        XRECHNUNG = "xrechnung", "UBL, as in XRechnung"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    invoice = models.ForeignKey(Invoice, null=True, on_delete=models.PROTECT, related_name="structured", db_index=False)
    credit_note = models.ForeignKey(
        CreditNote, null=True, on_delete=models.PROTECT, related_name="structured", db_index=False
    )
    profile = models.CharField(max_length=10, choices=Profile)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+", db_index=False)
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("structured invoices")
        constraints = (
            models.UniqueConstraint(fields=("invoice", "profile"), name="an_invoice_is_written_once_a_profile"),
            models.UniqueConstraint(fields=("credit_note", "profile"), name="a_credit_note_is_written_once_a_profile"),
            models.CheckConstraint(
                condition=Q(invoice=None, credit_note__isnull=False) | Q(invoice__isnull=False, credit_note=None),
                name="a_structured_invoice_is_of_one_document",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_profile_display()} of {self.invoice or self.credit_note}"
