"""Contracts: what a customer has agreed to buy, at which price, and for which days.

A contract line says one price for one quantity over its days and never changes them once the contract is active. What
changes is a line that ends and, where something goes on, a line that follows: the amendment that did it ties the two.
So the lines of a contract are its history, and what is billed for a day is what was agreed for that day.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only
from core.scoping import ScopedModel
from customers.models import PaymentTerms
from invoicing.guards import contracts_keep_who_and_when, lines_of_active_contracts_stay
from invoicing.models.documents import Language
from invoicing.models.products import Product

ZERO = Decimal(0)
SOURCE_HELP = "The id in the system that it came from; each comes in once."


class Contract(ScopedModel):
    """An agreement with one customer, in one currency."""

    class Kind(models.TextChoices):
        """What is agreed."""

        SUBSCRIPTION = "subscription", "Subscription"
        LEASE = "lease", "Lease"
        SERVICE = "service", "Recurring service"
        ORDER = "order", "Order, billed once"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=60, editable=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SUBSCRIPTION)
    source = models.CharField(
        max_length=30, default="form", help_text="Where it came from: form, file, api, salesforce."
    )
    source_id = models.CharField(max_length=120, null=True, blank=True, help_text=SOURCE_HELP)
    content_hash = models.CharField(
        max_length=64, blank=True, default="", editable=False, help_text="Tells a repeated one from another."
    )
    currency = CurrencyField()
    terms = models.ForeignKey(PaymentTerms, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, choices=Language, blank=True, help_text="Left empty: the customer's.")
    purchase_order = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True, max_length=2000, help_text="Printed on every invoice.")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day; left empty, until it is ended.")
    notice_days = models.PositiveSmallIntegerField(default=0)
    renews = models.BooleanField(default=False, help_text="Goes on for another term unless somebody gives notice.")
    renewal_months = models.PositiveSmallIntegerField(default=12)
    indexation_percent = models.DecimalField(
        max_digits=6, decimal_places=3, null=True, blank=True, help_text="How much prices rise when it is renewed."
    )
    notice_given_on = models.DateField(null=True, editable=False)
    activated_at = models.DateTimeField(null=True, editable=False, help_text="Empty: a draft that bills nothing.")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("entity", "number"), name="one_contract_a_number"),
            models.UniqueConstraint(fields=("entity", "source", "source_id"), name="a_contract_comes_in_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_contract_ends_after_it_begins",
                violation_error_message="The contract can't end before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(renews=False) | Q(ends_on__isnull=False, renewal_months__gt=0),
                name="what_renews_has_an_end",
                violation_error_message="A contract that renews needs the last day of its term.",
            ),
        )
        indexes = (
            models.Index(fields=("entity", "ends_on"), name="contracts_by_end"),
            models.Index(fields=("customer", "-starts_on"), name="contracts_of_a_customer"),
        )
        triggers = (contracts_keep_who_and_when(),)

    def __str__(self) -> str:
        return f"Contract {self.number}"

    @property
    def is_active(self) -> bool:
        """Whether it is agreed, so that its lines bill."""
        return self.activated_at is not None

    def has_ended_by(self, day: date) -> bool:
        """Whether its last day is behind us."""
        return self.ends_on is not None and self.ends_on < day


class Amendment(ScopedModel):
    """One change of an active contract. It is never changed; another amendment follows."""

    class Kind(models.TextChoices):
        """What changes."""

        ADD = "add", "Added users or products"
        REMOVE = "remove", "Removed users or products"
        PRICE = "price", "Price change"
        UPGRADE = "upgrade", "Upgrade"
        EARLY_END = "early_end", "Early end"
        BUY_OUT = "buy_out", "Lease buy-out"
        RENEWAL = "renewal", "Renewal"

    entity_path: ClassVar[str] = "contract__entity"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=12, choices=Kind)
    effective_on = models.DateField(help_text="The first day on which it counts.")
    source = models.CharField(max_length=30, default="form")
    source_id = models.CharField(max_length=120, null=True, blank=True, help_text=SOURCE_HELP)
    content_hash = models.CharField(max_length=64, editable=False, help_text="Tells a repeated one from another.")
    reason = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("contract_id", "pk")
        constraints = (
            models.UniqueConstraint(fields=("contract", "source", "source_id"), name="an_amendment_comes_in_once"),
        )
        triggers: ClassVar = append_only("amendments")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.effective_on:%d %B %Y}"


class ContractLine(ScopedModel):
    """A product at a price for the days from `starts_on` to `ends_on`; the price is for one unit and one cycle."""

    class Cycle(models.TextChoices):
        """What the price is for, and how often it is billed."""

        MONTHLY = "monthly", "Monthly"
        QUARTERLY = "quarterly", "Quarterly"
        ANNUAL = "annual", "Annually"
        FIXED = "fixed", "Once for all its days"
        USAGE = "usage", "Monthly by usage"

    class Timing(models.TextChoices):
        """When a cycle is billed."""

        ADVANCE = "advance", "In advance"
        ARREARS = "arrears", "In arrears"

    class Tiering(models.TextChoices):
        """How tiers price a quantity."""

        NONE = "none", "One price"
        VOLUME = "volume", "All units at the tier's price"
        GRADUATED = "graduated", "Each unit at its own tier's price"

    MONTHS: ClassVar[dict[str, int]] = {"monthly": 1, "quarterly": 3, "annual": 12, "usage": 1}
    entity_path: ClassVar[str] = "contract__entity"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    description = models.CharField(max_length=300)
    quantity = models.DecimalField(
        max_digits=14, decimal_places=4, default=Decimal(1), validators=[MinValueValidator(ZERO)]
    )
    unit_price = models.DecimalField(
        max_digits=18, decimal_places=6, null=True, blank=True, validators=[MinValueValidator(ZERO)],
        help_text="For one unit and one cycle, before tax; empty while it is not agreed.",
    )  # fmt: skip
    discount_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=ZERO, validators=[MinValueValidator(ZERO), MaxValueValidator(100)]
    )
    tiering = models.CharField(max_length=10, choices=Tiering, default=Tiering.NONE)
    cycle = models.CharField(max_length=10, choices=Cycle, default=Cycle.ANNUAL)
    timing = models.CharField(max_length=8, choices=Timing, default=Timing.ADVANCE)
    anchor_on = models.DateField(help_text="A day on which a cycle begins; the contract's start unless agreed.")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day that is billed.")
    priced_until = models.DateField(null=True, editable=False, help_text="The last day that a fixed price is for.")
    cost_centre = models.CharField(max_length=60, blank=True)
    made_by = models.ForeignKey(Amendment, null=True, on_delete=models.PROTECT, related_name="lines_made")
    ended_by = models.ForeignKey(Amendment, null=True, on_delete=models.PROTECT, related_name="lines_ended")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")

    class Meta:
        ordering = ("contract_id", "position")
        constraints = (
            models.UniqueConstraint(fields=("contract", "position"), name="one_contract_line_a_position"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0) & (Q(unit_price=None) | Q(unit_price__gte=0)),
                name="contract_lines_are_not_negative",
                violation_error_message="Quantity and price are not negative.",
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0, discount_percent__lte=100), name="contract_discount_is_a_part"
            ),
            models.CheckConstraint(
                condition=~Q(cycle="usage") | Q(timing="arrears"),
                name="usage_is_billed_in_arrears",
                violation_error_message="Usage is known only afterwards: bill it in arrears.",
            ),
        )
        triggers: ClassVar = lines_of_active_contracts_stay()

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"

    @property
    def never_ran(self) -> bool:
        """Whether it was ended before its first day."""
        return self.ends_on is not None and self.ends_on < self.starts_on


class AmendmentEffect(ScopedModel):
    """What an amendment bills or gives back of a line, with its working, as it stood when it was recorded."""

    entity_path: ClassVar[str] = "amendment__contract__entity"

    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="effects")
    line = models.ForeignKey(ContractLine, on_delete=models.PROTECT, related_name="+")
    amount = AmountField(help_text="Before tax, in the contract's currency; negative where it is given back.")
    working = models.CharField(max_length=300)
    document = models.CharField(max_length=80, blank=True, help_text="The invoice of which it is given back.")

    class Meta:
        ordering = ("amendment_id", "pk")
        triggers: ClassVar = append_only("effects of amendments")

    def __str__(self) -> str:
        return self.working


class PriceTier(ScopedModel):
    """From a quantity on, another price."""

    entity_path: ClassVar[str] = "line__contract__entity"

    line = models.ForeignKey(ContractLine, on_delete=models.CASCADE, related_name="tiers")
    from_quantity = models.DecimalField(max_digits=14, decimal_places=4, help_text="The first tier begins at 0.")
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, validators=[MinValueValidator(ZERO)])

    class Meta:
        ordering = ("line_id", "from_quantity")
        constraints = (models.UniqueConstraint(fields=("line", "from_quantity"), name="one_price_a_tier"),)

    def __str__(self) -> str:
        return f"{self.unit_price} from {self.from_quantity}"


class UsageReading(ScopedModel):
    """What was used on a day, as somebody measured it. Corrections are further readings, which may be negative."""

    entity_path: ClassVar[str] = "line__contract__entity"

    line = models.ForeignKey(ContractLine, on_delete=models.PROTECT, related_name="readings")
    used_on = models.DateField()
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    source = models.CharField(max_length=30, default="form")
    source_id = models.CharField(max_length=120, help_text=SOURCE_HELP)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("line_id", "used_on", "pk")
        constraints = (models.UniqueConstraint(fields=("line", "source", "source_id"), name="a_reading_comes_in_once"),)
        triggers: ClassVar = append_only("usage readings")

    def __str__(self) -> str:
        return f"{self.quantity} on {self.used_on}"
