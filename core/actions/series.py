"""Number series."""

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, NumberSeries, User
from core.permissions import require


class SeriesInUse(Refused):
    """Numbers were taken from the series; going back would double them."""

    code = "series_in_use"


@transaction.atomic
def change_series(
    *, by: User, entity: LegalEntity, kind: str, year: int, pattern: str, next_number: int
) -> NumberSeries:
    """Set how numbers of a kind look and where they go on. They never go back."""
    require(by, "core.change_series", entity)
    row, is_new = NumberSeries.objects.select_for_update().get_or_create(
        entity=entity, kind=kind, year=year, defaults={"pattern": pattern, "next_number": next_number}
    )
    _refuse_bad_pattern(pattern)
    if not is_new and next_number < row.next_number:
        raise SeriesInUse(f"{row} stands at {row.next_number}; numbers from {next_number} may be taken already.")

    before = {"pattern": row.pattern, "next_number": row.next_number}
    row.pattern, row.next_number = pattern, next_number
    row.save(update_fields=["pattern", "next_number"])

    audit(
        by,
        "series.changed",
        row,
        entity=entity,
        before=None if is_new else before,
        after={
            "pattern": pattern,
            "next_number": next_number,
        },
    )
    return row


def _refuse_bad_pattern(pattern: str) -> None:
    try:
        sample = {pattern.format(year=2026, number=number) for number in (1, 2)}
    except (KeyError, IndexError, ValueError, AttributeError):
        sample = set()
    if len(sample) < 2 or any(len(text) > 30 for text in sample):
        raise Refused(f"“{pattern}” makes no numbers. Write something like INV-{{year}}-{{number:06d}}.")
