"""Writing policies."""

from typing import Any

from django import forms

from controls.actions.policies import PolicyText
from controls.models.policies import LONGEST
from controls.policies import screens
from core.forms import offer_choices


class PolicyForm(forms.Form):
    """The title, the text, and where it holds."""

    title = forms.CharField(max_length=120, label="Title")
    text = forms.CharField(
        max_length=LONGEST,
        label="Text",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        help_text="Markdown: # heading, - list, 1. steps, **bold**, | tables |, [words](https://…).",
    )
    screens = forms.MultipleChoiceField(
        required=False, label="Governs these screens", widget=forms.CheckboxSelectMultiple
    )
    change = forms.CharField(max_length=300, required=False, label="What is new")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_choices(self, "screens", screens())

    def clean_text(self) -> str:
        """Line ends as on every other machine, so that sending a form unchanged is no new version."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")

    def written(self) -> PolicyText:
        """What was filled in."""
        return PolicyText(**self.cleaned_data)


class EndPolicyForm(forms.Form):
    """Why it ends."""

    reason = forms.CharField(max_length=300, label="Why it ends")
