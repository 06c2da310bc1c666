"""The audit trail: who did what to what, when, why, with what before and after. It only grows."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel


class AuditEvent(ScopedModel):
    """One thing that somebody did, in the same transaction as the thing itself."""

    entity = models.ForeignKey("core.LegalEntity", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    event = models.CharField(max_length=60, help_text="Past tense with its noun first, such as receipt.posted.")
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    object_label = models.CharField(max_length=200)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("audit events")
        indexes = (
            models.Index(fields=("object_type", "object_id"), name="audit_of_an_object"),
            models.Index(fields=("entity", "-at"), name="audit_of_an_entity"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.object_label}"
