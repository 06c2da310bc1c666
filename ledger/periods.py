"""The months of an entity: made when something is first dated in them, and asked whether they still take anything."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from core.reading import read
from ledger.models import AccountingPeriod


class PeriodClosed(Refused):
    """The date lies in a month that takes nothing more, or nothing without a reason."""

    code = "period_closed"


State = AccountingPeriod.State


def first_of_month(day: date) -> date:
    """The day on which its month starts."""
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    """The day on which its month ends."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def periods_of(entity: LegalEntity, days: Iterable[date]) -> dict[date, AccountingPeriod]:
    """The periods in which the days lie, by their first day; months that are not there yet are opened."""
    months = {first_of_month(day) for day in days}
    found = _read(entity, months)
    if months - found.keys():
        AccountingPeriod.objects.bulk_create(
            [AccountingPeriod(entity=entity, starts_on=month) for month in sorted(months - found.keys())],
            ignore_conflicts=True,
        )
        found = _read(entity, months)
    return found


def is_open(entity: LegalEntity, day: date) -> bool:
    """Whether anybody who may post can still post on a day; a month that nobody has closed is open."""
    period = AccountingPeriod.objects.filter(entity=entity, starts_on=first_of_month(day)).first()
    return period is None or period.state == State.OPEN


def is_soft_locked(entity: LegalEntity, day: date) -> bool:
    """Whether posting on a day takes a reason."""
    return AccountingPeriod.objects.filter(
        entity=entity, starts_on=first_of_month(day), state=State.SOFT_LOCKED
    ).exists()


def refuse_closed(by: User, entity: LegalEntity, dated: Iterable[tuple[date, str]]) -> None:
    """Refuse days in closed months, and in soft-locked ones unless the person may post late and says why.

    The database refuses the same, and makes the closing of a month wait for what is being posted into it. Here the
    person gets a sentence.
    """
    days = set(dated)
    periods = periods_of(entity, (day for day, _ in days))
    for day, late_reason in sorted(days):
        period = periods[first_of_month(day)]
        if period.state == State.CLOSED:
            raise PeriodClosed(f"{period} is closed in {entity.name}. Date it later than {period.ends_on:%d %B %Y}.")
        if period.state == State.SOFT_LOCKED and not late_reason:
            raise PeriodClosed(f"{period} is soft-locked in {entity.name}: posting into it takes a reason.")
        if period.state == State.SOFT_LOCKED:
            require(by, "ledger.post_late", entity)


def _read(entity: LegalEntity, months: set[date]) -> dict[date, AccountingPeriod]:
    wanted = "entity_id = %(entity)s AND starts_on = ANY(%(months)s)"
    return {row.starts_on: row for row in read(AccountingPeriod, wanted, entity=entity.pk, months=list(months))}
