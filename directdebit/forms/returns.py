"""Forms about what came back."""

from typing import Any

from django import forms

from core.forms import AmountField, ChoiceOfRow, offer_rows
from directdebit.models import Collection, ReturnPolicy


class ReportForm(forms.Form):
    """A report from the bank or the scheme."""

    file = forms.FileField(
        label="Report", help_text="ARUDD, ADDACS, AUDDIS, DDICA, pain.002, camt.054, a NACHA file, CSV or a workbook."
    )


class CollectionChoice(ChoiceOfRow):
    """A collection with what helps to tell it from others."""

    def label_from_instance(self, obj: Any) -> str:
        """Reference, payer, day and amount."""
        return f"{obj.reference} · {obj.customer.name} · {obj.collect_on:%d %b %Y} · {obj.money}"


class AssignForm(forms.Form):
    """Which collection came back."""

    collection = CollectionChoice(Collection.objects.none(), label="Collection")

    def __init__(self, *args: Any, rows: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "collection", rows)


class AsideForm(forms.Form):
    """Why a return is none of ours."""

    reason = forms.CharField(label="Why", max_length=400)


class OutcomeForm(forms.Form):
    """What came of a follow-up."""

    outcome = forms.CharField(label="What came of it", max_length=200)


class PolicyForm(forms.Form):
    """What a return costs."""

    bank_fee = AmountField(label="The bank takes", min_value=0, help_text="For each return, where it doesn't say so.")
    recharge = AmountField(label="The customer is charged", min_value=0, help_text="For each return of their doing.")

    @classmethod
    def of(cls, policy: ReturnPolicy | None, data: Any = None) -> "PolicyForm":
        """The form as the policy stands."""
        first = {"bank_fee": policy.bank_fee, "recharge": policy.recharge} if policy else {"bank_fee": 0, "recharge": 0}
        return cls(data, initial=first)
