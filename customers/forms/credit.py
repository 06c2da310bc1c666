"""Credit holds, their releases, and what holds stop."""

from django import forms

from core.forms import DayField, RowForm
from customers.models import CreditPolicy

WHY = forms.Textarea(attrs={"rows": 2})


class HoldForm(forms.Form):
    """Why a customer gets nothing more on credit, and until when."""

    reason = forms.CharField(max_length=300, label="Why", widget=WHY, help_text="Whoever is stopped reads it.")
    until = DayField(required=False, label="Until", help_text="Left empty: until released.")


class ReleaseForm(forms.Form):
    """Why a customer may go on, and until when."""

    reason = forms.CharField(max_length=300, label="Why", widget=WHY, help_text="The auditor reads it.")
    until = DayField(required=False, label="Until", help_text="Afterwards the hold counts again; empty: for good.")


class CreditPolicyForm(RowForm):
    """What a hold stops, and how far ahead unbilled orders count."""

    class Meta:
        model = CreditPolicy
        fields = ("stops_drafting", "stops_issuing", "stops_activating", "stops_renewing", "horizon_days")
        labels = {"horizon_days": "Unbilled orders of the next days"}
