"""The form of a contract: what holds for all of it, and a table of lines that can grow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.forms import formset_factory

from core.forms import AmountField, CodeField, DayField
from core.models import LegalEntity
from customers.models import Customer, PaymentTerms
from invoicing.contract_drafts import ContractDraft, ContractLineDraft
from invoicing.models import Contract, ContractFile, ContractLine, Language, PriceTier, Product

if TYPE_CHECKING:
    Lines = forms.BaseFormSet["ContractLineForm"]
else:
    Lines = forms.BaseFormSet

FIGURE = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "num"})
MOST_LINES = 200
WRITTEN = (
    "kind", "starts_on", "ends_on", "currency", "language", "purchase_order", "text", "notice_days", "renews",
    "renewal_months", "indexation_percent", "version",
)  # fmt: skip


class ContractForm(forms.Form):
    """What holds for the whole contract."""

    customer = CodeField(Customer.objects.none(), source="customers:find", label="Customer")
    kind = forms.ChoiceField(choices=Contract.Kind, label="Kind")
    starts_on = DayField(label="Starts")
    ends_on = DayField(required=False, label="Last day", help_text="Left empty: until it is ended.")
    purchase_order = forms.CharField(required=False, max_length=60, label="Purchase order")
    terms = forms.ModelChoiceField(
        PaymentTerms.objects.none(), required=False, label="Terms", empty_label="As the customer"
    )
    renews = forms.BooleanField(required=False, label="Renews unless somebody gives notice")
    notice_days = forms.IntegerField(required=False, min_value=0, max_value=3650, label="Days of notice")
    renewal_months = forms.IntegerField(required=False, min_value=1, max_value=120, label="Months of the next term")
    indexation_percent = AmountField(
        required=False, decimal_places=3, label="Prices rise by %", help_text="When it renews.", widget=FIGURE
    )
    number = forms.CharField(
        required=False, max_length=60, label="Number", help_text="Left empty: the next of the series."
    )
    currency = forms.CharField(required=False, max_length=3, label="Currency", help_text="Left empty: the customer's.")
    language = forms.ChoiceField(required=False, choices=[("", "As the customer"), *Language.choices], label="Language")
    text = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label="Text on every invoice"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    request_id = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, entity: LegalEntity, *args: Any, is_new: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        customer: Any = self.fields["customer"]
        terms: Any = self.fields["terms"]
        customer.queryset = Customer.objects.filter(entity=entity).select_related("terms")
        terms.queryset = PaymentTerms.objects.filter(entity=entity, is_active=True)
        if not is_new:
            del self.fields["number"]

    def clean_currency(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["currency"]).strip().upper()

    @classmethod
    def fresh(cls) -> dict[str, Any]:
        """What a new form starts with."""
        return {"request_id": uuid4().hex, "renewal_months": 12, "notice_days": 0}

    @classmethod
    def facts_of(cls, contract: Contract) -> dict[str, Any]:
        """What the form shows of a draft."""
        facts = {name: getattr(contract, name) for name in WRITTEN}
        return {**facts, "customer": contract.customer, "terms": contract.terms_id}


class ContractLineForm(forms.Form):
    """One line. A row without a product is left out."""

    product = CodeField(Product.objects.none(), source="invoicing:find_products", required=False, label="Product")
    description = forms.CharField(required=False, max_length=300, label="Description")
    quantity = AmountField(required=False, decimal_places=4, label="Quantity", widget=FIGURE)
    unit_price = AmountField(required=False, decimal_places=6, label="Price", widget=FIGURE)
    cycle = forms.ChoiceField(required=False, choices=ContractLine.Cycle, label="Billed")
    timing = forms.ChoiceField(required=False, choices=ContractLine.Timing, label="When")
    discount_percent = AmountField(required=False, decimal_places=2, label="Discount %", widget=FIGURE)
    starts_on = DayField(required=False, label="From")
    ends_on = DayField(required=False, label="until")
    cost_centre = forms.CharField(required=False, max_length=60, label="Cost centre")
    tiering = forms.ChoiceField(required=False, choices=ContractLine.Tiering, label="Tiers")
    tiers = forms.CharField(
        required=False, max_length=400, label="Tier prices", help_text="From quantity: price, such as 0: 5; 100: 4"
    )

    def __init__(self, *args: Any, products: QuerySet[Product] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label
        self.fields["description"].widget.attrs["placeholder"] = "As the product"
        for name in ("product", "quantity", "unit_price"):
            self.fields[name].widget.attrs["placeholder"] = self.fields[name].label
        product: Any = self.fields["product"]
        product.queryset = products

    @property
    def is_used(self) -> bool:
        """Whether somebody chose a product."""
        return self.cleaned_data.get("product") is not None

    def clean(self) -> dict[str, Any]:
        """A row with a description or a price says which product it is."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        says = facts.get("description") or facts.get("unit_price") is not None or facts.get("tiers")
        if says and facts.get("product") is None and "product" not in self.errors:
            self.add_error("product", "Choose a product.")
        return facts

    def clean_tiers(self) -> tuple[tuple[Decimal, Decimal], ...]:
        """Pairs of quantity and price."""
        text = str(self.cleaned_data["tiers"]).strip()
        try:
            pairs = [part.split(":") for part in text.split(";") if part.strip()]
            return tuple((Decimal(start.strip()), Decimal(price.strip())) for start, price in pairs)
        except (ValueError, ArithmeticError):
            raise forms.ValidationError("Write tiers as 0: 5; 100: 4.") from None

    def line(self) -> ContractLineDraft:
        """The line as it was written; a price that is left out is the product's."""
        facts = self.cleaned_data
        given = {name: facts[name] for name in OPTIONAL if facts.get(name) not in (None, "")}
        price = facts["unit_price"]
        if price is None and not facts["tiers"]:
            price = facts["product"].list_price
        is_metered = given.get("cycle") == ContractLine.Cycle.USAGE
        if is_metered:
            given["timing"] = ContractLine.Timing.ARREARS.value
        return ContractLineDraft(facts["product"], unit_price=price, tiers=facts["tiers"], **given)


