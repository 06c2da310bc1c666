"""Short forms: issuing, sending, saved views and tax rates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from core.forms import DayField, RowForm
from core.keys import keys_in
from invoicing.models import TaxClass, TaxRate, TaxRule


class IssueForm(forms.Form):
    """The day that goes on the document."""

    issued_on = DayField(label="Dated")


class IssueManyForm(IssueForm):
    """The drafts that the preview showed, and the day that goes on them."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    drafts = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def fresh(cls, issued_on: date, drafts: Iterable[int]) -> IssueManyForm:
        """A form that starts one run with just these drafts."""
        return cls(initial={"issued_on": issued_on, "request_id": uuid4(), "drafts": ",".join(map(str, drafts))})

    def clean_drafts(self) -> list[int]:
        """The keys of the drafts."""
        return keys_in(str(self.cleaned_data["drafts"]).split(","))


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
        field_classes = {"valid_from": DayField}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["percent"].help_text = "0 for every category but “Taxed”."


class TaxRuleForm(RowForm):
    """A tax rule from a day on; the rate is chosen among those that are charged."""

    rate_code = forms.ChoiceField(label="Tax rate")

    class Meta:
        model = TaxRule
        fields = ("place", "tax_status", "tax_class", "rate_code", "needs_certificate", "valid_from", "note")
        labels = {
            "place": "Buyer in",
            "tax_status": "Tax status",
            "tax_class": "What is sold",
            "needs_certificate": "Only with a certificate that holds where it is delivered",
            "note": "Why",
        }
        help_texts = {
            "place": "GB, US-NY, EU for other members, ZZ for elsewhere.",
            "tax_class": "",
            "needs_certificate": "",
            "note": "",
        }
        field_classes = {"valid_from": DayField}

    def __init__(self, *args: Any, rates: Iterable[TaxRate], **options: Any) -> None:
        super().__init__(*args, **options)
        code: Any = self.fields["rate_code"]
        code.choices = [(rate.code, f"{rate.code}, {rate.name}") for rate in rates]
        sold: Any = self.fields["tax_class"]
        sold.choices = [("", "Everything"), *TaxClass.choices]

    def clean_place(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["place"]).strip().upper()


class EndRateForm(forms.Form):
    """The last day on which a rate is charged."""

    valid_until = DayField(label="Until")
