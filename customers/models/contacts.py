"""How a customer is reached."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Concat, Lower, Now

from core.scoping import ScopedModel
from customers.models.customer import Customer

ONLY_DIGITS = models.Func(
    models.F("phone"),
    models.Value(r"\D"),
    models.Value(""),
    models.Value("g"),
    function="regexp_replace",
    output_field=models.TextField(),
)


class Contact(ScopedModel):
    """A person or mailbox at the customer. Ended, never deleted: mails that went there still name it."""

    entity_path = "customer__entity"

    class Role(models.TextChoices):
        BILLING = "billing", "Billing"
        PAYMENTS = "payments", "Payments"
        ESCALATION = "escalation", "Escalation"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=12, choices=Role, default=Role.BILLING)
    job_title = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, blank=True, help_text="Left empty: the customer's language.")
    receives_invoices = models.BooleanField(default=False)
    receives_statements = models.BooleanField(default=False)
    bounced_at = models.DateTimeField(null=True, editable=False, help_text="Since when mail to the address comes back.")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    search_text = models.GeneratedField(
        expression=Lower(
            Concat(
                "name",
                models.Value(" "),
                "email",
                models.Value(" "),
                ONLY_DIGITS,
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        ordering = ("role", "name", "pk")
        indexes = (GinIndex(fields=("search_text",), opclasses=("gin_trgm_ops",), name="contacts_by_any_word"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(receives_invoices=False, receives_statements=False) | ~models.Q(email=""),
                name="who_receives_mail_has_an_address",
                violation_error_message="Whoever receives invoices or statements needs an e-mail address.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Address(ScopedModel):
    """Where a customer is billed, or where goods go."""

    entity_path = "customer__entity"

    class Kind(models.TextChoices):
        BILLING = "billing", "Billing"
        SHIPPING = "shipping", "Shipping"

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="addresses")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.BILLING)
    lines = models.TextField(blank=True, help_text="Street and number, one line each.")
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166 code, such as GB.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("kind", "pk")
        verbose_name_plural = "addresses"
        constraints = (
            models.UniqueConstraint(
                fields=("customer",),
                condition=models.Q(kind="billing", is_active=True),
                name="one_billing_address_a_customer",
                violation_error_message="The customer has a billing address already; change that one.",
            ),
        )

    def __str__(self) -> str:
        return ", ".join(part for part in (*self.lines.splitlines(), self.postcode, self.city, self.country) if part)
