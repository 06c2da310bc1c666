"""Carrying out the revaluation of a month: some customers at a time, each group kept as soon as it is done."""

from core import runs
from core.heartbeat import Heartbeat
from core.models import Run
from ledger.actions.revaluing import ITEMS_AT_ONCE, revalue_items
from ledger.revaluing import customers_in_foreign_currency


def carry_out(run: Run) -> None:
    """Revalue what is not revalued yet. What an earlier attempt posted stays, and is not posted again."""
    groups = customers_in_foreign_currency(run.entity, run.business_date, ITEMS_AT_ONCE)
    if not runs.take_up(run, total=sum(map(len, groups))):
        return
    with Heartbeat(run):
        _revalue(run, groups)


def _revalue(run: Run, groups: list[list[int]]) -> None:
    revalued = 0
    for customers in groups:
        revalued += revalue_items(
            by=run.started_by,
            entity=run.entity,
            customers=customers,
            month_end=run.business_date,
            late_reason=str(run.parameters.get("late_reason", "")),
        )
        if not runs.advance(run, len(customers)):
            return
    runs.finish(run, revalued=revalued)
