"""Taking numbers from a gapless series: the last lock of an action."""

from datetime import date

from core.errors import Refused
from core.models import LegalEntity, NumberSeries

PATTERNS = {
    "invoice": "INV-{year}-{number:06d}",
    "credit_note": "CN-{year}-{number:05d}",
    "receipt": "RC-{year}-{number:06d}",
    "customer": "C-{number:05d}",
}
CONTINUOUS = frozenset({"customer"})


class NoSuchSeries(Refused):
    """No series is set up for that kind of document."""

    code = "no_such_series"


def take_numbers(entity: LegalEntity, kind: str, on: date, count: int = 1) -> list[str]:
    """Take the next numbers of a series, in order. They return to the series when the transaction fails."""
    row = _locked_row(entity, kind, 0 if kind in CONTINUOUS else on.year)
    first = row.next_number
    NumberSeries.objects.filter(pk=row.pk).update(next_number=first + count)
    return [row.pattern.format(year=on.year, number=number) for number in range(first, first + count)]


def _locked_row(entity: LegalEntity, kind: str, year: int) -> NumberSeries:
    rows = NumberSeries.objects.select_for_update().filter(entity=entity, kind=kind, year__in=(year, 0))
    row = rows.order_by("-year").first()
    if row is not None:
        return row
    if kind not in PATTERNS:
        raise NoSuchSeries(
            f"{entity.name} has no number series for {kind.replace('_', ' ')}s. Set one up in the settings."
        )
    previous = NumberSeries.objects.filter(entity=entity, kind=kind).order_by("-year").first()
    pattern = previous.pattern if previous else PATTERNS[kind]
    NumberSeries.objects.get_or_create(entity=entity, kind=kind, year=year, defaults={"pattern": pattern})
    return NumberSeries.objects.select_for_update().get(entity=entity, kind=kind, year=year)
