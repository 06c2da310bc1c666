"""Carrying out the release of a month: some customers at a time, each group kept as soon as it is done."""

import logging
from datetime import date

from django.db.models import QuerySet

from core import clock, runs
from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run
from core.permissions import system_user
from invoicing.actions.releasing import KIND, release_income, start_release
from invoicing.cycles import ONE_DAY
from invoicing.models import DeferralMovement, DeferralSchedule
from invoicing.queries.unearned import SCHEDULES_AT_ONCE, customers_with_schedules
from ledger.models import AccountingPeriod

logger = logging.getLogger(__name__)
BY_ITSELF = "Monthly release of deferred income"


def carry_out(run: Run) -> None:
    """Release what is due and not released yet. What an earlier attempt released is no longer due."""
    groups = customers_with_schedules(run.entity, run.business_date, SCHEDULES_AT_ONCE)
    if not runs.take_up(run, total=sum(map(len, groups))):
        return
    with Heartbeat(run):
        _release(run, groups)


def start_due_releases() -> list[Run]:
    """Start the release of the month before, for every company that has something to release and has no run yet."""
    started = []
    for entity in _companies():
        month_end = clock.today(entity).replace(day=1) - ONE_DAY
        if Run.objects.filter(entity=entity, kind=KIND, business_date=month_end).exists():
            continue
        if run := _start(entity, month_end):
            started.append(run)
    return started


def _start(entity: LegalEntity, month_end: date) -> Run | None:
    if not customers_with_schedules(entity, month_end, SCHEDULES_AT_ONCE):
        return None
    try:
        return start_release(
            by=system_user(),
            entity=entity,
            month_on=month_end,
            asked_on=clock.today(entity),
            late_reason=BY_ITSELF,
        )[0]
    except Refused as refusal:
        logger.warning("%s: %s The next month takes it.", entity, refusal.message)
        return None


def _companies() -> QuerySet[LegalEntity]:
    return LegalEntity.objects.filter(is_active=True, pk__in=DeferralSchedule.objects.values("entity"))


def _release(run: Run, groups: list[list[int]]) -> None:
    for customers in groups:
        release_income(
            by=run.started_by,
            entity=run.entity,
            customers=customers,
            month_on=run.business_date,
            late_reason=_late_reason(run),
        )
        if not runs.advance(run, len(customers)):
            return
    runs.finish(run, released=_released_by(run))


def _released_by(run: Run) -> int:
    """How many schedules a run released something of, all its workers together."""
    rows = DeferralMovement.objects.filter(schedule__entity=run.entity, kind=DeferralMovement.Kind.RELEASED)
    rows = rows.filter(posted_on=run.business_date, recorded_at__gte=run.created_at)
    return rows.order_by().values("schedule").distinct().count()


def _late_reason(run: Run) -> str:
    """The reason that goes on the entries: only a soft-locked month takes one."""
    months = AccountingPeriod.objects.filter(entity=run.entity, starts_on=run.business_date.replace(day=1))
    locked = months.filter(state=AccountingPeriod.State.SOFT_LOCKED).exists()
    return str(run.parameters.get("late_reason", "")) if locked else ""
