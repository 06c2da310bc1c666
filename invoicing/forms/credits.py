"""The form of a credit note: everything, some lines, or an amount."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import formset_factory

from core.forms import AmountField
from invoicing.forms.corrections import WithFile
from invoicing.models import CreditNote

FIGURE = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "input num"})
WHAT = [
    ("everything", "All that is left"),
    ("rebill", "All that is left, and bill it anew: a draft with the same lines is written"),
    ("lines", "Some lines"),
    ("amount", "An amount"),
]


class ReasonForm(WithFile):
    """Why, and how much of it."""

    reason_code = forms.ChoiceField(choices=CreditNote.Reason, label="Reason")
    reason = forms.CharField(max_length=300, label="In words", help_text="Printed on the credit note.")
    what = forms.ChoiceField(choices=WHAT, label="Credit", widget=forms.RadioSelect)
    request_id = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class AmountCreditForm(forms.Form):
    """An amount, tax included."""

    amount = AmountField(required=False, min_value=0, label="Amount with tax")


class LineCreditForm(forms.Form):
    """How much of one line."""

    quantity = AmountField(required=False, label="Quantity", widget=FIGURE)
    net = AmountField(required=False, label="or net amount", widget=FIGURE)
    line = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """One of both."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if facts.get("quantity") and facts.get("net"):
            self.add_error("net", "Write a quantity or an amount, not both.")
        return facts


CreditLineFormSet = formset_factory(LineCreditForm, extra=0, max_num=2_000, absolute_max=2_000)
