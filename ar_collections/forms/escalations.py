"""Raising, answering and looking for escalations."""

from typing import Any

from django import forms

from ar_collections.actions.escalations import Plea
from ar_collections.escalation import Advice, Trigger
from ar_collections.queries.answering import ANSWER
from core.forms import DayField, offer_rows
from core.models import LegalEntity, User
from core.permissions import people_who_may

VIEWS = {"open": "Open", "mine": "For me to answer", "legal": "With lawyers", "all": "All"}


def managers_who_answer(entity: LegalEntity) -> Any:
    """Whoever may answer escalations in a company."""
    return people_who_may(ANSWER, entity)


class EscalationFilter(forms.Form):
    """Which escalations a list shows."""

    view = forms.ChoiceField(choices=list(VIEWS.items()), required=False, label="Show")
    q = forms.CharField(required=False, label="Find")


class EscalationForm(forms.Form):
    """Why, to whom, and by when an answer is needed."""

    trigger = forms.ChoiceField(choices=Trigger.choices, label="Why")
    asked = forms.ModelChoiceField(User.objects.none(), label="Who answers", empty_label="Choose a manager")
    answer_by = DayField(required=False, label="By", help_text="Left empty: three business days.")
    note = forms.CharField(
        max_length=600, required=False, label="What you add", widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "asked", managers_who_answer(entity))

    def plea(self) -> Plea:
        """What was filled in."""
        given = self.cleaned_data
        return Plea(Trigger(given["trigger"]), given["asked"], given["note"], given["answer_by"])


class AnswerForm(forms.Form):
    """What is done."""

    decision = forms.ChoiceField(choices=Advice.choices, label="What is done")
    answer = forms.CharField(max_length=600, label="In words", widget=forms.Textarea(attrs={"rows": 3}))


class HandOverForm(forms.Form):
    """To which lawyers."""

    to_whom = forms.CharField(max_length=200, label="Lawyers")
    note = forms.CharField(
        max_length=600, required=False, label="Instructions", widget=forms.Textarea(attrs={"rows": 3})
    )
