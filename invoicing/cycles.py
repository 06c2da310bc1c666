"""Billing cycles: the months, quarters and years that a contract's prices are for. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Days from the first to the last, both included."""

    first_on: date
    last_on: date

    def __len__(self) -> int:
        return (self.last_on - self.first_on).days + 1

    def __str__(self) -> str:
        return f"{self.first_on:%d %b %Y} to {self.last_on:%d %b %Y}"

    def shared_with(self, other: "Days") -> "Days | None":
        """The days that are in both."""
        first, last = max(self.first_on, other.first_on), min(self.last_on, other.last_on)
        return Days(first, last) if first <= last else None


def months_after(day: date, months: int) -> date:
    """The same day of a later (or earlier) month; its last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def end_of_month(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def cycles(anchor_on: date, months: int, first_on: date, last_on: date) -> Iterator[Days]:
    """The whole cycles of so many months that have a day from the first to the last, counted from the anchor.

    They are counted from the anchor and not from each other, so that a cycle that begins on the 31st begins on the
    last day of a short month and on the 31st again after it.
    """
    apart = (first_on.year - anchor_on.year) * 12 + first_on.month - anchor_on.month
    for number in count(apart // months - 1):
        start = months_after(anchor_on, number * months)
        end = months_after(anchor_on, (number + 1) * months) - ONE_DAY
        if start > last_on:
            return
        if end >= first_on:
            yield Days(start, end)


def uncovered(wanted: Days, covered: list[Days]) -> Iterator[Days]:
    """The days of a stretch that are in none of the others, as stretches in order."""
    first_on = wanted.first_on
    for taken in sorted(covered):
        if taken.last_on < first_on or taken.first_on > wanted.last_on:
            continue
        if taken.first_on > first_on:
            yield Days(first_on, taken.first_on - ONE_DAY)
        first_on = taken.last_on + ONE_DAY
    if first_on <= wanted.last_on:
        yield Days(first_on, wanted.last_on)
