"""Proposals of the matcher that somebody accepted together: the list that they saw, line by line."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from cashapp.models.matching import MatchTask
from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL


class Acceptance(ScopedModel):
    """A list of proposals that a person accepted after looking at it. A run posts them."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    request_id = models.UUIDField(unique=True)
    run = models.OneToOneField("core.Run", on_delete=models.PROTECT, related_name="acceptance")
    accepted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("acceptances")

    def __str__(self) -> str:
        return f"Proposals accepted by {self.accepted_by.name}"


class AcceptedLine(ScopedModel):
    """One line of such a list, with the version that was seen. Done once it is posted or refused."""

    entity_path: ClassVar[str] = "acceptance__entity"

    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="lines")
    task = models.ForeignKey(MatchTask, on_delete=models.PROTECT, related_name="acceptances")
    seen = models.PositiveIntegerField(help_text="The version of the line that the person saw.")
    proposed_at = models.DateTimeField(help_text="When the proposal was made that the person saw.")
    done_at = models.DateTimeField(null=True, editable=False)
    refusal = models.CharField(max_length=400, blank=True, editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(("acceptance_id", "task_id", "seen", "proposed_at"), "accepted lines"),
            *never_removed("accepted lines"),
        ]
        constraints = (models.UniqueConstraint(fields=("acceptance", "task"), name="a_line_is_accepted_once_a_list"),)

    def __str__(self) -> str:
        return str(self.task)
