"""Legal entities: the companies that send invoices, each with its currency, time zone, calendar and bank accounts."""

from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now

from core.fields import CurrencyField
from core.scoping import ScopedModel
from core.words import masked_account

colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write the colour as #0b5f7a.")


def validate_time_zone(name: str) -> None:
    """Refuse a zone that the zone database doesn't hold."""
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is not a time zone. Use a name such as Europe/London.")


class LegalEntity(ScopedModel):
    """A company of the group. Every customer, document, bank account and report belongs to one."""

    entity_path: ClassVar[str] = "pk"

    code = models.SlugField(max_length=20, unique=True, help_text="Short name in addresses and commands, such as UK.")
    name = models.CharField(max_length=120, help_text="Trading name, as customers know it.")
    legal_name = models.CharField(max_length=200)
    currency = CurrencyField(help_text="Currency of its books.")
    time_zone = models.CharField(max_length=60, default="Europe/London", validators=[validate_time_zone])
    country = models.CharField(max_length=2, help_text="ISO 3166 code; its public holidays are the calendar's.")
    subdivision = models.CharField(max_length=6, blank=True, help_text="Region for holidays, such as ENG or BY.")
    language = models.CharField(max_length=8, default="en")
    tax_number = models.CharField(max_length=30, blank=True)
    registration_number = models.CharField(max_length=60, blank=True)
    address_lines = models.TextField(blank=True, help_text="One line each, as printed on invoices.")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.CharField(max_length=120, blank=True)
    accent_colour = models.CharField(max_length=7, default="#0b5f7a", validators=[colour])
    logo = models.ForeignKey("core.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "legal entities"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of its seat."""
        return ZoneInfo(self.time_zone)


class BankAccount(ScopedModel):
    """One of our accounts at a bank: customers pay into it, statements speak about it."""

    entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="bank_accounts")
    name = models.CharField(max_length=80, help_text="What people here call it, such as “Barclays current”.")
    currency = CurrencyField()
    bank_name = models.CharField(max_length=120, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    account_number = models.CharField(max_length=34, blank=True)
    sort_code = models.CharField(max_length=12, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    is_default = models.BooleanField(default=False, help_text="Printed on invoices in its currency.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("entity", "name")
        constraints = (
            models.UniqueConstraint(fields=("entity", "name"), name="one_bank_account_of_a_name"),
            models.UniqueConstraint(
                fields=("entity", "currency"),
                condition=models.Q(is_default=True),
                name="one_default_account_a_currency",
            ),
            models.UniqueConstraint(fields=("iban",), condition=~models.Q(iban=""), name="one_bank_account_an_iban"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.masked}"

    @property
    def masked(self) -> str:
        """The last four digits, for screens that more people see than need the number."""
        return masked_account(self.iban or self.account_number)
