"""On which day of a month statements go out: a day of the month, and where it goes when nobody works on it. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices

from core.calendars import BusinessCalendar

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


class Shift(TextChoices):
    """Where a day goes."""

    BEFORE = "before", "The day before"
    STAY = "stay", "It stays"
    AFTER = "after", "The day after"


STEPS = {Shift.BEFORE: -DAY, Shift.STAY: timedelta(0), Shift.AFTER: DAY}


@dataclass(frozen=True, slots=True)
class DayRule:
    """The day of the month, and where a Saturday, a Sunday or a holiday goes; holidays on until somebody works."""

    day: int = 15
    saturday: Shift = Shift.BEFORE
    sunday: Shift = Shift.AFTER
    holiday: Shift = Shift.AFTER

    def day_in(self, year: int, month: int, calendar: BusinessCalendar) -> date:
        """The day of a month. One that has moved off the weekend goes on in its own direction past a holiday."""
        nominal = date(year, month, min(self.day, monthrange(year, month)[1]))
        day = nominal + STEPS[self._off_weekend(nominal)]
        step = (day - nominal) or STEPS[self.holiday]
        if self.holiday == Shift.STAY or not step or day.weekday() in (SATURDAY, SUNDAY):
            return day
        while not calendar.is_business_day(day):
            day += step
        return day

    def days_from(self, first: date, calendar: BusinessCalendar) -> Iterator[date]:
        """Every day from a date on, month by month. A month before it counts, too: its day may have moved."""
        year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
        while True:
            if (day := self.day_in(year, month, calendar)) >= first:
                yield day
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)

    def _off_weekend(self, day: date) -> Shift:
        return {SATURDAY: self.saturday, SUNDAY: self.sunday}.get(day.weekday(), Shift.STAY)
