"""Bringing a remittance in, and saying which bank line it is about."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cashapp.models import BankStatementLine
from cashapp.remittances.text import LONGEST_TEXT

ACCEPTED = ".edi,.x12,.820,.823,.txt,.csv,.xlsx,.xls,.eml,.pdf,.html,.dat,.lbx"


class RemittanceForm(forms.Form):
    """A file, or what somebody pasted."""

    file = forms.FileField(
        label="File",
        required=False,
        help_text="X12 820 or 823, EDIFACT REMADV, lockbox, CSV, XLSX, e-mail or PDF. The content tells the format.",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    text = forms.CharField(
        label="Or paste it",
        required=False,
        max_length=LONGEST_TEXT,
        help_text="The mail of the payer, or a table out of it.",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("file")) == bool(cleaned.get("text")) and not self.errors:
            raise ValidationError("Choose a file, or paste the text: one of the two.")
        return cleaned

    def told(self) -> tuple[str, bytes]:
        """Name and content; asked after is_valid."""
        upload = self.cleaned_data["file"]
        if upload:
            return upload.name, upload.read()
        return "pasted.txt", self.cleaned_data["text"].encode()


class TieForm(forms.Form):
    """The bank line that is the money of a remittance."""

    def __init__(self, lines: Sequence[BankStatementLine], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = BankStatementLine.objects.filter(pk__in=[line.pk for line in lines])
        self.fields["line"] = forms.ModelChoiceField(
            rows.select_related("bank_account__entity"), label="Bank line", empty_label="Choose the money"
        )


class WhyForm(forms.Form):
    """Why something is ended."""

    reason = forms.CharField(max_length=200, label="Why")
