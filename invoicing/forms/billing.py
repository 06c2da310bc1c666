"""The forms of billing: what a run bills, why something is accepted, the checks, and a month's finals."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from core.forms import DayField, RowForm
from customers.models import PaymentTerms
from invoicing.cycles import months_after
from invoicing.models import BillingChecks, ChargeKind, Invoice, Language

MONTHS_BACK = 12


class BillingForm(forms.Form):
    """Which charges a run bills, and the day on its invoices."""

    billed_through = DayField(label="Everything due by")
    invoice_on = DayField(label="Dated")
    kinds = forms.MultipleChoiceField(label="Kinds", choices=ChargeKind.choices, widget=forms.CheckboxSelectMultiple)
    request_id = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, today: date) -> dict[str, Any]:
        """Everything, up to today."""
        return {
            "billed_through": today,
            "invoice_on": today,
            "kinds": ChargeKind.values,
            "request_id": uuid4().hex,
        }

    @property
    def facts(self) -> dict[str, Any]:
        """What was chosen, for questions and actions."""
        return {name: self.cleaned_data[name] for name in ("billed_through", "invoice_on", "kinds")}


class AcceptForm(forms.Form):
    """Why something is billed all the same."""

    reason = forms.CharField(
        max_length=300, label="Why it is billed all the same", widget=forms.Textarea(attrs={"rows": 3})
    )


class HeaderForm(forms.Form):
    """What may change in a draft that bills days of contracts."""

    purchase_order = forms.CharField(required=False, max_length=60, label="Purchase order")
    terms = forms.ModelChoiceField(PaymentTerms.objects.none(), label="Terms", empty_label=None)
    language = forms.ChoiceField(choices=Language.choices, label="Language")
    text = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label="Text above the lines"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, invoice: Invoice, data: Any = None) -> None:
        names = ("purchase_order", "terms", "language", "text", "version")
        super().__init__(data, initial={name: getattr(invoice, name) for name in names})
        terms: Any = self.fields["terms"]
        terms.queryset = PaymentTerms.objects.filter(entity=invoice.entity_id)


class ChecksForm(RowForm):
    """From which difference on a run asks."""

    class Meta:
        model = BillingChecks
        fields = ("amount_percent", "quantity_percent", "least_amount", "duplicate_days")
        labels = {
            "amount_percent": "Amount differs by more than, %",
            "quantity_percent": "Quantity differs by more than, %",
            "least_amount": "and by at least",
            "duplicate_days": "Look for duplicates in the last days",
        }


class MonthForm(forms.Form):
    """Which month's final bills are shown."""

    month_on = forms.TypedChoiceField(label="Month", coerce=date.fromisoformat)

    def __init__(self, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.months = [months_after(today.replace(day=1), -back) for back in range(MONTHS_BACK)]
        month: Any = self.fields["month_on"]
        month.choices = [(day.isoformat(), f"{day:%B %Y}") for day in self.months]
        self.initial.setdefault("month_on", self.months[1].isoformat())

    @property
    def chosen(self) -> date:
        """The month's first day; last month's where none is chosen."""
        month_on: date | None = self.cleaned_data.get("month_on") if self.is_valid() else None
        return month_on or self.months[1]


class FinalsForm(MonthForm):
    """Which month's final billing is complete."""

    month_on = forms.TypedChoiceField(coerce=date.fromisoformat, widget=forms.HiddenInput({"id": "declared_month"}))
    reason = forms.CharField(
        required=False,
        max_length=300,
        label="Why, if something is still open",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
