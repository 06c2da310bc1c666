"""The UK's modulus rules as Pay.UK publishes them, each issue with the day from which it counts."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.guards import append_only


class ModulusIssue(models.Model):
    """One issue of the files valacdos.txt and scsubtab.txt, for all companies."""

    valid_from = models.DateField(unique=True)
    weights = models.TextField()
    substitutes = models.TextField(blank=True)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-valid_from",)
        triggers: ClassVar = append_only("issues of modulus rules")

    def __str__(self) -> str:
        return f"modulus rules from {self.valid_from:%d %b %Y}"
