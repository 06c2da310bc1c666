"""The form of a draft: who is billed, and a table of lines that can grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.forms import formset_factory

from core.currencies import currency_codes
from core.forms import AmountField, CodeField, DayField
from core.models import LegalEntity
from customers.models import Customer, PaymentTerms
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import Invoice, InvoiceLine, Language, TaxRate, Unit
from invoicing.queries.pages import rates_charged

if TYPE_CHECKING:
    Lines = forms.BaseFormSet["LineForm"]
else:
    Lines = forms.BaseFormSet

EMPTY_LINES = 3
MOST_LINES = 500


class DraftForm(forms.Form):
    """What is not in the lines."""

    customer = CodeField(Customer.objects.none(), source="customers:find", label="Customer")
    kind = forms.ChoiceField(choices=Invoice.Kind, label="For")
    purchase_order = forms.CharField(required=False, max_length=60, label="Purchase order")
    currency = forms.CharField(
        required=False, max_length=3, label="Currency", help_text="Left empty: the customer's, such as GBP."
    )
    terms = forms.ModelChoiceField(
        PaymentTerms.objects.none(), required=False, label="Terms", empty_label="As the customer"
    )
    language = forms.ChoiceField(required=False, choices=[("", "As the customer"), *Language.choices], label="Language")
    service_from = DayField(required=False, label="Service from")
    service_until = DayField(required=False, label="until")
    text = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}), label="Text above the lines"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    request_id = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, entity: LegalEntity, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        customer: Any = self.fields["customer"]
        terms: Any = self.fields["terms"]
        customer.queryset = Customer.objects.filter(entity=entity).select_related("terms")
        terms.queryset = PaymentTerms.objects.filter(entity=entity, is_active=True)

    def clean_currency(self) -> str:
        """A currency that there is."""
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and code not in currency_codes():
            raise forms.ValidationError(f"{code} is no currency. Use a three-letter code such as EUR.")
        return code

    @classmethod
    def facts_of(cls, invoice: Invoice) -> dict[str, Any]:
        """What the form shows of a draft."""
        names = ("kind", "purchase_order", "currency", "language", "service_from", "service_until", "text", "version")
        facts = {name: getattr(invoice, name) for name in names}
        return {**facts, "customer": invoice.customer, "terms": invoice.terms_id}

    @classmethod
    def fresh(cls) -> dict[str, Any]:
        """What a new form starts with."""
        return {"request_id": uuid4().hex}


FIGURE = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "num"})


class LineForm(forms.Form):
    """One line. A row without description and price is left out."""

    description = forms.CharField(required=False, max_length=300, label="Description")
    detail = forms.CharField(required=False, max_length=600, label="Small print")
    quantity = AmountField(required=False, decimal_places=4, label="Quantity", widget=FIGURE)
    unit = forms.ChoiceField(required=False, choices=Unit, label="Unit")
    unit_price = AmountField(required=False, decimal_places=6, label="Unit price", widget=FIGURE)
    discount_percent = AmountField(required=False, decimal_places=2, label="Discount %", widget=FIGURE)
    tax_rate = forms.ModelChoiceField(TaxRate.objects.none(), required=False, label="Tax", empty_label=None)
    service_from = DayField(required=False, label="Period from")
    service_until = DayField(required=False, label="until")

    def __init__(self, *args: Any, rates: Sequence[TaxRate] = (), usual: TaxRate | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label
        for name in ("description", "quantity", "unit_price"):
            self.fields[name].widget.attrs["placeholder"] = self.fields[name].label
        offered = list(rates)
        tax: Any = self.fields["tax_rate"]
        tax.queryset = TaxRate.objects.filter(pk__in=[rate.pk for rate in offered])
        tax.choices = [(rate.pk, rate.name) for rate in offered]
        if offered:
            self.initial.setdefault("tax_rate", usual.pk if usual in offered else offered[0].pk)

    @property
    def is_used(self) -> bool:
        """Whether somebody wrote something into it."""
        facts = self.cleaned_data
        return bool(facts.get("description") or facts.get("unit_price") is not None)

    def clean(self) -> dict[str, Any]:
        """A used line says what, for how much and at which tax."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if not (facts.get("description") or facts.get("unit_price") is not None):
            return facts
        if not facts.get("description"):
            self.add_error("description", "Say what is billed.")
        if facts.get("unit_price") is None and "unit_price" not in self.errors:
            self.add_error("unit_price", "Write a price.")
        if facts.get("tax_rate") is None and "tax_rate" not in self.errors:
            self.add_error("tax_rate", "Choose a tax rate.")
        return facts

    def line(self) -> DraftLine:
        """The line as it was written."""
        facts = self.cleaned_data
        given = {name: facts[name] for name in OPTIONAL if facts.get(name) not in (None, "")}
        return DraftLine(
            description=facts["description"], unit_price=facts["unit_price"], tax_rate=facts["tax_rate"], **given
        )


OPTIONAL = ("detail", "quantity", "unit", "discount_percent", "service_from", "service_until")
LineFormSet = formset_factory(LineForm, extra=EMPTY_LINES, max_num=MOST_LINES, absolute_max=MOST_LINES)


def line_formset(
    entity: LegalEntity, on: date, data: Any = None, invoice: Invoice | None = None, usual: TaxRate | None = None
) -> Lines:
    """The table of lines, empty or as a draft has them; new ones carry the customer's usual rate where one is known."""
    rates = rates_charged(entity.pk, on)
    lines = list(invoice.lines.all()) if invoice is not None else []
    if lines:
        rates = (rates | TaxRate.objects.filter(pk__in=[line.tax_rate_id for line in lines])).distinct()
    return LineFormSet(
        data,
        prefix="lines",
        initial=[_facts_of(line) for line in lines],
        form_kwargs={"rates": list(rates), "usual": usual},
    )


def draft_of(form: DraftForm, lines: Iterable[LineForm]) -> InvoiceDraft:
    """What was written, for the action."""
    facts = {name: value for name, value in form.cleaned_data.items() if name not in {"version", "request_id"}}
    return InvoiceDraft(
        **facts,
        lines=[line.line() for line in lines if line.is_used],
        request_id=form.cleaned_data["request_id"] or None,
    )


def _facts_of(line: InvoiceLine) -> dict[str, Any]:
    facts = {name: getattr(line, name) for name in ("description", "detail", "unit", "service_from", "service_until")}
    numbers = {name: f"{getattr(line, name).normalize():f}" for name in ("quantity", "unit_price")}
    discount = f"{line.discount_percent.normalize():f}" if line.discount_percent else ""
    return {**facts, **numbers, "discount_percent": discount, "tax_rate": line.tax_rate_id}
