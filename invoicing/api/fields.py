"""What serializers of both documents share."""

from datetime import date
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.api_amounts import AmountsInCurrency
from core.models import LegalEntity
from customers.models import Customer
from invoicing.models import Document, DocumentLine, DocumentTax, TaxRate
from invoicing.queries.pages import open_of, rates_charged

DOCUMENT_FIELDS = (
    "id", "entity", "customer", "number", "issued_on", "currency", "language", "purchase_order", "text", "net", "tax",
    "gross", "open_amount", "version", "lines", "taxes",
)  # fmt: skip
LINE_FIELDS = (
    "position", "description", "detail", "quantity", "unit", "unit_price", "discount_percent", "tax_rate", "net",
)  # fmt: skip


class TaxSerializer(serializers.ModelSerializer[DocumentTax]):
    """What is charged at one rate."""

    tax_rate = serializers.CharField(source="tax_rate.code")
    category = serializers.CharField(source="tax_rate.category")
    percent = serializers.DecimalField(source="tax_rate.percent", max_digits=6, decimal_places=3)

    class Meta:
        fields = ("tax_rate", "category", "percent", "net", "tax")


class LineSerializer(serializers.ModelSerializer[DocumentLine]):
    """A line as it was written."""

    tax_rate = serializers.CharField(source="tax_rate.code")

    class Meta:
        fields: tuple[str, ...] = LINE_FIELDS


class DocumentSerializer(AmountsInCurrency, serializers.ModelSerializer[Any]):
    """What invoices and credit notes say alike."""

    entity = serializers.CharField(source="entity.code")
    customer = serializers.CharField(source="customer.code")
    open_amount = serializers.SerializerMethodField()

    def get_open_amount(self, document: Document) -> str:
        """What is left open now, as a decimal."""
        return str(open_of(document))


def customer_named(entity: LegalEntity, code: str) -> Customer:
    """The customer of this code in the company."""
    found = Customer.objects.filter(entity=entity, code=code).select_related("entity", "terms").first()
    if found is None:
        raise ValidationError({"customer": [f"{entity.name} has no customer {code}."]})
    return found


def rates_named(entity: LegalEntity, on: date) -> dict[str, TaxRate]:
    """The tax rates charged on a day, by code."""
    return {rate.code: rate for rate in rates_charged(entity.pk, on)}
