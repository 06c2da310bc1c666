"""Documents that a customer wants in its own portal: a task for a person, done only with proof."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from invoicing.models.credit_notes import CreditNote
from invoicing.models.documents import Document
from invoicing.models.invoices import Invoice


class UploadTask(ScopedModel):
    """A document to put into the customer's portal. It counts as delivered when the task is done, and not before."""

    class State(models.TextChoices):
        OPEN = "open", "To upload"
        DONE = "done", "Uploaded"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    invoice = models.OneToOneField(Invoice, null=True, on_delete=models.PROTECT, related_name="upload")
    credit_note = models.OneToOneField(CreditNote, null=True, on_delete=models.PROTECT, related_name="upload")
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(("entity_id", "customer_id", "invoice_id", "credit_note_id", "opened_at"), "upload tasks")
        ]
        indexes = (models.Index(fields=("entity", "state", "opened_at"), name="uploads_by_state"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(invoice=None, credit_note__isnull=False) | Q(invoice__isnull=False, credit_note=None),
                name="an_upload_is_of_one_document",
            ),
        )

    def __str__(self) -> str:
        return f"Upload of {self.document.number}"

    @property
    def document(self) -> Document:
        """The invoice or the credit note."""
        document = self.invoice or self.credit_note
        if document is None:
            raise AssertionError("An upload is of one document.")
        return document


class UploadStep(ScopedModel):
    """What somebody did about an upload. A wrong step is answered by the next one."""

    entity_path = "task__entity"

    class Kind(models.TextChoices):
        DONE = "done", "Uploaded"
        REOPENED = "reopened", "To upload again"

    task = models.ForeignKey(UploadTask, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind)
    uploaded_on = models.DateField(null=True)
    reference = models.CharField(max_length=80, blank=True, help_text="What the portal calls the upload.")
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("steps of an upload")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="done", uploaded_on__isnull=False) & (~Q(reference="") | Q(file__isnull=False))
                | Q(kind="reopened", uploaded_on=None) & ~Q(reason=""),
                name="an_upload_is_proved_or_its_reopening_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}".strip()
