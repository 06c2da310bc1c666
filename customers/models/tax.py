"""Certificates by which a customer buys free of tax."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.scoping import ScopedModel
from customers.models.customer import Customer


class TaxCertificate(ScopedModel):
    """An exemption certificate: without a valid one the seller owes the tax."""

    entity_path = "customer__entity"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="tax_certificates")
    number = models.CharField(max_length=60)
    jurisdiction = models.CharField(max_length=60, help_text="Country or state that it holds in, such as US-NY.")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Left empty: until withdrawn.")
    file = models.ForeignKey("core.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-valid_from", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "jurisdiction", "number"),
                name="a_tax_certificate_is_recorded_once",
                violation_error_message="This certificate is recorded already.",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="a_tax_certificate_ends_after_it_begins",
                violation_error_message="The certificate can't end before it begins.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.number}"

    def is_valid_on(self, day: date) -> bool:
        """Whether it covers a sale of that day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
