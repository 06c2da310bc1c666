"""Asking about finals: on the 6th business day, or from the day on which a month's billing is declared complete.

The run of a day looks for finals that were never asked about, so a missed day is made up on the next, and a run that
was killed is taken up again: the step of each final is taken once, by a key of the database.
"""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.urls import reverse

from ar_collections.actions.notices import Reviewed, ask_about_finals
from ar_collections.dunning_runs import figures
from ar_collections.finals import Task
from ar_collections.models import StrategyVersion
from ar_collections.queries.cases import BATCH, House, house_of
from ar_collections.queries.finals import unpaid_finals
from core import clock, runs
from core.calendars import calendar_of
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run
from core.permissions import system_user

KIND = "ask_about_finals"
FROM = time(3)
"""By the clock of the company: before the night's review, which writes to whoever is left."""


def due_run(entity: LegalEntity, now: datetime) -> Run | None:
    """The run of a company's business day where somebody is to be asked; none where it was started before."""
    local = now.astimezone(entity.zone)
    on = StrategyVersion.objects.filter(strategy__entity=entity, switched_on_at__isnull=False, switched_off_at=None)
    if local.time() < FROM or not calendar_of(entity).is_business_day(local.date()) or not on.exists():
        return None
    if Run.objects.filter(entity=entity, kind=KIND, business_date=local.date()).exists():
        return None
    if not _to_ask(entity, local.date()):
        return None
    title = f"Finals to ask about, {local.date():%d %b %Y}"
    run, is_new = runs.start_run(
        system_user(), entity, KIND, local.date(), title=title, link=reverse("collections:finals")
    )
    return run if is_new else None


def carry_out(run: Run) -> None:
    """Ask about every final that nobody was asked about yet, or those that are left."""
    on, house = run.business_date, house_of(run.entity)
    wanted = _to_ask(run.entity, on)
    keys = sorted(wanted)
    if not runs.take_up(run, total=len(keys)):
        return
    with Heartbeat(run):
        if on != clock.today(run.entity):
            runs.finish(run, late=len(keys))
            return
        total = Reviewed()
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            _ask(run, house, {key: wanted[key] for key in batch}, batch, total)
            if not runs.advance(run, len(batch)):
                return
        runs.finish(run, **figures(total))


def _ask(run: Run, house: House, finals: dict[int, list[int]], keys: Sequence[int], total: Reviewed) -> None:
    """One batch. A customer at whom it breaks is noted, and stops no other."""
    try:
        asked = {key: finals[key] for key in keys}
        done = ask_about_finals(
            by=system_user(), house=house, finals=asked, on=run.business_date, at=clock.now(), run=run
        )
    except Exception as error:
        if len(keys) == 1:
            runs.fail_item(run, f"Customer {keys[0]}", f"{type(error).__name__}: {error}")
            return
        middle = len(keys) // 2
        _ask(run, house, finals, keys[:middle], total)
        _ask(run, house, finals, keys[middle:], total)
        return
    total.add(done)


def _to_ask(entity: LegalEntity, on: date) -> dict[int, list[int]]:
    """Finals whose day has come, that are not due yet and that no mail has named since, by customer."""
    found: dict[int, list[int]] = {}
    for row in unpaid_finals(entity, today=on):
        is_first = row.task in (Task.CALL, Task.MAIL) and row.facts.received is None and on <= row.facts.due_on
        if is_first and not row.contacts[0].mailed_on:
            found.setdefault(row.item.customer_id, []).append(row.item.pk)
    return found
