"""Stopping runs. Starting one belongs to the room whose work it is."""

from django.db import transaction

from core import runs
from core.audit import audit
from core.errors import Refused
from core.models import Run, User
from core.permissions import require


class RunIsOver(Refused):
    """Nothing is left to stop."""

    code = "run_is_over"


@transaction.atomic
def cancel_run(*, by: User, run: Run) -> Run:
    """Stop a run after the batch it is at; what is done stays done."""
    require(by, "core.view", run.entity)
    run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
    if run.state == Run.State.CANCELLED:
        return run
    if run.is_over:
        raise RunIsOver(f"“{run.title}” is over already.")
    if run.started_by_id != by.pk:
        require(by, "core.cancel_run", run.entity)

    runs.cancel(run)
    run.refresh_from_db()

    audit(by, "run.cancelled", run, entity=run.entity, after={"done": run.done, "total": run.total})
    return run
