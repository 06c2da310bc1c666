"""Rules that a manager writes: which lines they are about, what they say of them, and how they fared when tried."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ar_collections.reasons import DeductionReason
from core.fields import AmountField
from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
WRITTEN = (
    "rule_id number payer text account bank_account_id amount_from amount_to effect customer_id reason written_by_id "
    "written_at"
).split()


class WrittenRule(ScopedModel):
    """A rule by its name. What it says is in its versions, so that every decision keeps the one it was made by."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("name",)
        triggers: ClassVar = [frozen_columns(("entity_id", "name"), "rules"), *never_removed("rules")]
        constraints = (models.UniqueConstraint(fields=("entity", "name"), name="one_rule_of_a_name"),)

    def __str__(self) -> str:
        return self.name


class RuleVersion(ScopedModel):
    """What a rule says since somebody wrote it so. It counts from the day on which it was switched on."""

    entity_path: ClassVar[str] = "rule__entity"

    class Effect(models.TextChoices):
        """What it says of a line that meets it."""

        IDENTIFIES = "identifies", "It is this customer’s money"
        ON_ACCOUNT = "on_account", "Keep it on this customer’s account"
        EXPLAINS = "explains", "What is missing has this reason"

    rule = models.ForeignKey(WrittenRule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    payer = models.CharField(max_length=120, blank=True, help_text="Words of the payer’s name; * stands for anything.")
    text = models.CharField(max_length=200, blank=True, help_text="Words of the text; * stands for anything.")
    account = models.CharField(max_length=64, blank=True, help_text="The account that the money comes from.")
    bank_account = models.ForeignKey(
        "core.BankAccount", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    amount_from = AmountField(null=True, blank=True)
    amount_to = AmountField(null=True, blank=True)
    effect = models.CharField(max_length=10, choices=Effect)
    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=DeductionReason, blank=True)
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now(), editable=False)
    switched_on_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    switched_on_at = models.DateTimeField(null=True)
    switched_off_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    switched_off_at = models.DateTimeField(null=True)
    off_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("rule", "-number")
        triggers: ClassVar = [
            frozen_columns(WRITTEN, "versions of rules"),
            *never_removed("versions of rules"),
            pgtrigger.Protect(
                name="switched_off_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__switched_off_at__isnull=False),
            ),
        ]
        constraints = (
            models.UniqueConstraint(fields=("rule", "number"), name="one_version_a_number"),
            models.UniqueConstraint(
                fields=("rule",),
                condition=Q(switched_on_at__isnull=False, switched_off_at=None),
                name="one_version_is_switched_on",
            ),
            models.CheckConstraint(
                condition=~Q(payer="") | ~Q(text="") | ~Q(account=""), name="a_rule_has_a_condition"
            ),
            models.CheckConstraint(
                condition=Q(effect="explains") & ~Q(reason="") | ~Q(effect="explains") & Q(customer__isnull=False),
                name="a_rule_says_something",
            ),
            models.CheckConstraint(
                condition=Q(amount_from=None) | Q(amount_to=None) | Q(amount_from__lte=F("amount_to")),
                name="amounts_of_a_rule_are_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule.name}, version {self.number}"

    @property
    def is_on(self) -> bool:
        """Whether the matcher follows it now."""
        return self.switched_on_at is not None and self.switched_off_at is None


class RuleTrial(ScopedModel):
    """How a version would have decided on lines of the past, beside what people decided."""

    entity_path: ClassVar[str] = "version__rule__entity"
    LEAST_DECIDED: ClassVar = 2

    version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="trials")
    from_on = models.DateField()
    until_on = models.DateField()
    looked_at = models.PositiveIntegerField(help_text="Lines of the period.")
    agreed = models.PositiveIntegerField(help_text="Lines on which people decided the same.")
    differed = models.PositiveIntegerField(help_text="Lines on which people decided otherwise.")
    undecided = models.PositiveIntegerField(help_text="Lines on which nobody decided yet.")
    spared = models.PositiveIntegerField(help_text="Of those that agree: lines on which a person had to decide.")
    lines = models.JSONField(default=list, help_text="Per line: line, would, decided and agrees.")
    tried_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    tried_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("trials of rules")

    def __str__(self) -> str:
        return f"{self.version}, tried on {self.from_on} to {self.until_on}"

    @property
    def is_enough(self) -> bool:
        """Whether people decided the same on at least two of its lines, and nobody decided otherwise on any."""
        return not self.differed and self.spared >= self.LEAST_DECIDED
