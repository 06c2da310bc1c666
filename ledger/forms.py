"""Forms of the accountants' pages."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from core.forms import DayField
from core.keys import key_in
from ledger.models import JournalEntry, JournalLine


class JournalFilter(forms.Form):
    """Narrow the journal by kind, and by number, text or document."""

    q = forms.CharField(required=False, label="Find", max_length=60)
    kind = forms.ChoiceField(required=False, label="Kind", choices=[("", "All kinds"), *JournalEntry.Kind.choices])

    def narrow(self, rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
        """Keep what fits; a filter that can't be meant keeps everything."""
        if not self.is_valid():
            return rows
        wanted: dict[str, Any] = self.cleaned_data
        if wanted["kind"]:
            rows = rows.filter(kind=wanted["kind"])
        if wanted["q"]:
            rows = rows.filter(_named(wanted["q"].strip()))
        return rows


class RevaluationForm(forms.Form):
    """A month, by any of its days."""

    month_on = DayField(label="Month", help_text="Any day of it.")
    late_reason = forms.CharField(
        required=False,
        max_length=200,
        label="Reason",
        help_text="Needed where the month is soft-locked; it stands on the entries.",
    )


def _named(text: str) -> Q:
    of_document = Q(pk__in=JournalLine.objects.filter(item__number=text).values("entry"))
    number = key_in(text.upper().removeprefix("J-"))
    if number is not None:
        return of_document | Q(pk=number)
    return of_document | Q(text__istartswith=text)
