"""What other systems hear of."""

from django import forms

from integrations.models import EventKind


class EndpointForm(forms.Form):
    """A new endpoint."""

    url = forms.URLField(
        max_length=500, assume_scheme="https", label="Address", help_text="https:// on the public internet."
    )
    events = forms.MultipleChoiceField(
        choices=EventKind, widget=forms.CheckboxSelectMultiple, initial=EventKind.values, label="Events"
    )


class ChangeForm(forms.Form):
    """What an endpoint hears of."""

    events = forms.MultipleChoiceField(choices=EventKind, widget=forms.CheckboxSelectMultiple, label="Events")
