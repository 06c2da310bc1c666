"""The customer, and the lock that lets one thing happen to a customer at a time."""

from collections.abc import Iterable

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator, RegexValidator
from django.db import connection, models
from django.db.models.functions import Concat, Lower, Now

from core.fields import AmountField, CurrencyField
from core.reading import read
from core.scoping import ScopedModel
from customers.models.terms import PaymentTerms
from customers.names import name_key

code_shape = RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z ._/-]*$", "Use letters, digits and . _ / - in the code.")


class NameKeyField(models.CharField):  # type: ignore[type-arg]
    """The name as duplicates are compared, worked out whenever the row is saved or bulk-created."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Work the key out of the row's name."""
        key = name_key(str(getattr(model_instance, "name", "")))
        setattr(model_instance, self.attname, key)
        return key


class Customer(ScopedModel):
    """A company that buys from one of our entities and owes it money."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"

    class TaxStatus(models.TextChoices):
        STANDARD = "standard", "Standard rates"
        REVERSE_CHARGE = "reverse_charge", "Reverse charge: the customer accounts for the tax"
        EXEMPT = "exempt", "Exempt by certificate"
        EXPORT = "export", "Export: outside the scope of tax"

    class Delivery(models.TextChoices):
        EMAIL = "email", "E-mail"
        PRINT = "print", "Print and post"
        PORTAL = "portal", "The customer's own portal"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="customers")
    code = models.CharField(max_length=30, validators=[code_shape])
    name = models.CharField(max_length=200)
    name_key = NameKeyField(max_length=200, editable=False)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    language = models.CharField(max_length=8, default="en")
    currency = CurrencyField()
    terms = models.ForeignKey(PaymentTerms, on_delete=models.PROTECT, related_name="customers")
    credit_limit = AmountField(
        null=True, blank=True, validators=[MinValueValidator(0)], help_text="In the customer's currency."
    )
    tax_status = models.CharField(max_length=16, choices=TaxStatus, default=TaxStatus.STANDARD)
    tax_number = models.CharField(max_length=30, blank=True)
    registration_number = models.CharField(max_length=40, blank=True)
    delivery = models.CharField(max_length=8, choices=Delivery, default=Delivery.EMAIL)
    purchase_order_required = models.BooleanField(default=False)
    payment_reference = models.CharField(
        max_length=25, editable=False, help_text="ISO 11649: what the customer may write on any payment."
    )
    segment = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    request_id = models.UUIDField(null=True, unique=True, editable=False, help_text="Of the form that made it.")
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Counts the changes of this row.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    search_text = models.GeneratedField(
        expression=Lower(
            Concat(
                "code",
                models.Value(" "),
                "name",
                models.Value(" "),
                "name_key",
                models.Value(" "),
                "tax_number",
                models.Value(" "),
                "payment_reference",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        ordering = ("name", "pk")
        indexes = (
            models.Index(fields=("entity", "name", "id"), name="customers_of_an_entity"),
            GinIndex(fields=("search_text",), opclasses=("gin_trgm_ops",), name="customers_by_any_word"),
            GinIndex(fields=("name_key",), opclasses=("gin_trgm_ops",), name="customers_of_like_name"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("entity", "code"),
                name="one_customer_a_code",
                violation_error_message="Another customer of this company has that code.",
            ),
            models.UniqueConstraint(
                fields=("entity", "payment_reference"),
                condition=~models.Q(payment_reference=""),
                name="one_customer_a_payment_reference",
            ),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="nobody_is_their_own_parent"),
            models.CheckConstraint(
                condition=models.Q(credit_limit=None) | models.Q(credit_limit__gte=0),
                name="a_credit_limit_is_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def is_active(self) -> bool:
        """Whether new documents may be made for them."""
        return self.status == self.Status.ACTIVE


def lock(customer: Customer) -> Customer:
    """Wait for your turn with a customer, then read the row anew. Rows that point at it can still be added."""
    return Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


def lock_many(customers: Iterable[Customer]) -> list[Customer]:
    """Take your turn with several customers at once, by ascending id, so that two never wait for each other."""
    keys = sorted({customer.pk for customer in customers})
    return read(Customer, "id = ANY(%(keys)s) ORDER BY id FOR NO KEY UPDATE", keys=keys)


def take_turns(customers: Iterable[Customer]) -> None:
    """The same lock where nothing has to be read anew."""
    keys = sorted({customer.pk for customer in customers})
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [keys])
