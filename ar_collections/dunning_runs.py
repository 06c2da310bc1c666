"""The night's review: once a day and company, in batches that are kept at once, safe to kill and take up again.

A night that was missed needs no making up: the ladder looks at the day as it is, so today's review finds what
yesterday's would have. A run whose day is over writes nothing; its messages would be a day late.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time

from django.urls import reverse

from ar_collections.actions.checking import hold_back_stale_notices
from ar_collections.actions.notices import Reviewed, write_notices
from ar_collections.models import StrategyVersion
from ar_collections.queries.cases import BATCH, House, customers_with_debts, house_of
from core import clock, runs
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run, User
from core.permissions import system_user

KIND = "review_customers"
FROM = time(4)
"""By the clock of the company: after the night's imports and before anybody there or east of it begins to work."""


def due_run(entity: LegalEntity, now: datetime) -> Run | None:
    """The review of a company's day, once its hour has come; none where it was started or no strategy is on."""
    local = now.astimezone(entity.zone)
    on = StrategyVersion.objects.filter(strategy__entity=entity, switched_on_at__isnull=False, switched_off_at=None)
    if local.time() < FROM or not on.exists():
        return None
    run, is_new = start(system_user(), entity, local.date())
    return run if is_new else None


def start(by: User, entity: LegalEntity, on: date) -> tuple[Run, bool]:
    """The run of a day, and whether it is new."""
    link = f"{reverse('collections:notices')}?on={on}"
    return runs.start_run(by, entity, KIND, on, title=f"Review of customers, {on:%d %b %Y}", link=link)


def carry_out(run: Run) -> None:
    """Review everybody who owes anything, or those that are left."""
    on, by = run.business_date, system_user()
    keys = customers_with_debts(run.entity, on)
    if not runs.take_up(run, total=len(keys)):
        return
    with Heartbeat(run):
        if on != clock.today(run.entity):
            runs.finish(run, late=len(keys))
            return
        held = hold_back_stale_notices(by=by, entity=run.entity, today=on)
        house, total = house_of(run.entity), Reviewed()
        for start_at in range(0, len(keys), BATCH):
            batch = keys[start_at : start_at + BATCH]
            _review(run, house, batch, total)
            if not runs.advance(run, len(batch)):
                return
        runs.finish(run, stale=held, **figures(total))


def figures(total: Reviewed) -> dict[str, int]:
    """What the run's page shows."""
    counts = Counter({"notices": total.notices, "messages": total.messages, "calls": total.calls})
    return {**counts, "written_before": total.already, **total.stops}


def _review(run: Run, house: House, keys: Sequence[int], total: Reviewed) -> None:
    """One batch. A customer at whom it breaks is noted, and stops no other."""
    try:
        done = write_notices(
            by=system_user(), house=house, customers=keys, on=run.business_date, at=clock.now(), run=run
        )
    except Exception as error:
        if len(keys) == 1:
            runs.fail_item(run, f"Customer {keys[0]}", f"{type(error).__name__}: {error}")
            return
        middle = len(keys) // 2
        _review(run, house, keys[:middle], total)
        _review(run, house, keys[middle:], total)
        return
    total.add(done)
