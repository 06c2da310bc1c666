"""What was used: readings that are billed by the month. A wrong one is put right by another, which may be negative."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from core.audit import audit
from core.errors import SameKeyOtherContent
from core.models import User
from core.permissions import require
from customers.models import Customer, lock
from invoicing.actions.errors import UsageRefused
from invoicing.amending import runs_on
from invoicing.drafts import LARGEST_QUANTITY
from invoicing.models import ContractLine, UsageReading
from invoicing.queries.charging import billed_days_of, lines_of_meter


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured on a day, with its source's id."""

    used_on: date
    quantity: Decimal
    source_id: str


@transaction.atomic
def record_usage(
    *, by: User, line: ContractLine, readings: Sequence[Reading], source: str = "form"
) -> list[UsageReading]:
    """Keep readings of a usage line, each source's id once, in the order in which they are given."""
    require(by, "invoicing.record_usage", line.contract.entity)
    lock(Customer(pk=line.contract.customer_id))
    before = _recorded_before(line, source, readings)
    current = ContractLine.objects.select_related("contract__entity").get(pk=line.pk)
    new = {reading.source_id: reading for reading in readings if reading.source_id not in before}
    _refuse_unusable(current, list(new.values()))

    rows = [
        UsageReading(
            line=current,
            used_on=reading.used_on,
            quantity=reading.quantity,
            source=source,
            source_id=reading.source_id,
            recorded_by=by,
        )
        for reading in new.values()
    ]
    made = {row.source_id: row for row in UsageReading.objects.bulk_create(rows)}

    if rows:
        after = {"line": str(current), "readings": len(rows), "quantity": sum(row.quantity for row in rows)}
        audit(by, "usage.recorded", current.contract, entity=current.contract.entity, after=after)
    return [(before | made)[reading.source_id] for reading in readings]


def _recorded_before(line: ContractLine, source: str, readings: Sequence[Reading]) -> dict[str, UsageReading]:
    """What these ids brought the first time; other content under an id is refused, in the batch as well."""
    ids = {reading.source_id: reading for reading in readings}
    rows = UsageReading.objects.filter(line__in=lines_of_meter(line), source=source, source_id__in=ids)
    before = {row.source_id: row for row in rows}
    for reading in readings:
        first = before.get(reading.source_id) or ids[reading.source_id]
        if (first.used_on, first.quantity) != (reading.used_on, reading.quantity):
            raise SameKeyOtherContent(
                f"The reading {reading.source_id} came in as {first.quantity.normalize():f} on "
                f"{first.used_on:%d %b %Y}; "
                f"now it says {reading.quantity.normalize():f} on {reading.used_on:%d %b %Y}. "
                "Correct it with a reading of its own id."
            )
    return before


def _refuse_unusable(line: ContractLine, readings: Sequence[Reading]) -> None:
    if line.cycle != ContractLine.Cycle.USAGE:
        raise UsageRefused(f"Line {line} of {line.contract} isn't billed by usage.")
    for reading in readings:
        if not reading.source_id.strip():
            raise UsageRefused(
                f"The reading of {reading.used_on:%d %b %Y} has no id. Each needs its own, to count once."
            )
        if not reading.quantity.is_finite() or reading.quantity == 0 or abs(reading.quantity) > LARGEST_QUANTITY:
            raise UsageRefused(f"{reading.quantity} on {reading.used_on:%d %b %Y} is no quantity.")
        if not runs_on(line, reading.used_on):
            last = f" to {line.ends_on:%d %b %Y}" if line.ends_on else " on"
            raise UsageRefused(
                f"Line {line} runs from {line.starts_on:%d %b %Y}{last}, not on {reading.used_on:%d %b %Y}."
            )
    if readings:
        _refuse_too_late(line)


def _refuse_too_late(line: ContractLine) -> None:
    """Once the last day of the last line is billed there is no next month with which a late reading could be billed."""
    if lines_of_meter(line)[-1] != line.pk:
        return
    billed = billed_days_of([line]).get(line.pk, [])
    if line.ends_on is not None and any(days.last_on >= line.ends_on for days in billed):
        raise UsageRefused(
            f"Line {line} of {line.contract} is billed to its end on {line.ends_on:%d %b %Y}. "
            "Bill the rest by an invoice."
        )
