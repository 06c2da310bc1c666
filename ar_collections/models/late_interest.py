"""Late payment: the rates and terms by which interest runs, and what was charged or waived for which days."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Now

from ar_collections.late_interest import BY_REFERENCE, Method
from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.money import Money
from core.scoping import ScopedModel
from ledger.guards import never_removed

PERSON = settings.AUTH_USER_MODEL
EU = "EU"
TERMS = "entity_id place customer_id method reference percent currency tiers basis valid_from set_by_id set_at".split()
ASKED = (
    "entity_id customer_id kind currency interest compensation until_on reason asked_by_id asked_on asked_at".split()
)
LINE = "charge_id item_id terms_id first_on last_on interest compensation working".split()


def range_of(first: str, last: str) -> Func:
    """The days from one column to another, both included, as a range."""
    return Func(F(first), F(last), Value("[]"), function="daterange", output_field=DateRangeField())


class Reference(models.TextChoices):
    """Whose rate the law refers to."""

    BANK_OF_ENGLAND = "bank_of_england", "Bank of England"
    ECB = "ecb", "European Central Bank"


class ReferenceRate(ScopedModel):
    """A central bank's rate that counts for a half-year. A later row for the same half-year replaces it."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=16, choices=Reference)
    starts_on = models.DateField("half-year from", help_text="The first of January or of July.")
    percent = models.DecimalField(
        max_digits=6, decimal_places=3, validators=[MinValueValidator(Decimal(-5)), MaxValueValidator(Decimal(100))]
    )
    source = models.CharField(max_length=200, help_text="Who says so.")
    set_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("reference", "-starts_on", "-pk")
        triggers: ClassVar = append_only("reference rates")
        constraints = (
            models.CheckConstraint(
                condition=Q(starts_on__day=1, starts_on__month__in=(1, 7)),
                name="a_half_year_starts_in_january_or_july",
                violation_error_message="A half-year starts on the first of January or of July.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_reference_display()} {self.percent.normalize():f} % from {self.starts_on:%d %b %Y}"


class LateTerms(ScopedModel):
    """By which law or contract customers of a place, or one customer, owe interest and compensation.

    They count for debts that become late from one day until another, and never change but for their end.
    """

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="late_terms")
    place = models.CharField(
        max_length=2, blank=True, help_text="A country such as GB, EU (other members), or empty: everywhere else."
    )
    customer = models.ForeignKey(
        "customers.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="late_terms"
    )
    method = models.CharField(max_length=12, choices=Method)
    reference = models.CharField(max_length=16, choices=Reference, blank=True)
    percent = models.DecimalField(
        max_digits=6, decimal_places=3, default=0, validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="A year: points above the reference rate, or the whole rate where there is none.",
    )  # fmt: skip
    currency = CurrencyField(help_text="Of the compensation.")
    tiers = ArrayField(
        ArrayField(AmountField(), size=2), default=list, blank=True,
        help_text="Compensation by the amount from which it holds.",
    )  # fmt: skip
    basis = models.CharField(max_length=300, help_text="The law or the clause of the contract.")
    valid_from = models.DateField(help_text="For debts that become late from this day on.")
    valid_until = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("customer__name", "-place", "-valid_from")
        triggers: ClassVar = [frozen_columns(TERMS, "terms of late payment"), *never_removed("terms of late payment")]
        constraints = (
            models.CheckConstraint(
                condition=Q(customer=None) | Q(place=""), name="late_terms_are_a_places_or_a_customers",
                violation_error_message="Choose a place or a customer, not both.",
            ),
            models.CheckConstraint(
                condition=Q(method__in=BY_REFERENCE) & ~Q(reference="")
                | Q(method="fixed", reference="", percent__gt=0)
                | Q(method="none", reference="", percent=0),
                name="late_terms_say_their_rate",
                violation_error_message="A reference rate names its bank, a fixed rate is above zero, none is 0.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="late_terms_end_after_they_begin",
                violation_error_message="The terms can't end before they begin.",
            ),
            ExclusionConstraint(
                name="one_late_terms_a_day",
                expressions=[
                    ("entity", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    (Coalesce(F("customer"), Value(0)), RangeOperators.EQUAL),
                    (range_of("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Other terms hold for the same on one of these days. End them first.",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        if self.method == Method.NONE:
            return "No interest"
        rate = f"{self.percent.normalize():f} %"
        return f"{self.get_reference_display()} + {rate}" if self.reference else f"{rate} a year"

    @property
    def whose(self) -> str:
        """For whom they hold."""
        return self.customer.name if self.customer else self.place or "Everywhere else"


class LateCharge(ScopedModel):
    """Interest and compensation that were charged to a customer, or waived. A waiver above one's limit waits first."""

    class Kind(models.TextChoices):
        """What was done with what had accrued."""

        CHARGED = "charged", "Charged"
        WAIVED = "waived", "Waived"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="late_charges")
    kind = models.CharField(max_length=7, choices=Kind)
    currency = CurrencyField()
    interest = AmountField()
    compensation = AmountField()
    until_on = models.DateField(help_text="The last day that it counts.")
    reason = models.CharField(max_length=400, blank=True)
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    item = models.OneToOneField("ledger.OpenItem", null=True, on_delete=models.PROTECT, related_name="late_charge")
    paper = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    authority_use = models.ForeignKey("controls.AuthorityUse", null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_on = models.DateField(null=True)
    taken_back_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    back_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = [
            frozen_columns(ASKED, "charges of late interest"),
            *never_removed("charges of late interest"),
            pgtrigger.Protect(
                name="taken_back_once", operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__taken_back_on__isnull=False),
            ),
        ]  # fmt: skip
        constraints = (
            models.CheckConstraint(
                condition=Q(interest__gte=0, compensation__gte=0) & (Q(interest__gt=0) | Q(compensation__gt=0)),
                name="a_late_charge_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="charged", item__isnull=False, decided_on__isnull=False) | Q(kind="waived", item=None),
                name="what_is_charged_is_an_item",
            ),
            models.CheckConstraint(condition=Q(kind="charged") | ~Q(reason=""), name="a_waiver_has_its_reason"),
            models.CheckConstraint(
                condition=Q(decided_on=None, decided_by=None) | Q(decided_on__isnull=False, decided_by__isnull=False),
                name="the_decision_on_late_interest_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_on=None, taken_back_by=None, back_reason="")
                | Q(taken_back_on__isnull=False, taken_back_by__isnull=False) & ~Q(back_reason=""),
                name="the_end_of_a_late_charge_is_whole",
            ),
        )
        indexes = (
            models.Index(fields=("entity", "kind", "-id"), name="late_charges_by_kind"),
            models.Index(fields=("customer", "-id"), name="late_charges_of_a_customer"),
        )

    def __str__(self) -> str:
        return self.item.number if self.item else f"Waiver {self.pk}, {self.money}"

    @property
    def money(self) -> Money:
        """Interest and compensation together."""
        return Money(self.interest + self.compensation, self.currency)

    @property
    def state(self) -> str:
        """Where it stands, in one word."""
        if self.taken_back_on is not None:
            return "taken back"
        return str(self.get_kind_display()).lower() if self.decided_on else "waits"


class LateChargeLine(ScopedModel):
    """The days of one document that a charge or a waiver is about. No day of a document counts twice."""

    entity_path: ClassVar[str] = "charge__entity"

    charge = models.ForeignKey(LateCharge, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="late_lines")
    terms = models.ForeignKey(LateTerms, on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    interest = AmountField()
    compensation = AmountField()
    working = models.JSONField(default=list, help_text="First day, last day, amount, rate and interest of each span.")
    counts = models.BooleanField(help_text="False while it waits for approval, and once it was taken back.")

    class Meta:
        ordering = ("first_on", "pk")
        triggers: ClassVar = [
            frozen_columns(LINE, "lines of late interest"), *never_removed("lines of late interest")
        ]  # fmt: skip
        constraints = (
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on"), interest__gte=0, compensation__gte=0),
                name="days_of_delay_run_forwards",
            ),
            ExclusionConstraint(
                name="a_day_of_delay_is_charged_once",
                expressions=[
                    ("item", RangeOperators.EQUAL),
                    (range_of("first_on", "last_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(counts=True),
            ),
            models.UniqueConstraint(
                fields=("item",), condition=Q(counts=True, compensation__gt=0), name="a_debt_is_compensated_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.item.number}, {self.first_on:%d %b %Y} to {self.last_on:%d %b %Y}"


class LateCredit(ScopedModel):
    """That a line of a charge was too high, because money had come earlier than was known, and was credited."""

    entity_path: ClassVar[str] = "line__charge__entity"

    line = models.ForeignKey(LateChargeLine, on_delete=models.PROTECT, related_name="credits")
    on = models.DateField()
    interest = AmountField()
    compensation = AmountField()
    item = models.ForeignKey("ledger.OpenItem", on_delete=models.PROTECT, related_name="late_credits")
    reason = models.CharField(max_length=400)
    credited_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    credited_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("credits of late interest")
        constraints = (
            models.CheckConstraint(
                condition=Q(interest__gte=0, compensation__gte=0) & (Q(interest__gt=0) | Q(compensation__gt=0)),
                name="a_late_credit_has_an_amount",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item.number} on {self.line}"
