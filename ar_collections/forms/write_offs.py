"""Writing documents off, looking for write-offs, recoveries, and the rule of tax relief."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from ar_collections.actions.write_offs import Writing
from ar_collections.models import ReliefRule, WriteOff
from core.forms import AmountField, DateInput, RowForm, offer_rows
from ledger.models import OpenItem

STATES = [
    ("posted", "Written off"), ("waits", "Waits for approval"), ("recovered", "Recovered"),
    ("money", "Money came since"), ("ended", "Reversed or dropped"), ("all", "All"),
]  # fmt: skip


class WriteOffFilter(forms.Form):
    """Which write-offs a list shows."""

    state = forms.ChoiceField(choices=STATES, required=False, label="State")
    q = forms.CharField(required=False, label="Find")


class EndForm(forms.Form):
    """Why a write-off is reversed or dropped."""

    reason = forms.CharField(max_length=400, label="Why")


class RecoverForm(forms.Form):
    """Which money on account was for a debt that was written off."""

    receipt = forms.ModelChoiceField(OpenItem.objects.none(), label="Money on account", empty_label="Choose a receipt")
    amount = AmountField(min_value=Decimal("0.001"), label="Amount of it")

    def __init__(self, *args: Any, receipts: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "receipt", receipts)
        field: Any = self.fields["receipt"]
        field.label_from_instance = lambda item: f"{item.number} of {item.document_on:%d %b %Y}, {item.open_money}"


class ReliefRuleForm(RowForm):
    """From when until when tax on bad debts may be claimed back."""

    class Meta:
        model = ReliefRule
        fields = ("wait_months", "lapse_months", "basis", "valid_from")
        labels = {
            "wait_months": "Months to wait",
            "lapse_months": "Months until it lapses",
            "basis": "On what it rests",
        }
        widgets = {"valid_from": DateInput}


class WritingForm(forms.Form):
    """Which documents are written off, how much of each, and why."""

    reason = forms.ChoiceField(choices=WriteOff.Reason.choices, label="Reason")
    note = forms.CharField(
        max_length=400, label="What was done, and why nothing more is to be expected",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    against = forms.ChoiceField(choices=WriteOff.Against.choices, label="Borne by")

    def __init__(self, *args: Any, currency: str, items: Sequence[OpenItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency, self.items = currency, items
        for item in items:
            left = getattr(item, "open_then", item.open_amount)
            self.fields[f"take_{item.pk}"] = forms.BooleanField(required=False, label=item.number)
            self.fields[f"amount_{item.pk}"] = AmountField(
                required=False, min_value=0, max_value=left, initial=left, label=f"Of {item.number}"
            )

    @property
    def rows(self) -> list[tuple[OpenItem, Any, Any]]:
        """Each document with its tick and its amount."""
        return [(item, self[f"take_{item.pk}"], self[f"amount_{item.pk}"]) for item in self.items]

    @property
    def chosen(self) -> list[tuple[OpenItem, Decimal]]:
        """What was ticked; left empty, all that is open of it."""
        facts = self.cleaned_data
        return [
            (item, facts.get(f"amount_{item.pk}") or getattr(item, "open_then", item.open_amount))
            for item in self.items
            if facts.get(f"take_{item.pk}")
        ]

    def writing(self) -> Writing:
        """What was filled in."""
        facts = self.cleaned_data
        return Writing(
            currency=self.currency,
            parts=[(item.pk, amount) for item, amount in self.chosen],
            reason=WriteOff.Reason(facts["reason"]),
            note=facts["note"],
            against=WriteOff.Against(facts["against"]),
        )

    def clean(self) -> dict[str, Any]:
        """Without a document there is nothing to write off."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(facts.get(f"take_{item.pk}") for item in self.items):
            raise forms.ValidationError("Tick the documents that are written off.")
        return facts
