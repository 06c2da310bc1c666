"""Previews and dry runs of a whole company: batch by batch in the background, kept as a workbook."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import TypeVar

from django.urls import reverse

from ar_collections.actions.rehearsals import DRY_RUN, PREVIEW
from ar_collections.models import StrategyVersion
from ar_collections.papers.rehearsals import COLUMNS_OF_DRY_RUN, COLUMNS_OF_PREVIEW, cells_of_message, cells_of_row
from ar_collections.queries.cases import BATCH, customers_with_debts, house_of
from ar_collections.queries.dry_run import Basis, Span, debtors, messages_to
from ar_collections.queries.preview import preview
from core import runs
from core.files import LARGEST_FILE, store_file
from core.heartbeat import Heartbeat
from core.models import Run
from core.xlsx import Cell, Column, Sheet, write_workbook

Row = TypeVar("Row")
Rows = Iterator[Sequence[Cell]]


def carry_out(run: Run) -> None:
    """Rehearse everybody, and keep what was found."""
    {PREVIEW: _preview, DRY_RUN: _dry_run}[run.kind](run)


def _preview(run: Run) -> None:
    entity, on = run.entity, run.business_date
    keys, house = customers_with_debts(entity, on), house_of(entity)
    counts: Counter[str] = Counter()

    def rows(some: Sequence[int]) -> Rows:
        for row in preview(entity, on, house=house, customers=some).rows:
            counts["asked" if row.is_asked else "not_asked"] += 1
            counts.update(line.stop.reason.label for line in row.lines if line.stop)
            yield from cells_of_row(row)

    _keep(run, keys, COLUMNS_OF_PREVIEW, rows, f"reminders-{entity.code}-{on}.xlsx", counts)


def _dry_run(run: Run) -> None:
    asked = run.parameters
    version = StrategyVersion.objects.select_related("strategy__entity").get(pk=asked["version"])
    first, last = (date.fromisoformat(asked[name]) for name in ("from_on", "until_on"))
    span = Span(first, last, Basis(asked["basis"]))
    counts: Counter[str] = Counter()

    def rows(some: Sequence[int]) -> Rows:
        for message in messages_to(version, some, span):
            counts[message.step] += 1
            yield from cells_of_message(message)

    name = f"dry-run-{version.strategy.code}-{version.number}.xlsx"
    _keep(run, debtors(version, span), COLUMNS_OF_DRY_RUN, rows, name, counts)


def _keep(
    run: Run,
    keys: Sequence[int],
    columns: Sequence[Column],
    rows_of: Callable[[Sequence[int]], Rows],
    name: str,
    counts: Counter[str],
) -> None:
    """Write the workbook while the batches are worked out; its link is the run's result."""
    if not runs.take_up(run, total=len(keys)):
        return
    with Heartbeat(run) as heart:
        target = BytesIO()
        made = f"{run.created_at.astimezone(run.entity.zone):%Y-%m-%d %H:%M}"
        notes = [("Company", run.entity.legal_name), ("What", run.title), ("Made", made)]
        write_workbook([Sheet("Customers", columns, _batches(run, keys, rows_of), notes)], target)
        if heart.is_cancelled or Run.objects.filter(pk=run.pk, state=Run.State.CANCELLED).exists():
            return
        file = store_file(run.started_by, run.entity, name, target.getvalue(), max_bytes=10 * LARGEST_FILE)
        runs.lead_to(run, reverse("core:file", args=[file.pk]))
        runs.finish(run, customers=len(keys), **counts)


def _batches(run: Run, keys: Sequence[int], rows_of: Callable[[Sequence[int]], Rows]) -> Rows:
    for begin in range(0, len(keys), BATCH):
        some = keys[begin : begin + BATCH]
        yield from rows_of(some)
        if not runs.advance(run, len(some)):
            return
