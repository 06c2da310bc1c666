"""Bringing orders, amendments and usage in from a file: the file, then what its columns hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from core.models import LegalEntity
from customers.models.imports import DecimalSign
from invoicing.intake.columns import FIELDS
from invoicing.models import ContractIntake, IntakeMapping


class IntakeForm(forms.Form):
    """The file, what its rows are, and columns that were saved before."""

    kind = forms.ChoiceField(choices=ContractIntake.Kind, label="Its rows are")
    file = forms.FileField(
        label="File",
        help_text="CSV or XLSX with one line of headings, up to 15 MB and 50,000 rows.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    mapping = forms.ModelChoiceField(
        IntakeMapping.objects.none(), required=False, label="Columns", empty_label="Guess them by their headings"
    )

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        mapping: Any = self.fields["mapping"]
        mapping.queryset = IntakeMapping.objects.filter(entity=entity)


class IntakeColumnsForm(forms.Form):
    """One drop-down a column of the file, named by its position."""

    decimal_sign = forms.ChoiceField(choices=DecimalSign, label="Decimals of numbers")
    activates = forms.BooleanField(required=False, label="Activate contracts where nothing is missing")
    save_as = forms.CharField(
        required=False, max_length=60, label="Keep these columns as", help_text="A name for the next file of the kind."
    )

    def __init__(
        self, *args: Any, kind: str, headings: Iterable[str], columns: Mapping[str, str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.headings = list(headings)
        choices = [("", "Leave it out"), *((field.key, field.label) for field in FIELDS[kind])]
        for position, heading in enumerate(self.headings):
            self.fields[f"column_{position}"] = forms.ChoiceField(
                choices=choices, required=False, label=heading, initial=columns.get(heading, "")
            )
        if kind != ContractIntake.Kind.ORDERS:
            del self.fields["activates"]

    def columns(self) -> dict[str, str]:
        """What was chosen for each heading, those that are left out apart."""
        chosen = ((heading, self.cleaned_data[f"column_{at}"]) for at, heading in enumerate(self.headings))
        return {heading: key for heading, key in chosen if key}

    def column_fields(self) -> list[forms.BoundField]:
        """The drop-downs in the order of the file."""
        return [self[f"column_{position}"] for position in range(len(self.headings))]
