"""Strategies: when, in which tone and by which way customers are asked to pay, as versions that are switched on."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ar_collections.tones import TEMPLATES, Tone
from core.fields import AmountField
from core.guards import frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
LIVE = "EXISTS (SELECT FROM collections_strategyversion WHERE id = {row}.version_id AND switched_on_at IS NOT NULL)"
STAY = "RAISE EXCEPTION 'o2c: the steps of a version that was switched on stay' USING ERRCODE = 'restrict_violation';"


class Strategy(ScopedModel):
    """A ladder by its name. What it says is in its versions, so that every notice keeps the one it was written by."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "strategies"
        triggers: ClassVar = [frozen_columns(("entity_id", "code"), "strategies"), *never_removed("strategies")]
        constraints = (models.UniqueConstraint(fields=("entity", "code"), name="one_strategy_of_a_code"),)

    def __str__(self) -> str:
        return self.name


class StrategyVersion(ScopedModel):
    """What a strategy says. A draft may be changed; once it was switched on, it and its steps stay as they are."""

    entity_path: ClassVar[str] = "strategy__entity"

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    gap_days = models.PositiveSmallIntegerField(
        default=3, validators=[MaxValueValidator(30)], help_text="Days from one automatic message to the next."
    )
    note = models.CharField(max_length=300, blank=True, help_text="What is new in it.")
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    switched_on_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    switched_on_at = models.DateTimeField(null=True)
    switched_off_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    switched_off_at = models.DateTimeField(null=True)
    off_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("strategy", "-number")
        triggers: ClassVar = [
            frozen_columns(("strategy_id", "number", "written_by_id"), "versions of strategies"),
            *never_removed("versions of strategies"),
            pgtrigger.Trigger(
                name="stays_once_switched_on",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.switched_on_at IS NOT NULL
                        AND (NEW.gap_days, NEW.note, NEW.switched_on_at, NEW.switched_on_by_id)
                            IS DISTINCT FROM (OLD.gap_days, OLD.note, OLD.switched_on_at, OLD.switched_on_by_id)
                        OR OLD.switched_off_at IS NOT NULL
                    THEN
                        RAISE EXCEPTION 'o2c: a version that was switched on stays as it is'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        constraints = (
            models.UniqueConstraint(fields=("strategy", "number"), name="one_strategy_version_a_number"),
            models.UniqueConstraint(
                fields=("strategy",),
                condition=Q(switched_on_at__isnull=False, switched_off_at=None),
                name="one_strategy_version_is_on",
            ),
            models.UniqueConstraint(
                fields=("strategy",), condition=Q(switched_on_at=None), name="one_draft_of_a_strategy"
            ),
            models.CheckConstraint(
                condition=Q(switched_off_at=None) | Q(switched_on_at__isnull=False) & ~Q(off_reason=""),
                name="what_is_switched_off_was_on_and_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.strategy.name}, version {self.number}"

    @property
    def is_on(self) -> bool:
        """Whether customers are written to by it."""
        return self.switched_on_at is not None and self.switched_off_at is None

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.switched_on_at is None


class Step(ScopedModel):
    """One rung of a ladder: from which day on, by which way, in which words, and who is on copy."""

    entity_path: ClassVar[str] = "version__strategy__entity"

    class Channel(models.TextChoices):
        """What is written; a call may be asked for beside it."""

        EMAIL = "email", "E-mail"
        LETTER = "letter", "Letter"
        NONE = "none", "Nothing written"

    class Copy(models.TextChoices):
        """Who at the customer's is on copy."""

        NOBODY = "", "Nobody"
        ESCALATION = "escalation", "Their contact for escalations"
        EVERYBODY = "everybody", "All their contacts"

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="steps")
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=60)
    day = models.SmallIntegerField(
        validators=[MinValueValidator(-60), MaxValueValidator(720)],
        help_text="Days past due; before the due date with a minus.",
    )
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.EMAIL)
    asks_call = models.BooleanField("Call as well", default=False)
    template = models.CharField(max_length=40, choices=TEMPLATES, blank=True)
    tone = models.CharField(max_length=10, choices=Tone)
    copy_to = models.CharField(max_length=10, choices=Copy, default=Copy.NOBODY, blank=True)
    copy_addresses = ArrayField(models.EmailField(), default=list, blank=True, help_text="People here, by address.")
    is_courtesy = models.BooleanField(
        "May be passed over", default=False, help_text="Left out once the day of a later step has come."
    )
    is_by_hand = models.BooleanField(
        "A manager sends it", default=False, help_text="The night never sends it by itself."
    )

    class Meta:
        ordering = ("version", "day")
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="added_to_drafts_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"IF {LIVE.format(row='NEW')} THEN {STAY} END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="stays_once_switched_on",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"IF {LIVE.format(row='OLD')} THEN {STAY} END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="removed_from_drafts_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=f"IF {LIVE.format(row='OLD')} THEN {STAY} END IF; RETURN OLD;",
            ),
        ]
        constraints = (
            models.UniqueConstraint(fields=("version", "code"), name="one_step_of_a_code"),
            models.UniqueConstraint(fields=("version", "day"), name="one_step_a_day"),
            models.CheckConstraint(condition=Q(channel="none") | ~Q(template=""), name="what_is_written_has_its_words"),
            models.CheckConstraint(
                condition=~Q(channel="none") | Q(asks_call=True) | Q(is_by_hand=True), name="a_step_does_something"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Segment(ScopedModel):
    """Whose items follow a strategy. The first in the list that fits decides, see `ar_collections/segments.py`."""

    class Rule(models.TextChoices):
        """By what an item or its customer belongs to it."""

        FINAL = "final", "Final invoices"
        RECURRING = "recurring", "Recurring invoices"
        BY_HAND = "by_hand", "Customers put into it by hand"
        KEYWORD = "keyword", "Customers whose segment in the master data is"
        MANDATE = "mandate", "Customers with an active direct debit mandate"
        SMALL = "small", "Customers who owe less than"
        ALL = "all", "Everybody else"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=30)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=10, choices=Rule)
    keyword = models.CharField(max_length=60, blank=True)
    threshold = AmountField(null=True, blank=True, help_text="In the currency of the books.")
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="segments")

    class Meta:
        ordering = ("entity", "position")
        triggers: ClassVar = [frozen_columns(("entity_id", "code"), "segments"), *never_removed("segments")]
        constraints = (
            models.UniqueConstraint(fields=("entity", "code"), name="one_segment_of_a_code"),
            models.UniqueConstraint(fields=("entity", "position"), name="one_segment_a_position"),
            models.CheckConstraint(
                condition=~Q(rule="keyword") | ~Q(keyword=""), name="a_segment_by_word_has_its_word"
            ),
            models.CheckConstraint(
                condition=~Q(rule="small") | Q(threshold__gt=0), name="a_segment_by_amount_has_its_amount"
            ),
        )

    def __str__(self) -> str:
        return self.name


class SegmentAssignment(ScopedModel):
    """A customer put into a segment by hand, until somebody ends it."""

    entity_path: ClassVar[str] = "segment__entity"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="segment_assignments")
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="assignments")
    reason = models.CharField(max_length=300)
    assigned_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(("customer_id", "segment_id", "reason", "assigned_by_id"), "assignments"),
            *never_removed("assignments to segments"),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=Q(ended_at=None), name="a_customer_is_put_into_one_segment"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_assignment_has_its_reason"),
        )

    def __str__(self) -> str:
        return f"{self.customer} in {self.segment}"
