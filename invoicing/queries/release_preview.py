"""What the release of a month would do, before it is started."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.models import LegalEntity
from core.money import ZERO
from invoicing.cycles import end_of_month
from invoicing.queries.unearned import SCHEDULES_AT_ONCE, customers_with_schedules, releases_due


@dataclass(slots=True)
class WouldRelease:
    """What would become income in one currency; `late` is what earlier months left."""

    currency: str
    schedules: int = 0
    amount: Decimal = ZERO
    late: Decimal = ZERO
    base: Decimal = ZERO


def release_preview(entity: LegalEntity, month_on: date) -> list[WouldRelease]:
    """What is due by the end of a month and not released yet, per currency."""
    found: dict[str, WouldRelease] = {}
    month_end = end_of_month(month_on)
    for customers in customers_with_schedules(entity, month_end, SCHEDULES_AT_ONCE):
        for schedule, releases in releases_due(entity, customers, month_end):
            currency = schedule.left.currency
            row = found.setdefault(currency, WouldRelease(currency))
            row.schedules += 1
            row.amount += sum((one.amount for one in releases), ZERO)
            row.base += sum((one.base_amount for one in releases), ZERO)
            row.late += sum((one.amount for one in releases if one.month_on < month_on.replace(day=1)), ZERO)
    return [found[currency] for currency in sorted(found)]
