"""Suspensions: a case with its documents, its people, its steps and all that stops its clock."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ar_collections.suspension import NEXT_STAGES, Ending, Function, Level, Pause, Stage
from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from customers.models import lock
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
OPENED = "entity_id customer_id final_id level clause opened_on opened_by_id opened_at".split()
APPROVALS = ("finance_by_id", "finance_on", "service_by_id", "service_on")
ONCE = ("finance", "service", "requested", "suspended", "restore", "restored", "ended", "exempt_ended")
IN_FORCE = ("requested", "suspended", "restoring")


def only_known_stages() -> pgtrigger.Trigger:
    """Let a case go from stage to stage only as NEXT_STAGES says, and keep approvals that were given."""
    ways = ", ".join(f"'{old}>{new}'" for old, news in NEXT_STAGES.items() for new in news)
    undone = " OR ".join(f"(OLD.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in APPROVALS)
    return pgtrigger.Trigger(
        name="only_known_stages",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF NEW.stage <> OLD.stage AND OLD.stage || '>' || NEW.stage NOT IN ({ways}) THEN
                RAISE EXCEPTION 'o2c: a suspension that is % cannot become %', OLD.stage, NEW.stage
                    USING ERRCODE = 'restrict_violation';
            END IF;
            IF {undone} THEN
                RAISE EXCEPTION 'o2c: approvals of suspensions stay' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """,
    )


class SuspensionPolicy(ScopedModel):
    """To whom a company's requests go, and on what they rest. Without it nobody is suspended."""

    entity = models.OneToOneField("core.LegalEntity", on_delete=models.PROTECT, related_name="suspension_policy")
    support_name = models.CharField(max_length=120, help_text="Who stops and restores the service.")
    support_email = models.EmailField()
    clause = models.CharField("Clause of the contract", max_length=200, help_text="Such as: 8.3, terms of service.")
    meeting_weekday = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(0), MaxValueValidator(4)], help_text="Monday is 0."
    )

    class Meta:
        verbose_name_plural = "suspension policies"
        constraints = (
            models.CheckConstraint(condition=Q(meeting_weekday__lte=4), name="meetings_are_on_working_days"),
        )

    def __str__(self) -> str:
        return f"Suspensions of {self.entity}"


class SuspensionCase(ScopedModel):
    """The way to a suspension of one customer's service, for a final invoice or for all that is long overdue.

    The first notice opens it. What it was opened with stays; its stage follows the table of stages.
    """

    Stage = Stage
    Ending = Ending
    Level = Level

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="suspensions")
    final = models.ForeignKey("ledger.OpenItem", null=True, on_delete=models.PROTECT, related_name="suspensions")
    level = models.CharField(max_length=10, choices=Level, default=Level.FULL)
    clause = models.CharField(max_length=200)
    opened_on = models.DateField()
    opened_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.NOTICE_1)
    finance_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    finance_on = models.DateField(null=True)
    service_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    service_on = models.DateField(null=True)
    position = models.CharField(max_length=10, default="owed", help_text="As it was last told to the managers.")
    ending = models.CharField(max_length=10, choices=Ending, default=Ending.OPEN, blank=True)
    ended_on = models.DateField(null=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(OPENED, "suspensions"),
            *never_removed("suspensions"),
            only_known_stages(),
            pgtrigger.Protect(
                name="ended_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ended_on__isnull=False)
            ),
        ]
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "final"),
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="one_open_suspension_a_customer_and_final",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=("approved", *IN_FORCE))
                | Q(finance_by__isnull=False, finance_on__isnull=False, service_by__isnull=False)
                & Q(service_on__isnull=False),
                name="no_suspension_without_both_approvals",
            ),
            models.CheckConstraint(
                condition=Q(finance_by=None) | Q(service_by=None) | ~Q(finance_by=F("service_by")),
                name="two_people_approve_a_suspension",
            ),
            models.CheckConstraint(
                condition=Q(stage="ended", ended_on__isnull=False) & ~Q(ending="")
                | ~Q(stage="ended") & Q(ended_on=None, ending=""),
                name="the_end_of_a_suspension_is_whole",
            ),
            models.CheckConstraint(condition=~Q(clause=""), name="a_suspension_names_its_clause"),
        )
        indexes = (models.Index(fields=("entity", "opened_on"), condition=Q(ended_on=None), name="suspensions_open"),)

    def __str__(self) -> str:
        about = f", {self.final.number}" if self.final else ""
        return f"Suspension of {self.customer.name}{about}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.ended_on is not None

    @property
    def pauses(self) -> list[Pause]:
        """All that stops its clock, out of rows that were fetched before."""
        extended = [
            Pause(each.approved_on, each.until_on) for each in self.extensions.all() if each.approved_on is not None
        ]
        return [*extended, *(Pause(each.from_on, each.until_on) for each in self.freezes.all())]


