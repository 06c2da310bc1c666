"""How long something waits in the hours in which a team works, and when its business closes. Pure.

A payment that comes in before the close of business is due at that close, one that comes in later at the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.calendars import BusinessCalendar

RED_BEFORE = timedelta(hours=2)
NOTHING = timedelta(0)


@dataclass(frozen=True)
class WorkingHours:
    """From when till when a team works on business days, by the clock at its place."""

    calendar: BusinessCalendar
    zone: ZoneInfo
    opens_at: time
    closes_at: time

    def day_of(self, moment: datetime) -> date:
        """The calendar day at the team's place."""
        return moment.astimezone(self.zone).date()

    def has_begun(self, moment: datetime) -> bool:
        """Whether it is a business day on which the team has begun to work."""
        day = self.day_of(moment)
        return self.calendar.is_business_day(day) and moment >= datetime.combine(day, self.opens_at, self.zone)

    def close_on(self, day: date) -> datetime:
        """The close of business of a day."""
        return datetime.combine(day, self.closes_at, self.zone)

    def due_at(self, received_at: datetime) -> datetime:
        """The close of business by which what was received then is to be done."""
        day = self.day_of(received_at)
        if self.calendar.is_business_day(day) and received_at <= self.close_on(day):
            return self.close_on(day)
        return self.close_on(self.calendar.add_business_days(day, 1))

    def is_red(self, received_at: datetime, now: datetime) -> bool:
        """Whether the close of business is less than two hours away, or over."""
        return now >= self.due_at(received_at) - RED_BEFORE

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two moments; nothing where the end comes first."""
        spans = (self._worked(day, start, end) for day in self._days(start, end))
        return sum(spans, NOTHING)

    def _days(self, start: datetime, end: datetime) -> Iterator[date]:
        day, last = self.day_of(start), self.day_of(end)
        while day <= last:
            if self.calendar.is_business_day(day):
                yield day
            day += timedelta(days=1)

    def _worked(self, day: date, start: datetime, end: datetime) -> timedelta:
        opens = datetime.combine(day, self.opens_at, self.zone)
        return max(min(end, self.close_on(day)) - max(start, opens), NOTHING)
