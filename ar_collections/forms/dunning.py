"""Holds, segments by hand, and which day's reminders are shown."""

from typing import Any

from django import forms

from ar_collections.actions.holds import HoldFacts
from ar_collections.models import DunningHold, Segment
from core.forms import DayField
from customers.models import Customer
from ledger.models import OpenItem

OF_DOCUMENTS = (Segment.Rule.FINAL, Segment.Rule.RECURRING)
STATES = [("asked", "Who is asked"), ("not", "Who is not, and why")]


class PreviewFilter(forms.Form):
    """Which day's preview is shown, and which side of it."""

    on = DayField(required=False, label="Day")
    state = forms.ChoiceField(choices=STATES, required=False, label="Show")
    q = forms.CharField(required=False, label="Find")


class RehearsalForm(forms.Form):
    """That a preview or dry run of everybody is asked for, once."""

    request_id = forms.UUIDField()


class HoldForm(forms.Form):
    """What is held back, why, and until when."""

    kind = forms.ChoiceField(choices=DunningHold.Kind.choices, label="Why nothing is asked", widget=forms.RadioSelect)
    item = forms.ModelChoiceField(
        OpenItem.objects.none(), required=False, label="Only for one document", empty_label="Everything"
    )
    channel = forms.ChoiceField(
        choices=DunningHold.Channel.choices, required=False, label="Only this way", help_text="For “do not contact”."
    )
    until = DayField(required=False, label="Last day", help_text="Left empty: until somebody lifts it.")
    reason = forms.CharField(max_length=300, label="What was said or decided")

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        debts = OpenItem.objects.filter(customer=customer, side=OpenItem.Side.DEBIT, open_amount__gt=0)
        self.fields["item"].queryset = debts.order_by("due_on")  # type: ignore[attr-defined]

    def facts(self) -> HoldFacts:
        """What was filled in."""
        given = self.cleaned_data
        return HoldFacts(
            DunningHold.Kind(given["kind"]), given["reason"], given["item"], given["channel"], given["until"]
        )


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(max_length=300, label="Why")


class AssignForm(forms.Form):
    """Into which segment a customer is put by hand."""

    segment = forms.ModelChoiceField(Segment.objects.none(), label="Segment")
    reason = forms.CharField(max_length=300, label="Why they belong to it")

    def __init__(self, *args: Any, customer: Customer, **options: Any) -> None:
        super().__init__(*args, **options)
        segments = Segment.objects.filter(entity=customer.entity_id).exclude(rule__in=OF_DOCUMENTS)
        self.fields["segment"].queryset = segments.order_by("position")  # type: ignore[attr-defined]
