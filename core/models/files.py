"""Files that people attach and documents that were sent, by their content's hash."""

from typing import ClassVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel


class StoredFile(ScopedModel):
    """A file as it came in or went out. Its bytes are kept once per content and never change."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stored_at = models.DateTimeField(db_default=Now(), editable=False)

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
