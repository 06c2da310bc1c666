"""Writing documents off, looking for write-offs, recoveries, and the rule of tax relief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from ar_collections.actions.write_offs import Writing
from ar_collections.models import ReliefRule, WriteOff
from core.forms import AmountField, DayField, RowForm, offer_choices
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

    receipt = forms.ChoiceField(label="Money on account")
    amount = AmountField(min_value=Decimal("0.001"), label="Amount of it")
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, receipts: Iterable[OpenItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.receipts = {str(item.pk): item for item in receipts}
        named = [
            (key, f"{item.number} of {item.document_on:%d %b %Y}, {item.open_money}")
            for key, item in self.receipts.items()
        ]
        offer_choices(self, "receipt", [("", "Choose a receipt"), *named])

    def clean_receipt(self) -> OpenItem:
        """The receipt itself."""
        return self.receipts[self.cleaned_data["receipt"]]


class UndoForm(forms.Form):
    """Why a recovery is undone."""

    reason = forms.CharField(max_length=400, label="Why it is undone")


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
        field_classes = {"valid_from": DayField}


class WritingForm(forms.Form):
    """Which documents are written off, how much of each, and why."""

    reason = forms.ChoiceField(choices=WriteOff.Reason.choices, label="Reason")
    note = forms.CharField(
        max_length=400, label="What was done, and why nothing more is to be expected",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    against = forms.ChoiceField(choices=WriteOff.Against.choices, label="Borne by")
    request_id = forms.UUIDField(widget=forms.HiddenInput)

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
            request_id=facts["request_id"],
        )

    def clean(self) -> dict[str, Any]:
        """Without a document there is nothing to write off."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(facts.get(f"take_{item.pk}") for item in self.items):
            raise forms.ValidationError("Tick the documents that are written off.")
        return facts