class SuspensionItem(ScopedModel):
    """A document that a case is about, as it stood when the case was opened, and the hold on its ladder."""

    entity_path: ClassVar[str] = "case__entity"

    case = models.ForeignKey(SuspensionCase, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="+")
    hold = models.ForeignKey("collections.DunningHold", on_delete=models.PROTECT, related_name="+")
    amount = AmountField(help_text="What was open of it.")
    currency = CurrencyField()

    class Meta:
        ordering = ("case", "pk")
        triggers: ClassVar = append_only("documents of suspensions")
        constraints = (models.UniqueConstraint(fields=("case", "item"), name="a_suspension_names_an_item_once"),)

    def __str__(self) -> str:
        return self.item.number

    @property
    def money(self) -> Money:
        """What was open of it."""
        return Money(self.amount, self.currency)


class SuspensionOwner(ScopedModel):
    """A named colleague of a case: on copy of its mails, and with a note for every meeting."""

    entity_path: ClassVar[str] = "case__entity"
    Function = Function

    case = models.ForeignKey(SuspensionCase, on_delete=models.PROTECT, related_name="owners")
    function = models.CharField(max_length=12, choices=Function)
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("case", "pk")
        triggers: ClassVar = append_only("owners of suspensions")
        constraints = (models.UniqueConstraint(fields=("case", "function"), name="one_owner_a_function"),)

    def __str__(self) -> str:
        return f"{self.person.name}, {self.get_function_display().lower()}"


class SuspensionStep(ScopedModel):
    """What happened in a case: by whom, when, with which mail or file. It only grows."""

    entity_path: ClassVar[str] = "case__entity"

    class Kind(models.TextChoices):
        """What happened."""

        NOTICE_1 = "notice_1", "First notice"
        NOTICE_2 = "notice_2", "Second notice"
        FINAL = "final", "Final notice"
        ASKED = "asked", "Approval asked"
        FINANCE = "finance", "Approved for finance"
        SERVICE = "service", "Approved by the service owner"
        REQUESTED = "requested", "Support asked to suspend"
        SUSPENDED = "suspended", "Service suspended"
        POSITION = "position", "Position changed"
        PROOF = "proof", "Proof of payment"
        EXTENSION_ASKED = "extension_asked", "Extension asked"
        EXTENDED = "extended", "Extended"
        RESTORE = "restore", "Support asked to restore"
        RESTORED = "restored", "Service restored"
        ENDED = "ended", "Ended"
        EXEMPT_ENDED = "exempt_ended", "May be suspended again"

    case = models.ForeignKey(SuspensionCase, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=Kind)
    on = models.DateField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    message = models.ForeignKey("messaging.Message", null=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("steps of suspensions")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "kind"),
                condition=Q(kind__in=ONCE),
                name="these_steps_are_taken_once",
            ),
        )
        indexes = (models.Index(fields=("case", "id"), name="steps_of_a_suspension"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.on:%d %b %Y}"


class SuspensionFreeze(ScopedModel):
    """Days on which the clock stands still because something covers the debt; without an end while that lasts."""

    entity_path: ClassVar[str] = "case__entity"

    case = models.ForeignKey(SuspensionCase, on_delete=models.PROTECT, related_name="freezes")
    reason = models.CharField(max_length=200)
    proof = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, help_text="The last day.")

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(("case_id", "reason", "proof_id", "from_on"), "pauses of suspensions"),
            *never_removed("pauses of suspensions"),
            pgtrigger.Protect(
                name="thawed_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__until_on__isnull=False)
            ),
        ]
        constraints = (
            models.UniqueConstraint(fields=("case",), condition=Q(until_on=None), name="one_open_pause_a_suspension"),
        )

    def __str__(self) -> str:
        return self.reason


class SuspensionExtension(ScopedModel):
    """More time for a customer who proved why: asked for by one person, given by another."""

    entity_path: ClassVar[str] = "case__entity"

    case = models.ForeignKey(SuspensionCase, on_delete=models.PROTECT, related_name="extensions")
    until_on = models.DateField(help_text="The last day on which the clock stands still.")
    reason = models.CharField(max_length=400)
    proof = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    approved_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    approved_on = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = [
            frozen_columns(
                ("case_id", "until_on", "reason", "proof_id", "asked_by_id", "asked_on", "asked_at"), "extensions"
            ),
            *never_removed("extensions"),
            pgtrigger.Protect(
                name="approved_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__approved_on__isnull=False)
            ),
        ]
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_on=None)
                | Q(approved_by__isnull=False, approved_on__isnull=False) & ~Q(approved_by=F("asked_by")),
                name="an_extension_is_given_by_another",
            ),
            models.CheckConstraint(condition=Q(until_on__gt=F("asked_on")), name="an_extension_gives_time"),
        )

    def __str__(self) -> str:
        return f"Until {self.until_on:%d %b %Y}: {self.reason}"


def lock_suspension(case: SuspensionCase) -> SuspensionCase:
    """Take one's turn at a case, its customer's first; read anew."""
    lock(case.customer)
    rows = SuspensionCase.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("customer__entity", "entity", "final").get(pk=case.pk)
