"""Billing runs: what is billed together, what stood in the way, and when a month's finals were complete."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only
from core.scoping import ScopedModel
from invoicing.models.contracts import Contract
from invoicing.models.invoices import Invoice

PERCENT = (MinValueValidator(1), MaxValueValidator(1000))


class ChargeKind(models.TextChoices):
    """What gives rise to a charge, as a billing run chooses it."""

    ORDER = "order", "New orders"
    RENEWAL = "renewal", "Renewals"
    ADDED_USERS = "added_users", "Added users"
    RECURRING = "recurring", "Recurring"
    USAGE = "usage", "Usage"
    FINAL = "final", "Finals of customers who leave"


class BillingRun(ScopedModel):
    """What is due by a day, billed together. It is prepared and checked first; `run` issues what is ready."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    billed_through = models.DateField(help_text="Everything that is due by the end of this day.")
    invoice_on = models.DateField(help_text="The day on the invoices.")
    kinds = ArrayField(models.CharField(max_length=12, choices=ChargeKind))
    figures = models.JSONField(default=dict, help_text="What the last check found, per kind and currency.")
    checked_at = models.DateTimeField(null=True)
    run = models.OneToOneField("core.Run", null=True, on_delete=models.PROTECT, related_name="billing_run")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now(), editable=False)
    request_id = models.CharField(max_length=64, help_text="Of the form that asked; each prepares one run.")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("entity", "request_id"), name="a_billing_run_is_prepared_once"),
            models.CheckConstraint(condition=Q(kinds__len__gt=0), name="a_billing_run_bills_something"),
        )

    def __str__(self) -> str:
        return f"Billing through {self.billed_through}"

    @property
    def is_started(self) -> bool:
        """Whether invoices were asked for; from then on nothing about it changes."""
        return self.run_id is not None


class BillingException(ScopedModel):
    """What stands in the way of one invoice of a run: open until it is put right, or accepted with a reason."""

    entity_path: ClassVar[str] = "billing_run__entity"

    billing_run = models.ForeignKey(BillingRun, on_delete=models.PROTECT, related_name="exceptions")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=64, help_text="Which invoice of the run.")
    about = models.CharField(max_length=64, help_text="Changes with what the invoice would bill.")
    code = models.CharField(max_length=30)
    message = models.TextField()
    currency = CurrencyField()
    net = AmountField(null=True, help_text="What the invoice would come to before tax; empty without a price.")
    found_at = models.DateTimeField(db_default=Now(), editable=False)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    resolved_at = models.DateTimeField(null=True, help_text="When a check found it no more.")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("billing_run", "subject", "code", "about"), name="an_exception_is_raised_once"
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None, accepted_at=None, reason="")
                | Q(accepted_by__isnull=False, accepted_at__isnull=False) & ~Q(reason=""),
                name="who_accepts_says_why",
            ),
        )
        indexes = (
            models.Index(
                fields=("billing_run",), condition=Q(accepted_at=None, resolved_at=None), name="exceptions_still_open"
            ),
        )

    def __str__(self) -> str:
        return self.message[:120]

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other of its run."""
        return (self.subject, self.code, self.about)

    @property
    def is_open(self) -> bool:
        """Whether it still keeps its invoice out of the run."""
        return self.accepted_at is None and self.resolved_at is None


class BillingChecks(ScopedModel):
    """From which difference on a run asks a person; per company."""

    entity = models.OneToOneField("core.LegalEntity", on_delete=models.PROTECT, related_name="billing_checks")
    amount_percent = models.PositiveSmallIntegerField(
        default=25, validators=PERCENT, help_text="Difference from the last period in per cent."
    )
    quantity_percent = models.PositiveSmallIntegerField(default=25, validators=PERCENT, help_text="The same.")
    least_amount = AmountField(
        default=Decimal(50), validators=[MinValueValidator(0)], help_text="Smaller differences are never asked about."
    )
    duplicate_days = models.PositiveSmallIntegerField(
        default=20, validators=[MaxValueValidator(366)], help_text="How far back an equal invoice is looked for."
    )

    class Meta:
        verbose_name_plural = "billing checks"

    def __str__(self) -> str:
        return f"Checks of {self.entity}"


class FinalsDeclaration(ScopedModel):
    """Somebody said that a month's final invoices are all out. Collections starts from here."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    month_on = models.DateField(help_text="The first of the month.")
    reason = models.CharField(max_length=300, blank=True, help_text="Why it was declared although something was open.")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_on = models.DateField()
    declared_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-month_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("entity", "month_on"), name="a_months_finals_are_declared_once"),
            models.CheckConstraint(condition=Q(month_on__day=1), name="finals_name_their_month"),
        )
        triggers: ClassVar = append_only("declarations of finals")

    def __str__(self) -> str:
        return f"Finals of {self.month_on:%B %Y}"


class FinalBill(ScopedModel):
    """The last bill of a customer who left, as it stood when the month was declared.

    Most are marked as final when they are issued. One that went out before the customer gave notice can't be: it stays
    as it was issued, and this row says that it became the last.
    """

    entity_path: ClassVar[str] = "declaration__entity"

    declaration = models.ForeignKey(FinalsDeclaration, on_delete=models.PROTECT, related_name="finals")
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="final_bill")
    left_on = models.DateField(help_text="The last day of the customer's contracts.")

    class Meta:
        ordering = ("declaration_id", "pk")
        triggers: ClassVar = append_only("final bills")

    def __str__(self) -> str:
        return f"Last bill {self.invoice}"
