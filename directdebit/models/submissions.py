"""Files that were made for a bank: collections of one day, or instructions to be lodged and cancelled."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from directdebit.models.creditors import Creditor
from directdebit.models.runs import CollectionRun
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
KEPT = (
    "entity_id creditor_id kind run_id collect_on input_on processed_on serial name count amount currency file_id "
    "prepared_by_id approved_by_id"
).split()


class Submission(ScopedModel):
    """What one person prepared and another approved to leave, as one file or in one go through a provider."""

    class Kind(models.TextChoices):
        """What it tells the bank."""

        COLLECTIONS = "collections", "Collections"
        INSTRUCTIONS = "instructions", "Instructions"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="submissions")
    kind = models.CharField(max_length=12, choices=Kind)
    run = models.ForeignKey(CollectionRun, null=True, on_delete=models.PROTECT, related_name="submissions")
    collect_on = models.DateField(null=True, help_text="The day on which payers are debited.")
    input_on = models.DateField(help_text="The latest day to hand it in.")
    processed_on = models.DateField()
    serial = models.PositiveIntegerField()
    name = models.CharField(max_length=35, help_text="The file's own identification, which comes back with answers.")
    count = models.PositiveIntegerField()
    amount = AmountField()
    currency = CurrencyField()
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    prepared_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(db_default=Now(), editable=False)
    taken_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    taken_at = models.DateTimeField(null=True, editable=False, help_text="When the file was fetched for the bank.")
    line = models.OneToOneField(
        "cashapp.BankStatementLine", null=True, on_delete=models.PROTECT, related_name="submission", editable=False
    )
    entry = models.OneToOneField(
        "ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [frozen_columns(KEPT, "submissions"), *never_removed("submissions")]
        constraints = (
            models.UniqueConstraint(fields=("creditor", "serial"), name="a_serial_is_used_once"),
            models.UniqueConstraint(fields=("run", "collect_on"), name="a_day_of_a_run_is_submitted_once"),
            models.CheckConstraint(
                condition=Q(kind="instructions") | ~Q(prepared_by=F("approved_by")),
                name="a_second_person_submits_collections",
            ),
            models.CheckConstraint(
                condition=Q(kind="collections", run__isnull=False, collect_on__isnull=False)
                | Q(kind="instructions", run=None, collect_on=None),
                name="collections_have_a_run_and_a_day",
            ),
        )
        indexes = (models.Index(fields=("entity", "name"), name="submissions_by_name"),)

    def __str__(self) -> str:
        return self.name

    @property
    def money(self) -> Money:
        """What it draws in all."""
        return Money(self.amount, self.currency)


class BlockArrival(ScopedModel):
    """A payment block of a SEPA file whose sum the bank credited by itself, and the line on which it did."""

    entity_path: ClassVar[str] = "submission__entity"

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="block_arrivals")
    place = models.PositiveIntegerField(help_text="The block's place in the file, from one.")
    line = models.OneToOneField(
        "cashapp.BankStatementLine", on_delete=models.PROTECT, related_name="block_arrival", editable=False
    )
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ("submission", "place")
        triggers: ClassVar = append_only("arrivals of payment blocks")
        constraints = (models.UniqueConstraint(fields=("submission", "place"), name="a_block_arrives_once"),)

    def __str__(self) -> str:
        return f"{self.submission}, block {self.place}"
