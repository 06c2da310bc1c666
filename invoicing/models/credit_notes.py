"""Credit notes: each corrects one invoice, in full or in part."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from invoicing.guards import issued_documents_stay, parts_of_issued_stay
from invoicing.models.documents import Document, DocumentLine, DocumentTax
from invoicing.models.invoices import Invoice, InvoiceLine


class CreditNote(Document):
    """What a customer is credited, naming the invoice that it corrects."""

    class Reason(models.TextChoices):
        """Why."""

        PRICE = "price", "Wrong price"
        QUANTITY = "quantity", "Wrong quantity"
        RETURN = "return", "Goods returned"
        SERVICE = "service", "Not or badly delivered"
        CANCELLATION = "cancellation", "Order or contract cancelled"
        DUPLICATE = "duplicate", "Invoiced twice"
        TAX = "tax", "Wrong tax"
        GOODWILL = "goodwill", "Goodwill"
        OTHER = "other", "Other"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    reason_code = models.CharField(max_length=12, choices=Reason)
    reason = models.CharField(max_length=300, help_text="Printed on the credit note.")
    file = models.ForeignKey(
        "core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="What shows that the reason is true.",
    )  # fmt: skip
    rebills = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Issuing it writes a draft with the lines of its invoice.",
    )

    class Meta(Document.Meta):
        abstract = False
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("entity", "-issued_on", "-id"), name="credit_notes_by_day"),
            models.Index(fields=("customer", "-issued_on"), name="credit_notes_of_a_customer"),
            models.Index(
                fields=("id",),
                condition=Q(number__isnull=False, pdf=None, is_imported=False),
                name="credit_notes_to_print",
            ),
        )
        triggers = issued_documents_stay("credit notes")


class CreditNoteLine(DocumentLine):
    """A line of a credit note, for a line of the invoice or for an amount of it."""

    entity_path: ClassVar[str] = "credit_note__entity"

    credit_note = models.ForeignKey(CreditNote, on_delete=models.CASCADE, related_name="lines", db_index=False)
    invoice_line = models.ForeignKey(
        InvoiceLine, null=True, on_delete=models.PROTECT, related_name="credits", help_text="Empty: an amount."
    )
    credited_from = models.DateField(
        null=True, editable=False, help_text="It credits the days of the line's service from this one on."
    )

    class Meta(DocumentLine.Meta):
        abstract = False
        ordering = ("credit_note_id", "position")
        constraints: ClassVar = [
            *DocumentLine.Meta.constraints,
            models.UniqueConstraint(fields=("credit_note", "position"), name="one_credit_line_a_position"),
        ]
        triggers = parts_of_issued_stay("credit notes", "invoicing_creditnote", "credit_note_id")


class CreditNoteTax(DocumentTax):
    """The tax of a credit note at one rate."""

    entity_path: ClassVar[str] = "credit_note__entity"

    credit_note = models.ForeignKey(CreditNote, on_delete=models.CASCADE, related_name="taxes", db_index=False)

    class Meta(DocumentTax.Meta):
        abstract = False
        ordering = ("credit_note_id", "-tax_rate__percent", "pk")
        verbose_name_plural = "credit note taxes"
        constraints = (models.UniqueConstraint(fields=("credit_note", "tax_rate"), name="one_credit_tax_a_rate"),)
        triggers = parts_of_issued_stay("credit notes", "invoicing_creditnote", "credit_note_id")
