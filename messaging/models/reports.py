"""What mail servers and providers report about mails after they left. Each report is kept once."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from core.guards import append_only
from core.scoping import ScopedModel


class MailReport(ScopedModel):
    """One thing that happened to a mail on its way, as somebody else tells it."""

    entity_path = "message__entity"

    class Kind(models.TextChoices):
        BOUNCED = "bounced", "Came back"
        DELAYED = "delayed", "Delayed"
        COMPLAINED = "complained", "Marked as spam"
        DELIVERED = "delivered", "Delivered"
        OPENED = "opened", "Opened in a mail program"

    source = models.CharField(max_length=20, help_text="The provider, or “mailbox” for mail that came back.")
    key = models.CharField(max_length=100, help_text="The event's own id, else a hash of what it says.")
    kind = models.CharField(max_length=10, choices=Kind)
    message = models.ForeignKey(
        "messaging.Message", null=True, on_delete=models.PROTECT, related_name="reports", help_text="Empty: not ours."
    )
    address = models.CharField(max_length=320, blank=True)
    detail = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("reports about mails")
        constraints = (models.UniqueConstraint(fields=("source", "key"), name="a_report_is_kept_once"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.address}".strip()
