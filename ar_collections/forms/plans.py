"""Opening, proposing, ending and looking for payment plans."""

from collections.abc import Sequence
from typing import Any

from django import forms

from ar_collections.actions.plans import Proposal
from ar_collections.plans import MOST_INSTALMENTS, Every, State, steps_of
from core.calendars import BusinessCalendar
from core.forms import DayField
from core.money import ZERO, Money
from ledger.models import OpenItem

STATES = [("live", "Proposed and active"), *State.choices, ("all", "All")]


class PlanFilter(forms.Form):
    """Which plans a list shows."""

    state = forms.ChoiceField(choices=STATES, required=False, label="State")
    q = forms.CharField(required=False, label="Find")


class ReasonForm(forms.Form):
    """Why a plan is opened, or ends."""

    reason = forms.CharField(max_length=400, label="Why")


class SignedLetterForm(forms.Form):
    """A plan's letter as the customer signed it."""

    file = forms.FileField(label="Signed letter", help_text="A PDF or a picture of up to 10 MB.")


class PlanForm(forms.Form):
    """What a customer would pay over time, and what shows that they can't pay at once."""

    count = forms.IntegerField(label="Instalments", min_value=2, max_value=MOST_INSTALMENTS, initial=3)
    first_on = DayField(label="First one due on")
    every = forms.ChoiceField(label="How often", choices=Every.choices, initial=Every.MONTH)
    reason = forms.CharField(
        max_length=400, label="Why they can’t pay at once", widget=forms.Textarea(attrs={"rows": 2})
    )
    proof = forms.FileField(
        label="The customer’s proof", help_text="Such as their cash forecast or a letter of their bank."
    )
    interest_waived = forms.BooleanField(required=False, label="Waive late interest while it is kept")

    def __init__(self, *args: Any, currency: str, items: Sequence[OpenItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.currency, self.items = currency, items
        for item in items:
            self.fields[f"take_{item.pk}"] = forms.BooleanField(required=False, label=item.number)

    @property
    def rows(self) -> list[tuple[OpenItem, Any]]:
        """Each document with its tick."""
        return [(item, self[f"take_{item.pk}"]) for item in self.items]

    def proposal(self, calendar: BusinessCalendar) -> Proposal:
        """What was filled in: equal instalments of all that is open of what is ticked."""
        facts = self.cleaned_data
        chosen = [item for item in self.items if facts[f"take_{item.pk}"]]
        total = sum((getattr(item, "open_then", item.open_amount) for item in chosen), ZERO)
        steps = steps_of(
            Money(total, self.currency),
            count=facts["count"],
            first_on=facts["first_on"],
            every=Every(facts["every"]),
            calendar=calendar,
        )
        return Proposal(
            currency=self.currency,
            items=chosen,
            steps=steps,
            reason=facts["reason"],
            proof=(facts["proof"].name, facts["proof"].read()),
            interest_waived=facts["interest_waived"],
        )

    def clean(self) -> dict[str, Any]:
        """Without a document there is nothing to split."""
        facts = super().clean() or self.cleaned_data
        if not any(facts.get(f"take_{item.pk}") for item in self.items):
            raise forms.ValidationError("Tick the documents that the plan is about.")
        return facts
