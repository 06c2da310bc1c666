"""Number series: how documents are numbered, and where the numbers go on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from core import clock
from core.actions.series import change_series
from core.forms import carry_out, shown
from core.keys import key_in
from core.models import NumberSeries
from core.pages import PageRequest, staff_page
from core.series import PATTERNS

KINDS = [(kind, kind.replace("_", " ").capitalize()) for kind in PATTERNS]


class SeriesForm(forms.Form):
    """A series from a year on, or one that runs through the years."""

    kind = forms.ChoiceField(label="Documents", choices=KINDS)
    year = forms.IntegerField(min_value=0, max_value=2100, help_text="0 for a series that runs through the years.")
    pattern = forms.CharField(max_length=40, help_text="Such as INV-{year}-{number:06d}.")
    next_number = forms.IntegerField(min_value=1, help_text="Numbers never go back.")


@staff_page("core.view")
def series(request: PageRequest) -> HttpResponse:
    """All series of the company with the number that comes next; the form changes or adds one."""
    page = request.page
    page.ask_first("core.change_series")
    rows = NumberSeries.objects.visible_to(page.by).filter(entity=page.entity).select_related("entity")
    form = SeriesForm(request.POST or None, initial=_chosen(request, rows))
    if form.is_valid():
        row = carry_out(form, change_series, by=page.by, entity=page.entity, **form.cleaned_data)
        if row:
            messages.success(request, f"The next number is {next_of(row)}.")
            return redirect("core:series")
    return shown(request, "core/series.html", {"rows": [(row, next_of(row)) for row in rows]}, form)


def next_of(row: NumberSeries) -> str:
    """The number that the next document gets when it is of this year."""
    return row.pattern.format(year=row.year or clock.today(row.entity).year, number=row.next_number)


def _chosen(request: PageRequest, rows: Any) -> dict[str, Any]:
    asked = request.GET.get("series", "")
    row = rows.filter(pk=key_in(asked)).first()
    if row is None:
        return {"year": request.page.today.year, "next_number": 1}
    return {"kind": row.kind, "year": row.year, "pattern": row.pattern, "next_number": row.next_number}
