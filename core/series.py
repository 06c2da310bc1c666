"""Taking numbers from a gapless series: the last lock of an action."""

from datetime import date

from django.db import connection

from core.errors import Refused
from core.models import LegalEntity, NumberSeries

PATTERNS = {
    "invoice": "INV-{year}-{number:06d}",
    "credit_note": "CN-{year}-{number:05d}",
    "debit_note": "DN-{year}-{number:05d}",
    "adjustment": "ADJ-{year}-{number:05d}",
    "refund": "RF-{year}-{number:05d}",
    "write_off": "WO-{year}-{number:05d}",
    "collection": "DD{year}-{number:06d}",
    "receipt": "RC-{year}-{number:06d}",
    "deposit_slip": "DS-{year}-{number:05d}",
    "contract": "K-{year}-{number:05d}",
    "customer": "C-{number:05d}",
}
CONTINUOUS = frozenset({"customer"})
TAKE = """
    UPDATE core_numberseries SET next_number = next_number + %(count)s
    WHERE id = (
        SELECT id FROM core_numberseries
        WHERE entity_id = %(entity)s AND kind = %(kind)s AND year IN (%(year)s, 0)
        ORDER BY year DESC LIMIT 1
    )
    RETURNING pattern, next_number
"""


class NoSuchSeries(Refused):
    """No series is set up for that kind of document."""

    code = "no_such_series"


def take_numbers(entity: LegalEntity, kind: str, on: date, count: int = 1) -> list[str]:
    """Take the next numbers of a series, in order. They return to the series when the transaction fails."""
    year = 0 if kind in CONTINUOUS else on.year
    pattern, following = _moved_on(entity, kind, year, count) or _begun(entity, kind, year, count)
    return [pattern.format(year=on.year, number=number) for number in range(following - count, following)]


def _moved_on(entity: LegalEntity, kind: str, year: int, count: int) -> tuple[str, int] | None:
    """Lock the series of the year, or the one that runs through all, and move it on in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"count": count, "entity": entity.pk, "kind": kind, "year": year})
        row: tuple[str, int] | None = cursor.fetchone()
    return row


def _begun(entity: LegalEntity, kind: str, year: int, count: int) -> tuple[str, int]:
    """Start a series, as the one of the year before looked, and take the numbers."""
    if kind not in PATTERNS:
        raise NoSuchSeries(
            f"{entity.name} has no number series for {kind.replace('_', ' ')}s. Set one up in the settings."
        )
    previous = NumberSeries.objects.filter(entity=entity, kind=kind).order_by("-year").first()
    pattern = previous.pattern if previous else PATTERNS[kind]
    NumberSeries.objects.get_or_create(entity=entity, kind=kind, year=year, defaults={"pattern": pattern})
    taken = _moved_on(entity, kind, year, count)
    if taken is None:
        raise AssertionError("The series was there a moment ago, and nobody deletes one.")
    return taken
