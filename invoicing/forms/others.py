"""Short forms: issuing, sending, saved views and tax rates."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from core.forms import DateInput, RowForm
from invoicing.models import TaxRate


class IssueForm(forms.Form):
    """The day that goes on the document."""

    issued_on = forms.DateField(label="Dated", widget=DateInput)


class SendForm(forms.Form):
    """Where another copy goes."""

    to = forms.CharField(max_length=2000, label="To", help_text="E-mail addresses with a comma between them.")
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, addresses: list[str]) -> SendForm:
        """The form with the addresses that it went to before."""
        return cls(initial={"to": ", ".join(addresses), "request_id": uuid4()})

    @property
    def addresses(self) -> list[str]:
        """The addresses one by one."""
        return [part.strip() for part in str(self.cleaned_data["to"]).replace(";", ",").split(",") if part.strip()]


class SaveViewForm(forms.Form):
    """A name for the filters of a list."""

    name = forms.CharField(max_length=60, label="Name of the view")
    is_shared = forms.BooleanField(required=False, label="My colleagues see it, too")
    query = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class TaxRateForm(RowForm):
    """A tax rate from a day on."""

    class Meta:
        model = TaxRate
        fields = ("code", "name", "category", "percent", "valid_from", "reason")
        widgets = {"valid_from": DateInput}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["percent"].help_text = "0 for every category but “Taxed”."


class EndRateForm(forms.Form):
    """The last day on which a rate is charged."""

    valid_until = forms.DateField(label="Until", widget=DateInput)
