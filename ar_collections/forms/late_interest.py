"""Charging, waiving and looking for late interest; its terms and the reference rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ar_collections.models import LateTerms, ReferenceRate
from core.forms import AmountField, CodeField, DayField, RowForm, offer_rows
from core.models import LegalEntity
from customers.models import Customer

STATES = [
    ("charged", "Charged"), ("waived", "Waived"), ("waits", "Waits for approval"), ("back", "Taken back"),
    ("all", "All"),
]  # fmt: skip


class LateFilter(forms.Form):
    """Whose late interest a list shows."""

    q = forms.CharField(required=False, label="Find")


class LateChargeFilter(LateFilter):
    """Which charges and waivers a list shows."""

    state = forms.ChoiceField(choices=STATES, required=False, label="State")


class DecideForm(forms.Form):
    """Why what has accrued is waived; a charge needs no reason."""

    reason = forms.CharField(max_length=400, required=False, label="Why it is waived")


class BackForm(forms.Form):
    """Why a charge or a waiver is taken back."""

    reason = forms.CharField(max_length=400, label="Why")


class EndTermsForm(forms.Form):
    """Until which day terms hold."""

    valid_until = DayField(label="Last day")


class SetUpForm(forms.Form):
    """From which day the law of the places is applied."""

    valid_from = DayField(label="For debts that become late from")


class RateForm(RowForm):
    """A central bank's rate for a half-year."""

    class Meta:
        model = ReferenceRate
        fields = ("reference", "starts_on", "percent", "source")
        labels = {"percent": "Per cent", "source": "Source"}
        field_classes = {"starts_on": DayField}


class TermsForm(RowForm):
    """Terms of a place or of one customer, with up to three steps of compensation."""

    customer = CodeField(Customer.objects.none(), source="customers:find", required=False, label="One customer")
    from_1 = AmountField(required=False, min_value=0, label="Compensation: from a debt of", initial=0)
    sum_1 = AmountField(required=False, min_value=0, label="it is")
    from_2 = AmountField(required=False, min_value=0, label="From a debt of")
    sum_2 = AmountField(required=False, min_value=0, label="it is")
    from_3 = AmountField(required=False, min_value=0, label="From a debt of")
    sum_3 = AmountField(required=False, min_value=0, label="it is")

    class Meta:
        model = LateTerms
        fields = ("place", "customer", "method", "reference", "percent", "basis", "currency", "valid_from")
        labels = {"percent": "Per cent", "method": "By what rate", "basis": "On what it rests"}
        field_classes = {"valid_from": DayField}

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "customer", Customer.objects.filter(entity=entity))

    def clean_place(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["place"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        """Each step of compensation has both its amounts."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        for step in "123":
            if facts.get(f"sum_{step}") is not None and facts.get(f"from_{step}") is None:
                raise ValidationError("Each compensation says from which debt on it holds.")
        return facts

    def filled(self, entity: LegalEntity) -> LateTerms:
        """The terms that were written down."""
        terms: LateTerms = self.instance
        terms.entity = entity
        terms.tiers = sorted(self._steps())
        return terms

    def _steps(self) -> list[tuple[Decimal, Decimal]]:
        facts = self.cleaned_data
        return [(facts[f"from_{step}"], facts[f"sum_{step}"]) for step in "123" if facts.get(f"sum_{step}") is not None]
