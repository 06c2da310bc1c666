"""Handing portfolios over, rules, covers, and who had whom."""

from __future__ import annotations

from typing import Any

from django import forms

from ar_collections.models import AbsenceCover, PortfolioRule
from ar_collections.queries.worklist import collectors_of
from core.forms import DayField, RowForm, offer_rows
from core.models import LegalEntity, User

NOBODY = "nobody"
EVERYBODY = "everybody"


class HistoryForm(forms.Form):
    """On which day, and whose."""

    on = DayField(required=False, label="At the end of")
    collector = forms.ModelChoiceField(User.objects.none(), required=False, label="Collector", empty_label="Everybody")

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "collector", collectors_of(entity))


class MoveForm(forms.Form):
    """Whose customers go to whom; among several they are shared out evenly by what is owed."""

    source = forms.ChoiceField(label="Customers of")
    country = forms.CharField(max_length=2, required=False, label="Only in", help_text="A country such as GB.")
    first_letter = forms.RegexField("^[A-Za-z]$", required=False, label="Names from")
    last_letter = forms.RegexField("^[A-Za-z]$", required=False, label="to")
    segment = forms.CharField(max_length=60, required=False, label="Segment", help_text="A word of it.")
    to = forms.ModelMultipleChoiceField(
        User.objects.none(), label="To", widget=forms.CheckboxSelectMultiple,
        help_text="Among several they are shared out evenly, by what is owed.",
    )  # fmt: skip
    reason = forms.CharField(max_length=200, required=False, label="Why")

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        people = collectors_of(entity)
        offer_rows(self, "to", people)
        source: Any = self.fields["source"]
        named = [(str(person.pk), person.name) for person in people]
        source.choices = [(NOBODY, "Nobody"), *named, (EVERYBODY, "Everybody")]


class PortfolioRuleForm(RowForm):
    """A rule; what is left empty fits everybody."""

    countries = forms.CharField(required=False, label="Countries", help_text="Such as GB, IE.")

    class Meta:
        model = PortfolioRule
        fields = (
            "collector", "position", "countries", "first_letter", "last_letter", "segment", "least", "most",
        )  # fmt: skip
        labels = {"position": "Order", "segment": "Segment"}

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        offer_rows(self, "collector", collectors_of(entity))

    def clean_countries(self) -> list[str]:
        """Two letters each, in capitals."""
        return [word.upper() for word in self.cleaned_data["countries"].replace(",", " ").split()]

    def clean_first_letter(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["first_letter"]).upper()

    def clean_last_letter(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["last_letter"]).upper()


class CoverForm(RowForm):
    """Who is away when, and who looks after their customers."""

    class Meta:
        model = AbsenceCover
        fields = ("absent", "cover", "from_on", "until_on", "reason")
        labels = {"absent": "Away", "cover": "Covered by", "from_on": "From", "until_on": "Until", "reason": "Why"}
        field_classes = {"from_on": DayField, "until_on": DayField}

    def __init__(self, *args: Any, entity: LegalEntity, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("absent", "cover"):
            offer_rows(self, name, collectors_of(entity))
