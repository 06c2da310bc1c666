"""Names and addresses as they stood when a document was issued."""

from typing import ClassVar

from django.db import models

from core.guards import append_only
from core.scoping import ScopedModel


class Party(ScopedModel):
    """A seller or buyer as issued documents name it. The same content is kept once, however many documents use it."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, editable=False)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    address_lines = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True)
    tax_number = models.CharField(max_length=30, blank=True)
    registration_number = models.CharField(max_length=60, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True, default="", db_default="")
    postcode = models.CharField(max_length=20, blank=True, default="", db_default="")
    city = models.CharField(max_length=80, blank=True, default="", db_default="")
    region = models.CharField(max_length=80, blank=True, default="", db_default="")
    electronic_scheme = models.CharField(max_length=4, blank=True, default="", db_default="")
    electronic_address = models.CharField(max_length=60, blank=True, default="", db_default="")
    buyer_reference = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        verbose_name_plural = "parties"
        triggers: ClassVar = append_only("parties to documents")
        constraints = (models.UniqueConstraint(fields=("entity", "digest"), name="a_party_is_kept_once"),)

    def __str__(self) -> str:
        return self.name
