"""What a company sells, as contracts and orders name it."""

from django.db import models

from core.fields import AmountField, CurrencyField
from core.scoping import ScopedModel
from invoicing.models.documents import Unit


class TaxClass(models.TextChoices):
    """How a product is taxed before one knows who buys it; tax rules turn it into a rate."""

    STANDARD = "standard", "Standard"
    REDUCED = "reduced", "Reduced"
    ZERO = "zero", "Zero rated"
    EXEMPT = "exempt", "Exempt"


class Product(ScopedModel):
    """Something that is sold at a price, and how its income is earned."""

    class Release(models.TextChoices):
        """How what was billed for a period becomes income."""

        IMMEDIATE = "immediate", "At once"
        DAILY = "daily", "Day by day"
        MONTHLY_FULL = "monthly_full", "Monthly, the first month in full"
        MONTHLY_HALF = "monthly_half", "Monthly, from the month it begins in up to the 15th"
        MONTHLY_PRORATA = "monthly_prorata", "Monthly, first and last month by days"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=3, choices=Unit, default=Unit.PIECE)
    tax_class = models.CharField(max_length=10, choices=TaxClass, default=TaxClass.STANDARD)
    release = models.CharField(max_length=16, choices=Release, default=Release.DAILY)
    list_price = AmountField(null=True, blank=True, help_text="For a year or a piece; contracts have their own.")
    currency = CurrencyField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "code"),
                name="one_product_a_code",
                violation_error_message="Another product of this company has that code.",
            ),
            models.CheckConstraint(
                condition=models.Q(list_price=None) | models.Q(list_price__gte=0) & ~models.Q(currency=""),
                name="a_list_price_has_its_currency",
                violation_error_message="A list price is not negative and has a currency.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
