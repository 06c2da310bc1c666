"""Statement files that come in by themselves: dropped into a folder or posted to the API, each once by its content."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed


class StatementFile(ScopedModel):
    """One file and what became of it. `file` is empty where the content was not even worth keeping."""

    class Origin(models.TextChoices):
        """How it came."""

        FOLDER = "folder", "Drop folder"
        API = "api", "API"

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting"
        TAKEN = "taken", "Taken in"
        REFUSED = "refused", "Refused"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=6, choices=Origin)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    bank_account = models.ForeignKey("core.BankAccount", null=True, on_delete=models.PROTECT, related_name="+")
    mapping_name = models.CharField(max_length=80, blank=True)
    run = models.ForeignKey("core.Run", null=True, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    message = models.TextField(blank=True, help_text="Why it was refused, or what it brought.")
    new_lines = models.PositiveIntegerField(default=0)
    known_lines = models.PositiveIntegerField(default=0)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-received_at", "-pk")
        triggers: ClassVar = [
            frozen_columns(("entity_id", "origin", "name", "sha256", "received_by_id"), "statement files"),
            *never_removed("statement files"),
        ]
        constraints = (
            models.UniqueConstraint(fields=("entity", "sha256"), name="a_statement_file_comes_in_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None) | Q(decided_at__isnull=False),
                name="a_decided_statement_file_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(message=""), name="a_refused_statement_file_says_why"
            ),
        )

    def __str__(self) -> str:
        return self.name
