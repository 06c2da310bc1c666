"""Carrying out a matching run: batch by batch, each kept as soon as it is done, so that it can be taken up again."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet

from cashapp import settlement_runs
from cashapp.actions.matching import Answered, match_lines
from cashapp.actions.payments.arriving import tie_drawn_payouts
from cashapp.matching import OpenIndex
from cashapp.models import BankStatement, BankStatementLine
from cashapp.queries.matching import lines_to_match, load_index
from cashapp.queries.settlements import is_settlement
from core import clock, runs
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run, User
from core.permissions import system_user

BATCH = 500


def carry_out(run: Run) -> None:
    """Match what is left of the run's lines; those of a settlement file are led to payments and payouts."""
    statement = BankStatement.objects.filter(pk=run.parameters.get("statement")).first()
    if statement is not None and is_settlement(statement):
        settlement_runs.carry_out(run, statement)
        return
    lines = lines_to_match(run.entity, run.parameters.get("statement"))
    if not runs.take_up(run, total=lines.count()):
        return
    with Heartbeat(run):
        _match(run, lines)


def _match(run: Run, lines: QuerySet[BankStatementLine]) -> None:
    count: Counter[str] = Counter()
    tie_drawn_payouts(by=system_user(), entity=run.entity)
    index = load_index(run.entity, clock.today(run.entity))
    for answered in in_batches(system_user(), run.entity, lines, index):
        for answer in answered:
            count[answer.decision] += 1
            if answer.refusal:
                runs.fail_item(run, str(answer.line), answer.refusal)
        if not runs.advance(run, len(answered)):
            return
    runs.finish(run, **count)


def in_batches(
    by: User, entity: LegalEntity, lines: QuerySet[BankStatementLine], index: OpenIndex
) -> Iterator[list[Answered]]:
    """Match lines some hundreds at a time."""
    waiting = lines.iterator(chunk_size=BATCH)
    while batch := list(islice(waiting, BATCH)):
        yield match_lines(by=by, entity=entity, lines=batch, index=index)
