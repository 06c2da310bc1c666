"""Statements for everybody: once for each day of the rule, in batches that are kept at once, safe to kill and take up
again. A day that was missed is made up as at that day."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import partial

from django.urls import reverse

from ar_collections.actions.statements import send_statements
from ar_collections.keeping_apart import keys_kept_apart
from ar_collections.models import StatementRule
from ar_collections.queries.statement_runs import KIND, customers_to_state, due_day, period_start, rule_of, sent_by
from core import clock, runs
from core.audit import audit
from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run, User
from core.permissions import require, system_user

BATCH = 500
FROM = time(6)
"""By the clock of the company."""


def due_run(entity: LegalEntity, now: datetime) -> Run | None:
    """The run of the last day of the rule that has come; none where it was started or the rule is off."""
    local, rule = now.astimezone(entity.zone), rule_of(entity)
    if rule is None or not rule.is_on or local.time() < FROM:
        return None
    day = due_day(rule, local.date())
    if day is None:
        return None
    run, is_new = _start(system_user(), entity, day, rule)
    return run if is_new else None


def start(by: User, entity: LegalEntity, as_of: date, today: date) -> tuple[Run, bool]:
    """Send everybody their statement as at a day, because somebody asks; the run of a day is one."""
    require(by, "collections.start_statement_run", entity)
    if as_of > today:
        raise Refused(f"{as_of:%d %b %Y} is still to come; what will be open then nobody knows.")
    run, is_new = _start(by, entity, as_of, rule_of(entity))
    if is_new:
        audit(by, "statement_run.started", run, entity=entity, after={"as_of": as_of})
    return run, is_new


def _start(by: User, entity: LegalEntity, as_of: date, rule: StatementRule | None) -> tuple[Run, bool]:
    starts_on = period_start(rule, as_of)
    parameters = {
        "starts_on": starts_on.isoformat() if starts_on else None,
        "by_group": bool(rule and rule.by_group),
    }
    title, link = f"Statements as at {as_of:%d %b %Y}", f"{reverse('messaging:messages')}?q={as_of}"
    return runs.start_run(by, entity, KIND, as_of, title=title, parameters=parameters, link=link)


def carry_out(run: Run) -> None:
    """Put everybody's statement into the outbox, or what is left of them. One at whom it breaks stops no other."""
    keys = customers_to_state(run.entity, run.business_date, by_group=bool(run.parameters.get("by_group")))
    if not runs.take_up(run, total=len(keys)):
        return
    with Heartbeat(run):
        for begin in range(0, len(keys), BATCH):
            batch = keys[begin : begin + BATCH]
            list(keys_kept_apart(batch, partial(_send, run), partial(_fail, run)))
            if not runs.advance(run, len(batch)):
                return
        sent = sent_by(run)
        runs.finish(run, sent=sent, not_sent=len(keys) - sent)


def _send(run: Run, keys: Sequence[int]) -> int:
    return send_statements(by=system_user(), run=run, customers=keys, today=clock.today(run.entity))


def _fail(run: Run, key: int, error: Exception) -> None:
    runs.fail_item(run, f"Customer {key}", f"{type(error).__name__}: {error}")
