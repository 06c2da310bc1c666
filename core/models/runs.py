"""Runs: work over many customers or documents that people start, watch, and can start again."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.scoping import ScopedModel


class Run(ScopedModel):
    """One piece of long work. Its key is unique, so that a day's work is done once however often it is asked for."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Stopped by an error"
        CANCELLED = "cancelled", "Cancelled"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=40, help_text="Such as issue_invoices or match_statement.")
    business_date = models.DateField()
    part = models.CharField(max_length=80, blank=True, help_text="What tells runs of a kind and day apart.")
    title = models.CharField(max_length=160)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    parameters = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict, help_text="Figures that the finished run shows.")
    message = models.TextField(blank=True)
    link = models.CharField(max_length=200, blank=True, help_text="Where the result is to be seen.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("entity", "kind", "business_date", "part"), name="a_run_is_done_once"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen unless somebody starts it again."""
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}

    @property
    def percent(self) -> int:
        """Share of the work that is behind us, errors included."""
        return 100 * (self.done + self.failed) // self.total if self.total else 0


class RunError(models.Model):
    """What went wrong for one customer or document while the others went on."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="errors")
    label = models.CharField(max_length=120)
    message = models.TextField()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("run", "label"), name="one_error_a_label_and_run"),)

    def __str__(self) -> str:
        return f"{self.label}: {self.message}"
