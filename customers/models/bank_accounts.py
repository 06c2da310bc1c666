"""The bank accounts of a customer: payments are known by them, and money is drawn from them or sent to them."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.bank_checks import uk_parts
from core.fields import validate_currency
from core.guards import frozen_columns
from core.scoping import ScopedModel
from core.words import masked_account
from customers.models.customer import Customer

NUMBERS = "iban bank_code account_number country currency kind".split()
VERIFICATION = "verified_by_id verified_at verified_how verified_note".split()


class CustomerBankAccount(ScopedModel):
    """An account of the customer's. Once verified by a second person, money may be drawn from it or paid to it.

    What it was made with never changes: other details are another row, which supersedes this one and is verified anew.
    """

    entity_path = "customer__entity"

    class Source(models.TextChoices):
        CUSTOMER = "customer", "Told by the customer"
        STATEMENT = "statement", "Seen on a bank statement"
        IMPORT = "import", "Imported"

    class Kind(models.TextChoices):
        CHECKING = "checking", "Current"
        SAVINGS = "savings", "Savings"

    class Means(models.TextChoices):
        CALL_BACK = "call_back", "Call to a number known before"
        BANK_LETTER = "bank_letter", "Letter or statement of the bank"
        PAYEE_SERVICE = "payee_service", "Answer of a payee checking service"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="bank_accounts")
    iban = models.CharField(max_length=34, blank=True)
    bank_code = models.CharField(
        max_length=12, blank=True, db_default="", default="", help_text="Sort code or routing number."
    )
    account_number = models.CharField(max_length=34, blank=True, help_text="Where there is no IBAN.")
    country = models.CharField(
        max_length=2, blank=True, db_default="", default="", help_text="Where the bank is; ISO 3166, such as GB."
    )
    currency = models.CharField(
        max_length=3, blank=True, db_default="", default="", validators=[validate_currency],
        help_text="Left empty where nobody has said it.",
    )  # fmt: skip
    kind = models.CharField(
        max_length=8, choices=Kind, default=Kind.CHECKING, db_default=Kind.CHECKING, help_text="US banks ask for it."
    )
    bic = models.CharField(max_length=11, blank=True, db_default="", default="")
    holder = models.CharField(max_length=140, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.CUSTOMER)
    form_check = models.CharField(
        max_length=160, blank=True, db_default="", default="", help_text="What its check digits said."
    )
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by", editable=False
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(
        null=True, help_text="Since when payments from it are taken for the customer's."
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    verified_at = models.DateTimeField(null=True, editable=False)
    verified_how = models.CharField(max_length=14, choices=Means, blank=True, db_default="", default="", editable=False)
    verified_note = models.CharField(
        max_length=200, blank=True, db_default="", default="", help_text="Whom they spoke to, at which number."
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("customer", "pk")
        triggers: ClassVar = (
            frozen_columns(("customer_id", "added_by_id", *NUMBERS), "bank accounts of customers"),
            pgtrigger.Trigger(
                name="verified_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.verified_at IS NOT NULL
                    AND (NEW.holder, {", ".join(f"NEW.{name}" for name in VERIFICATION)})
                        IS DISTINCT FROM (OLD.holder, {", ".join(f"OLD.{name}" for name in VERIFICATION)}) THEN
                        RAISE EXCEPTION 'o2c: a verified bank account is superseded, not changed'
                            USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )
        indexes = (
            models.Index(fields=("iban",), condition=~models.Q(iban=""), name="customers_by_iban"),
            models.Index(
                fields=("account_number",), condition=~models.Q(account_number=""), name="customers_by_account"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "iban", "bank_code", "account_number"),
                condition=models.Q(is_active=True),
                name="a_bank_account_is_in_use_once",
                violation_error_message="This bank account is known already.",
            ),
            models.CheckConstraint(
                condition=~models.Q(iban="", account_number=""),
                name="a_bank_account_has_a_number",
                violation_error_message="Write an IBAN or an account number.",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_by=None) | ~models.Q(verified_by=models.F("added_by")),
                name="a_second_person_verifies_an_account",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_by=None, verified_at=None, verified_how="")
                | models.Q(verified_by__isnull=False, verified_at__isnull=False) & ~models.Q(verified_how=""),
                name="a_verification_says_who_when_and_how",
            ),
        )

    def __str__(self) -> str:
        return masked_account(self.iban or self.account_number)

    @property
    def known_as(self) -> str:
        """The number as banks write it on statements: the IBAN, else sort code or routing number and account."""
        return self.iban or f"{self.bank_code}{self.account_number}"

    @property
    def is_verified(self) -> bool:
        """Whether money may be drawn from it or paid to it."""
        return self.is_active and self.verified_at is not None

    @property
    def uk_parts(self) -> tuple[str, str] | None:
        """Sort code and account number of a UK account."""
        country = self.country or self.iban[:2]
        return uk_parts(self.iban, self.bank_code, self.account_number) if country == "GB" else None
