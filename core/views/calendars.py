"""Business days of a company, year by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.actions.calendars import mark_day, unmark_day
from core.calendars import public_holidays
from core.forms import DayField, carry_out, shown
from core.models import LegalEntity, NonWorkingDay
from core.pages import PageRequest, staff_page
from core.scoping import get_visible


class DayForm(forms.Form):
    """A day that differs from the country's calendar."""

    on = DayField(label="Day")
    name = forms.CharField(max_length=80, help_text="Such as “Stocktaking”.")
    is_working = forms.BooleanField(
        label="The company works on it", required=False, help_text="Although the country has a holiday. Else it is off."
    )


@dataclass(frozen=True)
class CalendarDay:
    """A day of the year that isn't an ordinary one."""

    on: date
    name: str
    is_working: bool
    own: NonWorkingDay | None = None


def special_days(entity: LegalEntity, year: int) -> list[CalendarDay]:
    """Public holidays and own days of a year, by date; an own day speaks for its date."""
    own = {day.on: CalendarDay(day.on, day.name, day.is_working, day) for day in entity.own_days.filter(on__year=year)}
    known = public_holidays(entity.country, entity.subdivision)
    january, december = date(year, 1, 1), date(year, 12, 31)
    public = {on: CalendarDay(on, known[on], False) for on in known[january:december]}  # type: ignore[index]
    return sorted({**public, **own}.values(), key=lambda day: day.on)


@staff_page("core.view")
def calendars(request: PageRequest) -> HttpResponse:
    """A year's holidays, and the form for own days."""
    page = request.page
    page.ask_first("core.change_calendar")
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else page.today.year
    form = DayForm(request.POST or None)
    if form.is_valid():
        day = carry_out(form, mark_day, by=page.by, entity=page.entity, **form.cleaned_data)
        if day:
            messages.success(request, f"{day.name} is noted.")
            return redirect(f"{reverse('core:calendars')}?year={day.on.year}")
    days = special_days(page.entity, year)
    return shown(request, "core/calendars.html", {"days": days, "year": year}, form)


@staff_page("core.change_calendar")
@require_POST
def drop_day(request: PageRequest, pk: int) -> HttpResponse:
    """Take back an own day."""
    day = get_visible(NonWorkingDay, request.page.by, pk=pk)
    unmark_day(by=request.page.by, day=day)
    messages.success(request, f"{day.name} follows the country’s calendar again.")
    return redirect("core:calendars")
