"""Numbers that a gapless series gave out and no open item carries.

A series needn't begin at 1, may be set forward and may change its looks; the trail says when, so it is asked which
stretches of numbers were given out, and how they looked then.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.models import AuditEvent, NumberSeries
from ledger.models import OpenItem

NUMBERS_AT_ONCE = 20_000
NUMBERED = (OpenItem.Kind.INVOICE, OpenItem.Kind.CREDIT_NOTE, OpenItem.Kind.DEBIT_NOTE)


class Stretch(NamedTuple):
    """Numbers that were given out one after the other: the first, and the one that would have come next."""

    pattern: str
    first: int
    following: int


def missing_numbers() -> Iterator[tuple[NumberSeries, str]]:
    """Each number that no document has, with the series that gave it out."""
    for series in NumberSeries.objects.filter(kind__in=NUMBERED).select_related("entity"):
        for stretch in _stretches(series):
            for number in _missing_of(series, stretch):
                yield series, number


def _stretches(series: NumberSeries) -> list[Stretch]:
    found, first = [], 1
    changes = AuditEvent.objects.filter(
        event="series.changed", object_type=series._meta.label_lower, object_id=str(series.pk)
    ).order_by("pk")
    for before, after in changes.values_list("before", "after"):
        if before:
            found.append(Stretch(before["pattern"], first, before["next_number"]))
        first = (after or {})["next_number"]
    return [*found, Stretch(series.pattern, first, series.next_number)]


def _missing_of(series: NumberSeries, stretch: Stretch) -> Iterator[str]:
    items = OpenItem.objects.filter(entity=series.entity, kind=series.kind)
    years = _years(series, stretch.pattern)
    for first in range(stretch.first, stretch.following, NUMBERS_AT_ONCE):
        numbers = range(first, min(first + NUMBERS_AT_ONCE, stretch.following))
        looks = [[stretch.pattern.format(year=year, number=number) for year in years] for number in numbers]
        asked = {look for of_a_number in looks for look in of_a_number}
        carried = set(items.filter(number__in=asked).values_list("number", flat=True))
        yield from (of_a_number[-1] for of_a_number in looks if carried.isdisjoint(of_a_number))


def _years(series: NumberSeries, pattern: str) -> Sequence[int]:
    """The years that can stand in a number; a series through all years writes that of the document."""
    if series.year or "{year}" not in pattern:
        return [series.year]
    days = OpenItem.objects.filter(entity=series.entity, kind=series.kind).dates("document_on", "year")
    return [day.year for day in days] or [series.year]
