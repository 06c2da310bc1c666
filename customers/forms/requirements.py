"""What a customer requires of its invoices."""

from typing import Any

from django import forms

from core.forms import RowForm, offer_rows
from customers.models import BillingRequirements, Customer


class RequirementsForm(RowForm):
    """Grouping, texts, files and structured data. Who may receive them is settled at the contacts."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    portal_url = forms.URLField(
        required=False,
        max_length=300,
        assume_scheme="https",
        label="The customer's own portal",
        help_text="Where invoices are uploaded.",
    )

    class Meta:
        model = BillingRequirements
        fields = (
            "grouping",
            "reference_text",
            "file_format",
            "buyer_reference",
            "electronic_scheme",
            "electronic_address",
            "portal_url",
            "portal_notes",
            "sends_contract_papers",
            "files",
        )
        labels = {
            "grouping": "On one invoice",
            "reference_text": "Text on every invoice",
            "file_format": "Structured invoice",
            "buyer_reference": "Buyer's reference",
            "electronic_scheme": "Kind of electronic address",
            "electronic_address": "Electronic address",
            "portal_notes": "What to know for uploading there",
            "sends_contract_papers": "Send the contract's order form and purchase order along",
            "files": "Files that go along with every invoice",
        }
        help_texts = {"sends_contract_papers": "", "files": "Attach them to the customer first."}
        widgets = {"files": forms.CheckboxSelectMultiple}

    def __init__(self, customer: Customer, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "files", customer.files.select_related("file"))
        self.initial["version"] = self.instance.version

    @property
    def facts(self) -> dict[str, Any]:
        """What was written, for the action."""
        return {name: self.cleaned_data[name] for name in self.fields}
