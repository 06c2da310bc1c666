"""Opening, closing and looking for disputes."""

from typing import Any

from django import forms

from ar_collections.actions import Claim, Closing, Task
from ar_collections.models import Dispute
from ar_collections.reasons import DISPUTABLE, DeductionReason, Department
from core.forms import AmountField, DayField, offer_rows
from core.models import LegalEntity, User
from core.money import Money

STATES = [("open", "Open"), ("late", "Late"), ("closed", "Closed"), ("all", "All")]
Outcome = Dispute.Outcome


def people_of(entity: LegalEntity) -> Any:
    """Whoever holds a role in the company."""
    held = User.objects.filter(role_grants__entity=entity, role_grants__ended_at=None)
    return held.filter(is_active=True, is_system=False).distinct().order_by("name")


class DisputeFilter(forms.Form):
    """Which disputes a list shows."""

    state = forms.ChoiceField(choices=STATES, required=False, label="State")
    reason = forms.ChoiceField(choices=[("", "Any reason"), *DISPUTABLE], required=False, label="Reason")
    department = forms.ChoiceField(
        choices=[("", "Any department"), *Department.choices], required=False, label="Department"
    )
    q = forms.CharField(required=False, label="Find")


class OpenDisputeForm(forms.Form):
    """What the customer contests, and who looks into it."""

    amount = AmountField(label="Disputed amount")
    reason = forms.ChoiceField(choices=DISPUTABLE, label="Reason")
    note = forms.CharField(max_length=400, required=False, label="What the customer says")
    department = forms.ChoiceField(
        choices=[("", "As the reason says"), *Department.choices], required=False, label="Department"
    )
    owner = forms.ModelChoiceField(User.objects.none(), required=False, label="Person", empty_label="Nobody yet")
    due_on = DayField(required=False, label="To be resolved by", help_text="Left empty: as soon as the reason asks.")

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "owner", people_of(entity))

    def claim(self, currency: str) -> Claim:
        """What was filled in, in the item's currency."""
        facts = self.cleaned_data
        return Claim(
            reason=DeductionReason(facts["reason"]),
            money=Money(facts["amount"], currency),
            note=facts["note"],
            department=facts["department"],
            owner=facts["owner"],
            due_on=facts["due_on"],
        )


class AssignDisputeForm(forms.Form):
    """Who looks into a dispute, and by when."""

    department = forms.ChoiceField(choices=Department.choices, label="Department")
    owner = forms.ModelChoiceField(User.objects.none(), required=False, label="Person", empty_label="Nobody yet")
    due_on = DayField(label="To be resolved by")
    why = forms.CharField(max_length=200, label="Why")

    def __init__(self, *args: Any, dispute: Dispute, **options: Any) -> None:
        now = {"department": dispute.department, "owner": dispute.owner_id, "due_on": dispute.due_on}
        super().__init__(*args, **{"initial": now, "prefix": "task", **options})
        offer_rows(self, "owner", people_of(dispute.entity))

    def task(self) -> Task:
        """What was filled in."""
        return Task(**self.cleaned_data)


class CloseDisputeForm(forms.Form):
    """How a dispute ended."""

    outcome = forms.ChoiceField(
        choices=[(value, label) for value, label in Outcome.choices if value], label="It is", widget=forms.RadioSelect
    )
    accepted = AmountField(required=False, label="Right of it", help_text="Only where it is valid in part.")
    note = forms.CharField(max_length=400, label="What was found")

    def closing(self, currency: str) -> Closing:
        """What was filled in."""
        accepted = self.cleaned_data["accepted"]
        return Closing(
            outcome=Outcome(self.cleaned_data["outcome"]),
            note=self.cleaned_data["note"],
            accepted=Money(accepted, currency) if accepted is not None else None,
        )
