"""Strategies that are on, and nights, for tests of reminders."""

from datetime import UTC, date, datetime, time
from unittest.mock import patch

from ar_collections import dunning_runs
from ar_collections.actions.strategies import set_up_strategies, switch_strategy_on
from ar_collections.models import NoticeLine, StrategyVersion
from core.models import LegalEntity, Run, User
from core.permissions import system_user
from messaging.sender import Tally, deliver


def switch_all_on(by: User, entity: LegalEntity) -> None:
    """The seven usual strategies, in force."""
    set_up_strategies(by=by, entity=entity)
    for version in StrategyVersion.objects.filter(strategy__entity=entity, switched_on_at=None):
        switch_strategy_on(by=by, version=version)


def at(day: date, hour: int = 5, minute: int = 0) -> datetime:
    """A moment of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def night(entity: LegalEntity, day: date, hour: int = 5) -> Run:
    """The review of a day, as beat starts it."""
    with patch("core.clock.now", lambda: at(day, hour)):
        run = dunning_runs.due_run(entity, at(day, hour)) or Run.objects.get(
            entity=entity, kind=dunning_runs.KIND, business_date=day
        )
        dunning_runs.carry_out(run)
    run.refresh_from_db()
    return run


def office_hours(day: date, hour: int = 9, minute: int = 0) -> Tally:
    """A round of a sender at some hour of a day."""
    with patch("core.clock.now", lambda: at(day, hour, minute)):
        return deliver(by=system_user())


def steps_of(*numbers: str) -> list[tuple[date, str]]:
    """Days and steps of what was sent or is to be, for these documents."""
    rows = NoticeLine.objects.filter(item__number__in=numbers, fell_out="").exclude(step_code="")
    return list(rows.order_by("notice__decided_on").values_list("notice__decided_on", "step_code"))
