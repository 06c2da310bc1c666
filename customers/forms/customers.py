"""A customer's master data: new, changed, put below a parent; and a list's filters kept under a name."""

from typing import Any
from uuid import uuid4

from django import forms

from core.forms import AmountField, CodeField, RowForm
from core.models import LegalEntity, User
from customers.forms.choices import LANGUAGES, country_choices
from customers.models import Customer, PaymentTerms
from customers.names import compact
from customers.queries import visible_customers
from customers.taxnumbers import validate_tax_number

MASTER_DATA = (
    "name",
    "tax_status",
    "tax_number",
    "registration_number",
    "segment",
    "terms",
    "currency",
    "credit_limit",
    "delivery",
    "language",
    "purchase_order_required",
)
LABELS = {
    "name": "Legal name",
    "terms": "Payment terms",
    "delivery": "Invoices go by",
    "purchase_order_required": "Needs a purchase order number on every invoice",
    "language": "Language of documents",
}


class MasterDataForm(RowForm):
    """The fields that opening and changing a customer share."""

    credit_limit = AmountField(
        required=False, min_value=0, label="Credit limit", help_text="In the customer's currency. Empty: none agreed."
    )
    language = forms.ChoiceField(choices=LANGUAGES, label=LABELS["language"])

    class Meta:
        model = Customer
        fields = MASTER_DATA
        labels = LABELS
        help_texts = {
            "tax_number": "With its country's letters, such as GB123456782.",
            "currency": "Three letters, such as EUR.",
            "segment": "Any word by which you group customers.",
        }

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        terms: Any = self.fields["terms"]
        held = PaymentTerms.objects.filter(entity=entity)
        terms.queryset = held.filter(is_active=True) | held.filter(customers=self.instance.pk)
        terms.queryset = terms.queryset.distinct()
        terms.empty_label = "Choose"
        self.initial.setdefault("language", entity.language)

    def clean_tax_number(self) -> str:
        """Hold a new number against its country's rule; one that stood there before is left alone."""
        number = compact(self.cleaned_data["tax_number"])
        if number and number != self.initial.get("tax_number"):
            validate_tax_number(number)
        return number

    def clean(self) -> dict[str, Any]:
        """Say at the field what reverse charge needs."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("tax_status") == Customer.TaxStatus.REVERSE_CHARGE and not cleaned.get("tax_number"):
            if "tax_number" not in self.errors:
                self.add_error("tax_number", "Reverse charge needs it: the invoice has to name it.")
        return cleaned

    def master_data(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: self.cleaned_data[name] for name in MASTER_DATA}


class ChangeForm(MasterDataForm):
    """Change; `version` notices a change made by somebody else meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class NewCustomerForm(MasterDataForm):
    """Open a customer together with its first contact, billing address and bank account."""

    code = forms.CharField(required=False, max_length=30, label="Code", help_text="Empty: the next number.")
    contact_name = forms.CharField(required=False, max_length=120, label="Billing contact")
    email = forms.EmailField(required=False, label="E-mail for invoices")
    phone = forms.CharField(required=False, max_length=40, label="Phone")
    lines = forms.CharField(required=False, label="Street", widget=forms.Textarea(attrs={"rows": 2}))
    postcode = forms.CharField(required=False, max_length=20, label="Postcode")
    city = forms.CharField(required=False, max_length=80, label="City")
    region = forms.CharField(required=False, max_length=80, label="Region or state")
    country = forms.ChoiceField(required=False, label="Country")
    iban = forms.CharField(required=False, max_length=42, label="IBAN that it pays from")
    accept_doubles = forms.BooleanField(required=False, label="It is another company: open it all the same")
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, entity=entity, **options)
        country: Any = self.fields["country"]
        country.choices = country_choices()
        first = {"currency": entity.currency, "country": entity.country, "request_id": uuid4(), "delivery": "email"}
        self.initial = {**self.initial, **first}

    def suspicious_facts(self) -> dict[str, Any]:
        """What duplicates are looked for by, however far the typing is."""
        asked = {name: str(self.data.get(name, "")) for name in ("name", "tax_number", "phone", "iban", "email")}
        return {**{name: asked[name] for name in ("name", "tax_number", "phone", "iban")}, "emails": [asked["email"]]}

    def address(self) -> dict[str, str]:
        """The billing address, or nothing where only the country stands."""
        parts = {name: self.cleaned_data[name] for name in ("lines", "postcode", "city", "region")}
        return {**parts, "country": self.cleaned_data["country"]} if any(parts.values()) else {}

    def clean_country(self) -> str:
        """An address needs its country."""
        country: str = self.cleaned_data["country"]
        if not country and any(self.data.get(name) for name in ("lines", "postcode", "city", "region")):
            raise forms.ValidationError("Choose the country of the address.")
        return country


class ParentForm(forms.Form):
    """Put a customer below another one."""

    def __init__(self, *args: Any, by: User, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"] = CodeField(
            visible_customers(by).filter(entity=customer.entity).exclude(pk=customer.pk),
            source="customers:find",
            required=False,
            label="Parent",
            help_text="Type a name or a code. Empty: it stands on its own.",
        )


class SaveViewForm(forms.Form):
    """A name for the filters as they stand."""

    name = forms.CharField(max_length=60, label="Name of the view")
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    is_shared = forms.BooleanField(required=False, label="Show it to everybody in the company")
