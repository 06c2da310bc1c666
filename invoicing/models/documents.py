"""What invoices and credit notes have in common.

A document is a draft until it has a number. The number, the day, the journal entry and the open item come together when
it is issued; from then on the database refuses every change but one: its PDF is stored once.
"""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.fields import AmountField, CurrencyField
from core.money import Money
from core.scoping import ScopedModel
from invoicing.models.parties import Party
from invoicing.models.tax import TaxRate

ZERO = Decimal(0)
ISSUED = ("number", "issued_on", "rate", "base_tax", "seller", "buyer", "entry", "item")


class Language(models.TextChoices):
    """Languages in which documents are written."""

    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"
    FRENCH = "fr", "Français"
    SPANISH = "es", "Español"


class Unit(models.TextChoices):
    """Units by their code in UN/ECE Recommendation 20."""

    PIECE = "C62", "Pieces"
    HOUR = "HUR", "Hours"
    DAY = "DAY", "Days"
    MONTH = "MON", "Months"
    YEAR = "ANN", "Years"
    KILOGRAM = "KGM", "Kilograms"
    METRE = "MTR", "Metres"
    LITRE = "LTR", "Litres"


class Document(ScopedModel):
    """An invoice or a credit note, from draft to issued."""

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=60, null=True, editable=False, help_text="Given when it is issued.")
    issued_on = models.DateField(null=True, editable=False)
    currency = CurrencyField()
    language = models.CharField(max_length=8, choices=Language, default=Language.ENGLISH)
    purchase_order = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True, max_length=2000, help_text="Printed above the lines.")
    net = AmountField(default=ZERO, editable=False)
    tax = AmountField(default=ZERO, editable=False)
    gross = AmountField(default=ZERO, editable=False)
    rate = models.DecimalField(
        max_digits=18, decimal_places=8, null=True, editable=False, help_text="To the entity's currency."
    )
    base_tax = AmountField(null=True, editable=False, help_text="The tax in the entity's currency.")
    seller = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    buyer = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    entry = models.OneToOneField("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="%(class)s")
    item = models.OneToOneField("ledger.OpenItem", null=True, on_delete=models.PROTECT, related_name="%(class)s")
    pdf = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_imported = models.BooleanField(default=False, editable=False, help_text="Issued by another program.")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    drafted_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Counts the changes of a draft.")
    request_id = models.CharField(max_length=64, null=True, editable=False)
    request_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("entity", "number"), name="one_%(class)s_a_number"),
            models.UniqueConstraint(fields=("entity", "request_id"), name="one_%(class)s_a_request"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="%(class)s_gross_is_net_and_tax"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": False for name in ISSUED}, gross__gt=0)
                | Q(**dict.fromkeys(ISSUED), pdf=None),
                name="%(class)s_is_issued_whole",
            ),
        ]

    def __str__(self) -> str:
        name = str(self._meta.verbose_name)
        return f"{name.capitalize()} {self.number}" if self.number else f"Draft {name} {self.pk}"

    @property
    def is_issued(self) -> bool:
        """Whether it has left the house and can't be changed any more."""
        return self.number is not None

    @property
    def money(self) -> Money:
        """Its total, tax included."""
        return Money(self.gross, self.currency)


class DocumentLine(ScopedModel):
    """A line of a document: what, how much of it, at what price, with which tax."""

    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=300)
    detail = models.CharField(max_length=600, blank=True, help_text="Small print below the description.")
    quantity = models.DecimalField(max_digits=14, decimal_places=4, default=Decimal(1))
    unit = models.CharField(max_length=3, choices=Unit, default=Unit.PIECE)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6, validators=[MinValueValidator(ZERO)])
    discount_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=ZERO, validators=[MinValueValidator(ZERO), MaxValueValidator(100)]
    )
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="+", db_index=False)
    net = AmountField(editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="%(class)s_price_is_not_negative"),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0, discount_percent__lte=100), name="%(class)s_discount_is_a_part"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"


class DocumentTax(ScopedModel):
    """What a document charges at one tax rate: the tax is worked out on the sum of its lines, not line by line."""

    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, related_name="+", db_index=False)
    net = AmountField()
    tax = AmountField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.tax_rate}: {self.tax}"
