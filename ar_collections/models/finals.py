"""Finals: whether they arrived, and the questions that would stop their payment."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ar_collections.finals import QuestionKind
from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
ASKED = "entity_id item_id kind text asked_on asked_by_id asked_at due_on".split()


class FinalReceipt(ScopedModel):
    """What somebody at the customer says: the final arrived, or it didn't. The last word counts."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="final_receipts")
    arrived = models.BooleanField()
    said_by = models.CharField(max_length=120, help_text="Who says so, at the customer.")
    said_on = models.DateField()
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("answers about finals")
        indexes = (models.Index(fields=("item", "-id"), name="answers_about_a_final"),)

    def __str__(self) -> str:
        return f"{self.item.number} {'arrived' if self.arrived else 'did not arrive'}, says {self.said_by}"


class FinalQuestion(ScopedModel):
    """What must be answered before a final is paid, until it is answered, once."""

    Kind = QuestionKind

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="final_questions")
    kind = models.CharField(max_length=14, choices=QuestionKind)
    text = models.CharField(max_length=400)
    asked_on = models.DateField()
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", help_text="Who wrote it down.")
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    owner = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(help_text="By when it is answered.")
    answer = models.CharField(max_length=400, blank=True)
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("due_on", "pk")
        triggers: ClassVar = [
            frozen_columns(ASKED, "questions about finals"),
            *never_removed("questions about finals"),
            pgtrigger.Protect(
                name="answered_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__answered_on__isnull=False)
            ),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("item", "kind", "text"),
                condition=Q(answered_on=None),
                name="a_question_about_a_final_is_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, answered_by=None, answer="", file=None)
                | Q(answered_on__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="the_answer_about_a_final_is_whole",
            ),
        )
        indexes = (
            models.Index(fields=("entity", "due_on"), condition=Q(answered_on=None), name="questions_to_answer"),
        )

    def __str__(self) -> str:
        return f"{self.item.number}: {self.text}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered."""
        return self.answered_on is None
