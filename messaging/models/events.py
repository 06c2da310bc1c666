"""What became of a message, as it happened. The log only grows."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel


class DeliveryEvent(ScopedModel):
    """One line of a message's delivery log."""

    entity_path = "message__entity"

    class Kind(models.TextChoices):
        QUEUED = "queued", "Queued"
        CLAIMED = "claimed", "Taken up by a sender"
        HANDED_OVER = "handed_over", "Being handed to the mail server"
        SENT = "sent", "Taken by the mail server"
        REFUSED = "refused", "Address refused"
        POSTPONED = "postponed", "Postponed"
        FAILED = "failed", "Failed"
        BOUNCED = "bounced", "Came back"
        CANCELLED = "cancelled", "Not sent"
        LOST = "lost", "Sender lost on the way"
        CONFIRMED = "confirmed", "Found to have left"
        RELEASED = "released", "Released to be sent"
        READY = "ready", "Ready to print"
        PRINTED = "printed", "Printed and posted"
        RESENT = "resent", "Sent again as a new message"
        DELAYED = "delayed", "Delayed on its way"
        DELIVERED = "delivered", "Reached the reader's mail server"
        OPENED = "opened", "Opened in a mail program"
        COMPLAINED = "complained", "Marked as spam by the reader"
        IN_PRINT = "in_print", "Put into a file to print"

    message = models.ForeignKey("messaging.Message", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    address = models.CharField(max_length=320, blank=True, help_text="Where only one of the addresses is meant.")
    detail = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("delivery events")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.address}".strip()
