"""Forms of the accountants' pages."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

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


def _named(text: str) -> Q:
    of_document = Q(pk__in=JournalLine.objects.filter(item__number=text).values("entry"))
    number = text.upper().removeprefix("J-")
    if number.isdecimal() and len(number) < 19:
        return of_document | Q(pk=int(number))
    return of_document | Q(text__istartswith=text)
