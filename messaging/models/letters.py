"""Letters put together to be printed in one go."""

from django.db import models
from django.db.models.functions import Now

from core.scoping import ScopedModel
from messaging.models.messages import Message


class PrintBatch(ScopedModel):
    """Some letters as one PDF. It stays, so that what a printer swallowed can be printed again."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    run = models.OneToOneField("core.Run", on_delete=models.PROTECT, related_name="print_batch")
    letters = models.ManyToManyField(Message, related_name="print_batches")
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    page_count = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey("core.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "print batches"

    def __str__(self) -> str:
        return f"Letters of {self.made_at:%d %B %Y}"
