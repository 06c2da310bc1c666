"""Policies: how things are done, beside the screens where they are done, and who has read which version."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel

PERSON = settings.AUTH_USER_MODEL
LONGEST = 100_000


class Policy(ScopedModel):
    """A procedure under its title. Its text is in its versions; the newest counts."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="policies")
    title = models.CharField(max_length=120)
    screens = ArrayField(models.CharField(max_length=80), default=list, help_text="Names of the addresses it governs.")
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("title",)
        verbose_name_plural = "policies"
        triggers: ClassVar = [frozen_columns(("entity_id", "written_by_id", "written_at"), "policies")]
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "title"), condition=Q(ended_at=None), name="one_policy_of_a_title_in_force"
            ),
        )

    def __str__(self) -> str:
        return self.title


class PolicyVersion(ScopedModel):
    """What a policy said from a moment on, in Markdown, and what had changed."""

    entity_path: ClassVar[str] = "policy__entity"

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField(max_length=LONGEST)
    change = models.CharField(max_length=300, help_text="What is new in it.")
    published_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("policy", "-number")
        triggers: ClassVar = append_only("versions of a policy")
        constraints = (models.UniqueConstraint(fields=("policy", "number"), name="policy_versions_are_numbered"),)

    def __str__(self) -> str:
        return f"{self.policy}, version {self.number}"


class PolicyReading(ScopedModel):
    """That somebody confirmed to have read a version."""

    entity_path: ClassVar[str] = "version__policy__entity"

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("readings of policies")
        constraints = (models.UniqueConstraint(fields=("version", "person"), name="a_version_is_read_once_by_each"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.version}"
