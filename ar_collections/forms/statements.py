"""What people choose about a statement."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.forms import DayField


class PeriodForm(forms.Form):
    """From which day the statement also lists what was posted."""

    starts_on = DayField(label="Movements since", required=False)


def starts_on_of(query: Any) -> date | None:
    """The first day in an address; none where it is missing or no date."""
    form = PeriodForm(query)
    found: date | None = form.cleaned_data["starts_on"] if form.is_valid() else None
    return found


def known_at_of(query: Any, zone: ZoneInfo) -> datetime | None:
    """The moment in an address: the account as it was known then. Without an offset it is read in the zone."""
    try:
        moment = parse_datetime(query.get("known_at", ""))
    except ValueError:
        return None
    return timezone.make_aware(moment, zone) if moment and timezone.is_naive(moment) else moment
