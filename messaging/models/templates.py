"""Templates: what messages of a kind say in a language. A change is a new version; the old ones stay."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel


class Template(ScopedModel):
    """The wording for one kind of message in one language. The text itself is in its versions."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40, help_text="One of the kinds in the setting MESSAGE_KINDS.")
    language = models.CharField(max_length=8)

    class Meta:
        ordering = ("kind", "language")
        constraints = (
            models.UniqueConstraint(fields=("entity", "kind", "language"), name="one_template_a_kind_and_language"),
        )

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')} ({self.language})"


class TemplateVersion(ScopedModel):
    """A wording as it was from some day on. Messages name the version that they were written with."""

    entity_path = "template__entity"

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(help_text="What stands inside the frame with the company's name and address.")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("template", "-number")
        triggers: ClassVar = append_only("versions of a template")
        constraints = (models.UniqueConstraint(fields=("template", "number"), name="template_versions_are_numbered"),)

    def __str__(self) -> str:
        return f"{self.template}, version {self.number}"
