"""The desk's answer to a key press: the next line, and “match and next”, beside the database's part of each alone."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.matching import some_lines
from bench.measures import Measure, seconds
from bench.pages import signed_in
from cashapp.actions.desk import undo_line
from cashapp.actions.matching import match_lines
from cashapp.actions.statements import import_statement
from cashapp.bank_lines_file import MAPPING, bank_table
from cashapp.models import MatchTask
from cashapp.queries.matching import lines_to_match, load_index
from core import clock
from core.actions import add_bank_account
from core.models import LegalEntity
from core.permissions import system_user
from ledger.actions import set_up_ledger

LINES = 300
PRESSED = 30
OPEN_LINE, MATCH_LINE = 120, 350


def measure_desk(entity: LegalEntity, folder: Path) -> Iterator[Measure]:
    """The middle of many presses on lines that the matcher left to a person."""
    _bring_lines(entity, folder)
    waiting = MatchTask.objects.filter(entity=entity, state=MatchTask.State.TO_MATCH, customer__isnull=False)
    tasks = list(waiting.select_related("line", "customer")[:PRESSED])
    client = signed_in(entity, "ar_specialist")
    yield _measure("the desk opens the next line", tasks, lambda task: _open(client, entity, task), OPEN_LINE)
    yield _measure("the desk matches a line and opens the next", tasks, lambda task: _match(client, task), MATCH_LINE)
    for task in tasks:
        undo_line(by=system_user(), line=task.line, undone_on=clock.today(entity), reason="Measured")


def _bring_lines(entity: LegalEntity, folder: Path) -> None:
    """A statement with lines from all over the file, answered by the matcher."""
    by, rows = system_user(), some_lines(folder)[:LINES]
    account = add_bank_account(by=by, entity=entity, name="Bank of the bench", currency=entity.currency)
    set_up_ledger(by=by, entity=entity)
    content = bank_table(rows, entity.currency)
    import_statement(by=by, entity=entity, name="desk.csv", content=content, bank_account=account, mapping=MAPPING)
    until = max(date.fromisoformat(f"{row.booked_on}") for row in rows)
    match_lines(by=by, entity=entity, lines=list(lines_to_match(entity)), index=load_index(entity, until))


def _measure(work: str, tasks: Sequence[MatchTask], press: Callable[[MatchTask], Any], most: int) -> Measure:
    taken, asked = [], []
    for task in tasks:
        with CaptureQueriesContext(connection) as captured:
            taken.append(seconds(lambda task=task: press(task)) * 1000)  # type: ignore[misc]
        asked.append(sum(float(query["time"]) for query in captured.captured_queries) * 1000)
    ours, limit = median(taken), median(asked)
    return Measure(work, "ms", ours, limit, "its statements alone", f"≤ {most} ms", ours <= most)


def _open(client: Client, entity: LegalEntity, task: MatchTask) -> None:
    headers = {"HX-Request": "true", "HX-Target": "detail"}
    answer = client.get(f"/cash/{task.pk}/?entity={entity.code}", headers=headers, HTTP_HOST="localhost")
    _refuse_other(answer, task)


def _match(client: Client, task: MatchTask) -> None:
    said = {"customer": task.customer.code if task.customer else "", "version": task.version}
    headers = {"HX-Request": "true", "HX-Target": "desk"}
    answer = client.post(f"/cash/{task.pk}/", said, headers=headers, HTTP_HOST="localhost")
    _refuse_other(answer, task)


def _refuse_other(answer: Any, task: MatchTask) -> None:
    if answer.status_code != 200:
        raise SystemExit(f"The desk answers {answer.status_code} for line {task.pk}; there is nothing to measure.")
