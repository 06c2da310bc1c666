"""Previews and dry runs of a whole company: batch by batch in the background, kept as a workbook."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from io import BytesIO

from django.urls import reverse

from ar_collections.actions.rehearsals import DRY_RUN, PREVIEW
from ar_collections.keeping_apart import keys_kept_apart
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

Found = tuple[Sequence[Sequence[Cell]], Counter[str]]
"""The rows of some customers, and what is counted of them."""
Work = Callable[[Sequence[int]], Found]
KINDS = (PREVIEW, DRY_RUN)


def carry_out(run: Run) -> None:
    """Rehearse everybody, and keep what was found."""
    {PREVIEW: _preview, DRY_RUN: _dry_run}[run.kind](run)


def _preview(run: Run) -> None:
    entity, on = run.entity, run.business_date
    keys, house = customers_with_debts(entity, on), house_of(entity)

    def found(some: Sequence[int]) -> Found:
        rows = preview(entity, on, house=house, customers=some).rows
        counts = Counter("asked" if row.is_asked else "not_asked" for row in rows)
        counts.update(line.stop.reason.label for row in rows for line in row.lines if line.stop)
        return [cells for row in rows for cells in cells_of_row(row)], counts

    _keep(run, keys, COLUMNS_OF_PREVIEW, found, f"reminders-{entity.code}-{on}.xlsx")


def _dry_run(run: Run) -> None:
    asked = run.parameters
    version = StrategyVersion.objects.select_related("strategy__entity").get(pk=asked["version"])
    first, last = (date.fromisoformat(asked[name]) for name in ("from_on", "until_on"))
    span = Span(first, last, Basis(asked["basis"]))

    def found(some: Sequence[int]) -> Found:
        messages = messages_to(version, some, span)
        cells = [each for message in messages for each in cells_of_message(message)]
        return cells, Counter(message.step for message in messages)

    name = f"dry-run-{version.strategy.code}-{version.number}.xlsx"
    _keep(run, debtors(version, span), COLUMNS_OF_DRY_RUN, found, name)


def _keep(run: Run, keys: Sequence[int], columns: Sequence[Column], work: Work, name: str) -> None:
    """Write the workbook while the batches are worked out; its link is the run's result."""
    if not runs.take_up(run, total=len(keys)):
        return
    with Heartbeat(run) as heart:
        target, counts = BytesIO(), Counter[str]()
        made = f"{run.created_at.astimezone(run.entity.zone):%Y-%m-%d %H:%M}"
        notes = [("Company", run.entity.legal_name), ("What", run.title), ("Made", made)]
        write_workbook([Sheet("Customers", columns, _batches(run, keys, work, counts), notes)], target)
        if heart.is_cancelled or Run.objects.filter(pk=run.pk, state=Run.State.CANCELLED).exists():
            return
        file = store_file(run.started_by, run.entity, name, target.getvalue(), max_bytes=10 * LARGEST_FILE)
        runs.lead_to(run, reverse("core:file", args=[file.pk]))
        runs.finish(run, customers=len(keys), **counts)


def _batches(run: Run, keys: Sequence[int], work: Work, counts: Counter[str]) -> Iterator[Sequence[Cell]]:
    """Row by row. A customer at whom it breaks is noted, isn't in the workbook, and stops no other."""
    for begin in range(0, len(keys), BATCH):
        batch = keys[begin : begin + BATCH]
        for rows, counted in keys_kept_apart(batch, work, partial(_fail, run)):
            counts.update(counted)
            yield from rows
        if not runs.advance(run, len(batch)):
            return


def _fail(run: Run, key: int, error: Exception) -> None:
    runs.fail_item(run, f"Customer {key}", f"{type(error).__name__}: {error}")