OPTIONAL = (
    "description", "quantity", "cycle", "timing", "discount_percent", "starts_on", "ends_on", "cost_centre", "tiering",
)  # fmt: skip
ContractLineFormSet = formset_factory(ContractLineForm, extra=2, max_num=MOST_LINES, absolute_max=MOST_LINES)


class ContractFileForm(forms.Form):
    """A file to attach."""

    file = forms.FileField(label="File", help_text="Up to 25 MB. It is kept as it is.")
    kind = forms.ChoiceField(choices=ContractFile.Kind, label="What it is")
    note = forms.CharField(required=False, max_length=200, label="Note")


def contract_line_formset(entity: LegalEntity, data: Any = None, contract: Contract | None = None) -> Lines:
    """The table of lines, empty or as a draft has them."""
    products = Product.objects.filter(entity=entity, is_active=True)
    initial: list[dict[str, Any]] = []
    if contract is not None:
        lines = contract.lines.select_related("product").prefetch_related("tiers").order_by("position")
        initial = [_facts_of(line, contract.starts_on, contract.ends_on) for line in lines]
    return ContractLineFormSet(data, prefix="lines", initial=initial, form_kwargs={"products": products})


def contract_draft_of(form: ContractForm, lines: Iterable[ContractLineForm]) -> ContractDraft:
    """What was written, for the action."""
    facts = {name: value for name, value in form.cleaned_data.items() if name not in {"version", "request_id"}}
    facts["notice_days"] = facts["notice_days"] or 0
    facts["renewal_months"] = facts["renewal_months"] or 12
    used = [line.line() for line in lines if line.is_used]
    return ContractDraft(**facts, lines=used, source_id=form.cleaned_data["request_id"] or None)


def _facts_of(line: ContractLine, starts_on: date, ends_on: date | None) -> dict[str, Any]:
    names = ("description", "cycle", "timing", "tiering", "cost_centre", "starts_on", "ends_on")
    facts = {name: getattr(line, name) for name in names} | {"product": line.product}
    facts["starts_on"] = None if line.starts_on == starts_on else line.starts_on
    facts["ends_on"] = None if line.ends_on == ends_on else line.ends_on
    for name in ("quantity", "unit_price", "discount_percent"):
        number = getattr(line, name)
        facts[name] = f"{number.normalize():f}" if number or name == "unit_price" and number is not None else ""
    return facts | {"tiers": "; ".join(map(_tier, line.tiers.all()))}


def _tier(tier: PriceTier) -> str:
    return f"{tier.from_quantity.normalize():f}: {tier.unit_price.normalize():f}"
