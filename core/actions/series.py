"""Number series."""

import re

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, NumberSeries, User
from core.permissions import require

PART = re.compile(r"\{year\}|\{number(?::0[1-9]d)?\}")
LONGEST_NUMBER = 30


class SeriesInUse(Refused):
    """Numbers were taken from the series; going back would double them."""

    code = "series_in_use"


@transaction.atomic
def change_series(
    *, by: User, entity: LegalEntity, kind: str, year: int, pattern: str, next_number: int
) -> NumberSeries:
    """Set how numbers of a kind look and where they go on. They never go back."""
    require(by, "core.change_series", entity)
    _refuse_bad_pattern(pattern)
    if year and "{year}" not in pattern:
        raise Refused(
            f"“{pattern}” would give the same numbers again next year. Write {{year}} into it, or let the series run "
            "through the years (year 0)."
        )
    row, is_new = NumberSeries.objects.select_for_update().get_or_create(
        entity=entity, kind=kind, year=year, defaults={"pattern": pattern, "next_number": next_number}
    )
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
    parts = PART.findall(pattern)
    is_plain = not {"{", "}"} & set(PART.sub("", pattern))
    has_number = any(part.startswith("{number") for part in parts)
    if not is_plain or not has_number or len(pattern.format(year=2026, number=1)) > LONGEST_NUMBER:
        raise Refused(f"“{pattern}” makes no numbers. Write something like INV-{{year}}-{{number:06d}}.")
