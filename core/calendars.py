"""Business days: public holidays of a country and the entity's own days. Pure, but for `calendar_of`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

import holidays

from core.models import LegalEntity

DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def public_holidays(country: str, subdivision: str) -> holidays.HolidayBase:
    """Public holidays of a country or one of its regions; none where the library knows none."""
    known = holidays.list_supported_countries()
    if country not in known:
        return holidays.HolidayBase()
    return holidays.country_holidays(country, subdiv=subdivision if subdivision in known[country] else None)


@dataclass(frozen=True)
class BusinessCalendar:
    """Monday to Friday without holidays. `own_days` maps a date to True where it is worked, to False where not."""

    country: str = ""
    subdivision: str = ""
    own_days: Mapping[date, bool] = field(default_factory=dict)

    def is_business_day(self, day: date) -> bool:
        """Whether people work on that day."""
        if day in self.own_days:
            return self.own_days[day]
        return day.weekday() < 5 and day not in public_holidays(self.country, self.subdivision)

    def add_business_days(self, day: date, count: int) -> date:
        """Go forward (or back, when negative) by so many business days."""
        step = DAY if count >= 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_business_day(day):
                day += step
        return day

    def roll_forward(self, day: date) -> date:
        """The day itself, or the first business day after it."""
        return day if self.is_business_day(day) else self.add_business_days(day, 1)

    def roll_back(self, day: date) -> date:
        """The day itself, or the last business day before it."""
        return day if self.is_business_day(day) else self.add_business_days(day, -1)

    def nth_business_day(self, year: int, month: int, n: int) -> date:
        """The n-th business day of a month, counted from 1."""
        return self.add_business_days(date(year, month, 1) - DAY, n)

    def business_days_between(self, start: date, end: date) -> int:
        """Business days after `start` up to and including `end`; negative when `end` is before `start`."""
        if end < start:
            return -self.business_days_between(end, start)
        return sum(self.is_business_day(day) for day in _days_after(start, end))


def _days_after(start: date, end: date) -> Iterator[date]:
    day = start + DAY
    while day <= end:
        yield day
        day += DAY


def nearest_weekday(day: date) -> date:
    """A Saturday moves to the Friday before, a Sunday to the Monday after."""
    return day - DAY if day.weekday() == 5 else day + DAY if day.weekday() == 6 else day


def calendar_of(entity: LegalEntity) -> BusinessCalendar:
    """The calendar of an entity, its own days included."""
    own = dict(entity.own_days.values_list("on", "is_working"))
    return BusinessCalendar(entity.country, entity.subdivision, own)
