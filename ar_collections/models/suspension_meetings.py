"""The weekly meeting about suspensions, and what each owner says of their cases."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ar_collections.models.suspension import SuspensionOwner
from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class SuspensionMeeting(ScopedModel):
    """A meeting that was held, from its start to its end."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    cases = models.PositiveSmallIntegerField(default=0, help_text="How many were open when it started.")

    class Meta:
        ordering = ("-started_at",)
        triggers: ClassVar = [
            frozen_columns(("entity_id", "held_on", "started_at", "started_by_id", "cases"), "meetings"),
            *never_removed("meetings"),
            pgtrigger.Protect(
                name="ended_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ended_at__isnull=False)
            ),
        ]
        constraints = (
            models.UniqueConstraint(fields=("entity",), condition=Q(ended_at=None), name="one_meeting_at_a_time"),
        )

    def __str__(self) -> str:
        return f"Meeting of {self.held_on:%d %b %Y}"


class OwnerNote(ScopedModel):
    """What an owner says of a case, as it was said. The last one counts; `by` is another where somebody was away."""

    entity_path: ClassVar[str] = "owner__case__entity"

    owner = models.ForeignKey(SuspensionOwner, on_delete=models.PROTECT, related_name="notes")
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    meeting = models.ForeignKey(SuspensionMeeting, null=True, on_delete=models.PROTECT, related_name="notes")

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("notes of owners")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="a_note_says_something"),)
        indexes = (models.Index(fields=("owner", "-id"), name="notes_of_an_owner"),)

    def __str__(self) -> str:
        return self.text
