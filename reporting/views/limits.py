"""Limits and targets of measures."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from core.forms import DayField, carry_out, shown
from core.pages import PageRequest, staff_page
from reporting.actions import set_measure_limit
from reporting.models import MeasureLimit
from reporting.queries.dashboard import limits_at


class LimitForm(forms.Form):
    """How high a measure may be, from a day on."""

    measure = forms.ChoiceField(choices=MeasureLimit.Measure)
    limit = forms.DecimalField(max_digits=18, decimal_places=2, help_text="In the company's currency, or in days.")
    from_on = DayField(label="From")


@staff_page("reporting.view")
def limits(request: PageRequest) -> HttpResponse:
    """The limits in force, those before them, and the form for a new one."""
    page = request.page
    page.ask_first("reporting.set_measure_limit")
    form = LimitForm(request.POST or None, initial={"from_on": page.today})
    if form.is_valid():
        row = carry_out(form, set_measure_limit, by=page.by, entity=page.entity, **form.cleaned_data)
        if row:
            messages.success(request, f"{row} from {row.from_on:%d %b %Y}.")
            return redirect("reporting:limits")
    in_force = limits_at(entity=page.entity, on=page.as_at)
    context = {
        "in_force": [(MeasureLimit.Measure(measure).label, limit) for measure, limit in in_force.items()],
        "rows": MeasureLimit.objects.visible_to(page.by).filter(entity=page.entity).select_related("set_by"),
    }
    return shown(request, "reporting/limits.html", context, form)
