"""Contacts, addresses, bank accounts, certificates, files and notes."""

from typing import Any

from django import forms

from core.forms import DayField, RowForm
from customers.forms.choices import LANGUAGES, country_choices
from customers.models import Address, Contact, CustomerBankAccount, CustomerFile, TaxCertificate


class ContactForm(RowForm):
    """A person or mailbox."""

    language = forms.ChoiceField(required=False, choices=[("", "As the customer"), *LANGUAGES], label="Language")

    class Meta:
        model = Contact
        fields = (
            "name",
            "job_title",
            "email",
            "phone",
            "role",
            "language",
            "receives_invoices",
            "receives_statements",
        )
        labels = {"email": "E-mail", "role": "For"}


class AddressForm(RowForm):
    """A billing or shipping address."""

    country = forms.ChoiceField(label="Country")

    class Meta:
        model = Address
        fields = ("kind", "lines", "postcode", "city", "region", "country")
        labels = {"lines": "Street", "region": "Region or state", "kind": "For"}
        widgets = {"lines": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        country: Any = self.fields["country"]
        country.choices = country_choices()


class BankAccountForm(forms.Form):
    """An account from which the customer pays."""

    iban = forms.CharField(required=False, max_length=42, label="IBAN")
    bic = forms.CharField(required=False, max_length=11, label="BIC", help_text="Only where the bank asks for it.")
    bank_code = forms.CharField(
        required=False, max_length=12, label="Sort code or routing number", help_text="Where there is no IBAN."
    )
    account_number = forms.CharField(required=False, max_length=34, label="Account number")
    kind = forms.ChoiceField(
        choices=CustomerBankAccount.Kind, label="Kind of account", help_text="US banks ask for it."
    )
    currency = forms.CharField(required=False, max_length=3, label="Currency")
    holder = forms.CharField(required=False, max_length=140, label="Account holder", help_text="As the bank has it.")

    def clean(self) -> dict[str, Any]:
        """One of both numbers."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("iban") and not cleaned.get("account_number"):
            self.add_error("iban", "Write an IBAN or an account number.")
        return cleaned


class VerificationForm(forms.Form):
    """How somebody made sure that an account is the customer's."""

    how = forms.ChoiceField(choices=CustomerBankAccount.Means, label="How")
    note = forms.CharField(
        max_length=200,
        label="With whom, and at which number",
        help_text="Call a number known before this account was told of, never one from the same message.",
    )


class CertificateForm(RowForm):
    """An exemption certificate, with its scan."""

    scan = forms.FileField(required=False, label="The certificate as a file")

    class Meta:
        model = TaxCertificate
        fields = ("number", "jurisdiction", "valid_from", "valid_until")
        field_classes = {"valid_from": DayField, "valid_until": DayField}


class FileForm(forms.Form):
    """A file to attach."""

    file = forms.FileField(label="File", help_text="Up to 25 MB. It is kept as it is.")
    kind = forms.ChoiceField(choices=CustomerFile.Kind, label="What it is")
    note = forms.CharField(required=False, max_length=200, label="Note")


class NoteForm(forms.Form):
    """A note for the next person."""

    text = forms.CharField(max_length=4000, label="Note", widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(max_length=500, label="Why", widget=forms.Textarea(attrs={"rows": 2}))
