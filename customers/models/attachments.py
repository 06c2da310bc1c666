"""Files and notes at a customer. Both only grow."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now, Upper

from core.guards import append_only
from core.scoping import ScopedModel
from customers.models.customer import Customer


class CustomerFile(ScopedModel):
    """A file attached to a customer, with what it is."""

    entity_path = "customer__entity"

    class Kind(models.TextChoices):
        CONTRACT = "contract", "Contract"
        PURCHASE_ORDER = "purchase_order", "Purchase order"
        TAX_CERTIFICATE = "tax_certificate", "Tax certificate"
        PROOF_OF_PAYMENT = "proof_of_payment", "Proof of payment"
        CREDIT_REPORT = "credit_report", "Credit report"
        OTHER = "other", "Other"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OTHER)
    note = models.CharField(max_length=200, blank=True)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("files of customers")

    def __str__(self) -> str:
        return self.file.name


class CustomerNote(ScopedModel):
    """What somebody wants the next person to know. A wrong note is answered by another one."""

    entity_path = "customer__entity"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=4000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        indexes = (GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="notes_by_any_word"),)
        triggers: ClassVar = append_only("notes on customers")

    def __str__(self) -> str:
        return self.text[:80]
