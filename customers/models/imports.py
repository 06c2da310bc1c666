"""Customers brought in from files of other programs."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.scoping import ScopedModel
from customers.models.terms import PaymentTerms


class DecimalSign(models.TextChoices):
    """What stands before the decimals of an amount."""

    POINT = ".", "A point: 1,234.50"
    COMMA = ",", "A comma: 1.234,50"


class ImportMapping(ScopedModel):
    """Which column of a file holds what, kept under a name for the next file of that kind."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    columns = models.JSONField(help_text="Our field by the file's heading.")
    decimal_sign = models.CharField(max_length=1, choices=DecimalSign, default=DecimalSign.POINT)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("entity", "name"), name="one_customer_mapping_of_a_name"),)

    def __str__(self) -> str:
        return self.name


class CustomerImport(ScopedModel):
    """An uploaded file on its way from columns to customers."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Uploaded"
        IMPORTED = "imported", "Imported"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    columns = models.JSONField(default=dict, help_text="Our field by the file's heading.")
    decimal_sign = models.CharField(max_length=1, choices=DecimalSign, default=DecimalSign.POINT)
    default_terms = models.ForeignKey(PaymentTerms, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.UPLOADED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)
    created_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.file.name
