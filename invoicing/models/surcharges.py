"""Card surcharges: which are charged, which were waived beforehand, and which were charged."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.guards import append_only, frozen_columns
from core.scoping import ScopedModel
from invoicing.models.documents import ZERO
from invoicing.models.invoices import Invoice
from ledger.models import JournalEntry

PERCENT = (MinValueValidator(0), MaxValueValidator(10))
two_letters = RegexValidator(r"^[A-Z]{2}$", "Use two capital letters, such as GB or TX.")
RULE = (
    "entity_id", "country", "state", "funding", "product", "brand", "currency", "threshold", "percent", "cap",
    "acceptance_percent", "basis", "valid_from",
)  # fmt: skip


class Funding(models.TextChoices):
    """Out of what a card pays."""

    CREDIT = "credit", "Credit"
    DEBIT = "debit", "Debit"
    PREPAID = "prepaid", "Prepaid"


class CardProduct(models.TextChoices):
    """Whom a card was issued for."""

    CONSUMER = "consumer", "Consumer"
    COMMERCIAL = "commercial", "Commercial"


class Brand(models.TextChoices):
    """Whose card it is."""

    VISA = "visa", "Visa"
    MASTERCARD = "mastercard", "Mastercard"
    AMEX = "amex", "American Express"
    DISCOVER = "discover", "Discover"
    DINERS = "diners", "Diners Club"
    JCB = "jcb", "JCB"


class SurchargeRule(ScopedModel):
    """What paying by card costs the customer on top. Without a rule nothing; a rule never changes but for its end."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="surcharge_rules")
    country = models.CharField(max_length=2, validators=[two_letters], help_text="Where the customer is billed.")
    state = models.CharField(
        max_length=2, blank=True, validators=[two_letters], help_text="Of the United States; left empty: all."
    )
    funding = models.CharField(max_length=8, choices=Funding, blank=True)
    product = models.CharField(max_length=10, choices=CardProduct, blank=True)
    brand = models.CharField(max_length=12, choices=Brand, blank=True)
    currency = CurrencyField()
    threshold = AmountField(
        default=ZERO, validators=[MinValueValidator(0)], help_text="Payments above it carry the surcharge."
    )
    percent = models.DecimalField(
        max_digits=5, decimal_places=3, validators=PERCENT, help_text="Of what is paid, tax included."
    )
    cap = AmountField(
        null=True, blank=True, validators=[MinValueValidator(0)], help_text="Never more than this; left empty: no cap."
    )
    acceptance_percent = models.DecimalField(
        "cost of acceptance", max_digits=5, decimal_places=3, validators=PERCENT,
        help_text="What accepting such cards costs us, in per cent; a surcharge is never above it.",
    )  # fmt: skip
    basis = models.CharField(max_length=300, help_text="Where the cost is from, and on what law the rule rests.")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("entity", "country", "state", "funding", "product", "brand", "-valid_from")
        triggers: ClassVar = [frozen_columns(RULE, "surcharge rules")]
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="a_surcharge_rule_ends_after_it_begins",
                violation_error_message="The rule can't end before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=F("acceptance_percent")),
                name="a_surcharge_is_not_above_its_cost",
                violation_error_message="A surcharge is never above what accepting such cards costs us.",
            ),
            models.CheckConstraint(
                condition=Q(state="") | Q(country="US"),
                name="surcharges_know_states_of_the_us",
                violation_error_message="States are those of the United States.",
            ),
        )

    def __str__(self) -> str:
        place = f"{self.country}-{self.state}" if self.state else self.country
        kinds = (self.get_product_display(), self.get_brand_display(), self.get_funding_display())
        what = " ".join(kind for kind in kinds if kind) or "all"
        return f"{place}, {what} cards: {self.percent.normalize():f} %"


class SurchargeWaiver(ScopedModel):
    """Somebody else agreed beforehand that an invoice is paid by card without surcharge."""

    entity_path: ClassVar[str] = "invoice__entity"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="surcharge_waivers")
    request = models.OneToOneField("controls.ApprovalRequest", on_delete=models.PROTECT, related_name="+")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("pk",)
        triggers: ClassVar = append_only("waivers of surcharges")

    def __str__(self) -> str:
        return f"Waiver on {self.invoice}"


class CardSurcharge(ScopedModel):
    """What a payment by card carried on top of its invoice. It settles nothing of the invoice."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="card_surcharges")
    rule = models.ForeignKey(SurchargeRule, on_delete=models.PROTECT, related_name="+")
    payment_reference = models.CharField(max_length=80, help_text="The payment's id at the provider.")
    funding = models.CharField(max_length=8, choices=Funding)
    product = models.CharField(max_length=10, choices=CardProduct)
    brand = models.CharField(max_length=12, choices=Brand)
    currency = CurrencyField()
    paid = AmountField(help_text="What was paid of the invoice.")
    net = AmountField()
    tax = AmountField()
    gross = AmountField(help_text="What was paid on top.")
    paid_at = models.DateTimeField()
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    charged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    charged_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("-pk",)
        triggers: ClassVar = append_only("surcharges")
        constraints = (
            models.UniqueConstraint(fields=("entity", "payment_reference"), name="a_payment_is_surcharged_once"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax"), gross__gt=0), name="a_surcharge_adds_up"),
        )

    def __str__(self) -> str:
        return f"Surcharge on {self.invoice}, {self.payment_reference}"

    @property
    def mirror(self) -> JournalEntry | None:
        """The entry that took it back, if any did."""
        return getattr(self.entry, "reversed_by", None)
