"""Handing customers out, putting them off."""

from typing import Any

from django import forms

from ar_collections.queries.worklist import collectors_of
from core.forms import DayField
from core.models import LegalEntity, User


class AssignForm(forms.Form):
    """To whom the ticked customers go."""

    collector = forms.ModelChoiceField(User.objects.none(), label="To", empty_label="Choose a collector")

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["collector"]
        field.queryset = collectors_of(entity)


class SnoozeForm(forms.Form):
    """Until when a customer is put off."""

    until_on = DayField(label="Comes back on")
    reason = forms.CharField(max_length=200, required=False, label="Why")


class KeepViewForm(forms.Form):
    """A name for the list as it stands."""

    name = forms.CharField(max_length=60, label="Name of the view")
    view = forms.CharField(max_length=20, widget=forms.HiddenInput)
    q = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
