"""Bringing a remittance in, and saying which bank line it is about."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cashapp.forms.statements import column_choices
from cashapp.models import BankStatementLine
from cashapp.remittances.mapping import ROLES, RemittanceColumns
from cashapp.remittances.text import LONGEST_TEXT
from core.rows import Row

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


DECIMALS = [("", "Find out"), (".", "Point: 1,234.50"), (",", "Comma: 1.234,50")]
MAIN_ROLES = ("number", "paid", "gross", "payer", "trace", "paid_on")


class ColumnsForm(forms.Form):
    """What each column of a payer's table means."""

    header_row = forms.IntegerField(label="Row of the headings", min_value=1, max_value=200)
    decimal = forms.ChoiceField(label="Cents come after a", choices=DECIMALS, required=False)
    name = forms.CharField(
        label="Remember these columns as",
        max_length=80,
        required=False,
        help_text="The payer’s name, for instance. Files with these headings are read the same way from then on.",
    )

    def __init__(self, rows: Sequence[Row], start: RemittanceColumns, data: Any = None) -> None:
        super().__init__(data, initial={"header_row": start.header_row, "decimal": start.decimal})
        row = str(data.get("header_row", "")) if data else ""
        header = int(row) if row.isdecimal() else start.header_row
        choices = [("", "Not in the file"), *column_choices(rows, header)]
        for role, label in ROLES.items():
            self.fields[role] = forms.ChoiceField(label=label, choices=choices, required=False)
            self.initial[role] = start.columns.get(role, "")

    def main_columns(self) -> list[forms.BoundField]:
        """The columns that nearly every table has."""
        return [self[role] for role in MAIN_ROLES]

    def other_columns(self) -> list[forms.BoundField]:
        """The columns that some payers add."""
        return [self[role] for role in ROLES if role not in MAIN_ROLES]

    def chosen(self) -> RemittanceColumns:
        """The columns as chosen; asked after is_valid."""
        given = self.cleaned_data
        columns = {role: given[role] for role in ROLES if given[role]}
        return RemittanceColumns(columns, given["header_row"], given["decimal"])


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
