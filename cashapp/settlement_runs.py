"""Carrying out a run that takes in a settlement file: payout by payout, each kept as soon as it is done."""

from collections.abc import Iterator
from itertools import islice

from cashapp.actions.settlements import settle_lines
from cashapp.matching import OpenIndex
from cashapp.models import BankStatement, BankStatementLine
from cashapp.queries.matching import load_index
from cashapp.queries.settlements import settlement_lines_of
from core import clock, runs
from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import Run
from core.permissions import system_user

BATCH = 200


def carry_out(run: Run, statement: BankStatement) -> None:
    """Lead the lines of a settlement file to payments and payouts. What is booked already stays as it is."""
    lines = settlement_lines_of(statement)
    if not runs.take_up(run, total=lines.count()):
        return
    with Heartbeat(run):
        index = load_index(run.entity, clock.today(run.entity))
        for batch in _batches(list(lines)):
            _settle(run, statement, batch, index)
            if not runs.advance(run, len(batch)):
                return
    runs.finish(run)


def _settle(run: Run, statement: BankStatement, batch: list[BankStatementLine], index: OpenIndex) -> None:
    today = clock.today(run.entity)
    try:
        rows = settle_lines(by=system_user(), account=statement.bank_account, lines=batch, on=today, index=index)
    except Refused as refusal:
        runs.fail_item(run, str(statement), refusal.message)
        return
    for row in rows:
        if row.difference:
            runs.fail_item(run, str(row.line), row.difference)


def _batches(lines: list[BankStatementLine]) -> Iterator[list[BankStatementLine]]:
    """Each payout with all that it pays out; what no payout names, some hundreds at a time."""
    payouts: dict[str, list[BankStatementLine]] = {}
    for line in lines:
        payouts.setdefault(line.references.get("payout", ""), []).append(line)
    loose = iter(payouts.pop("", []))
    while batch := list(islice(loose, BATCH)):
        yield batch
    yield from payouts.values()
