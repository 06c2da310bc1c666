"""Files that people attach and documents that were sent, by their content's hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel, ScopedQuerySet

if TYPE_CHECKING:
    from core.models.people import User


class StoredFiles(ScopedQuerySet["StoredFile"]):
    """Files, of which those that are sealed are found through what they belong to and in no other way."""

    def visible_to(self, by: User) -> Self:
        """Files of companies whose rooms the person may see, but none that is sealed."""
        return super().visible_to(by).filter(is_sealed=False)


class StoredFile(ScopedModel):
    """A file as it came in or went out. Its bytes are kept once per content and never change."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stored_at = models.DateTimeField(db_default=Now(), editable=False)
    is_sealed = models.BooleanField(
        default=False,
        db_default=False,
        help_text="An order to a bank: fetched by its own action, never by its address.",
    )

    objects: ClassVar = StoredFiles.as_manager()

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("stored files")
        indexes = (models.Index(fields=("entity", "sha256"), name="file_by_content"),)

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the storage keeps the bytes."""
        return f"files/{self.sha256[:2]}/{self.sha256}"

    def read(self) -> bytes:
        """All bytes of the file."""
        with default_storage.open(self.path) as handle:
            return bytes(handle.read())
