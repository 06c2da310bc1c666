"""What proves that a document stands in the customer's portal."""

from datetime import date
from typing import Any

from django import forms

from core.forms import DayField


class UploadForm(forms.Form):
    """A reference or a file, and the day."""

    uploaded_on = DayField(label="Uploaded on")
    reference = forms.CharField(
        required=False, max_length=80, label="Reference", help_text="What the portal calls the upload."
    )
    proof = forms.FileField(required=False, label="Or its receipt", help_text="A screenshot or PDF.")

    @property
    def facts(self) -> dict[str, Any]:
        """The form as the action takes it."""
        file = self.cleaned_data["proof"]
        return {
            "uploaded_on": self.cleaned_data["uploaded_on"],
            "reference": self.cleaned_data["reference"],
            "proof": (file.name, file.read()) if file else None,
        }

    @classmethod
    def fresh(cls, today: date) -> "UploadForm":
        """The form for an upload of today."""
        return cls(initial={"uploaded_on": today})


class WhyForm(forms.Form):
    """Why something is to be done again."""

    reason = forms.CharField(max_length=300, label="Why")
