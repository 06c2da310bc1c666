"""Which finals are shown, and what is written down of one."""

from typing import Any

from django import forms

from ar_collections.actions.finals import Question
from ar_collections.finals import QuestionKind, Task
from ar_collections.forms.disputes import people_of
from core.forms import DayField, offer_rows
from core.models import LegalEntity, User

ALL = [("", "Everything"), *((task.value, task.label) for task in Task)]


class FinalsFilter(forms.Form):
    """Which month, and what is next."""

    month = DayField(required=False, label="Month", input_formats=["%Y-%m-%d"])
    older = forms.BooleanField(required=False, label="Older ones")
    task = forms.ChoiceField(choices=ALL, required=False, label="What is next")
    q = forms.CharField(required=False, label="Find")


class ReceiptForm(forms.Form):
    """Whether a final arrived, and who says so."""

    arrived = forms.TypedChoiceField(
        choices=[("yes", "It arrived"), ("no", "It did not")],
        coerce=lambda value: value == "yes",
        label="Did it arrive?",
        widget=forms.RadioSelect,
    )
    said_by = forms.CharField(max_length=120, label="Who says so")


class QuestionForm(forms.Form):
    """What would stop the payment."""

    kind = forms.ChoiceField(choices=QuestionKind.choices, label="About")
    text = forms.CharField(max_length=400, label="What is asked")
    owner = forms.ModelChoiceField(User.objects.none(), required=False, label="Who answers", empty_label="I do")
    due_on = DayField(required=False, label="By", help_text="Left empty: three business days.")

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "owner", people_of(entity))

    def question(self) -> Question:
        """What was filled in."""
        given = self.cleaned_data
        return Question(QuestionKind(given["kind"]), given["text"], given["owner"], given["due_on"])


class AnswerForm(forms.Form):
    """The answer to a question, with the document that it came with."""

    answer = forms.CharField(max_length=400, label="Answer")
    file = forms.FileField(required=False, label="Document", help_text="Such as the exemption certificate.")

    def facts(self) -> dict[str, Any]:
        """What was filled in."""
        file = self.cleaned_data["file"]
        return {"answer": self.cleaned_data["answer"], "file": (file.name, file.read()) if file else None}
