"""Surcharge rules, the card that a surcharge is worked out for, and why one is waived."""

from __future__ import annotations

from typing import Any

from django import forms

from core.forms import AmountField, DayField, RowForm
from invoicing.models import Brand, CardProduct, Funding, SurchargeRule
from invoicing.surcharges import Card


class SurchargeRuleForm(RowForm):
    """A rule from a day on."""

    threshold = AmountField(min_value=0, initial=0, label="Above", help_text="Payments above it carry the surcharge.")
    cap = AmountField(required=False, min_value=0, label="At most", help_text="Left empty: no cap.")

    class Meta:
        model = SurchargeRule
        fields = (
            "country", "state", "funding", "product", "brand", "currency", "threshold", "percent", "cap",
            "acceptance_percent", "basis", "valid_from",
        )  # fmt: skip
        labels = {"product": "Issued for", "percent": "Per cent", "basis": "On what it rests"}
        field_classes = {"valid_from": DayField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("funding", Funding), ("product", CardProduct), ("brand", Brand)):
            field: Any = self.fields[name]
            field.choices = [("", "Every"), *choices.choices]

    def clean_country(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["country"]).strip().upper()

    def clean_state(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["state"]).strip().upper()


class CardForm(forms.Form):
    """A card as the provider tells of it."""

    funding = forms.ChoiceField(required=False, choices=[("", "Not known"), *Funding.choices])
    product = forms.ChoiceField(required=False, choices=[("", "Not known"), *CardProduct.choices], label="Issued for")
    brand = forms.ChoiceField(required=False, choices=[("", "Not known"), *Brand.choices])

    @property
    def card(self) -> Card:
        """The card that was chosen, as far as it is known."""
        facts = self.cleaned_data if self.is_valid() else {}
        return Card(*(str(facts.get(name, "")) for name in ("funding", "product", "brand")))


class WaiverForm(forms.Form):
    """Why an invoice may be paid by card without surcharge."""

    reason = forms.CharField(max_length=300, label="Why", help_text="Whoever decides reads it first.")
