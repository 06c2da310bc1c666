"""What a worker does for the ledger."""

from celery import shared_task

from core.models import Run
from core.runs import forsaken, stop_with
from ledger.actions.revaluing import KIND
from ledger.revaluation_runs import carry_out


@shared_task
def revalue_month(run_id: int) -> None:
    """Carry out a revaluation, or what is left of it. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity", "started_by").get(pk=run_id)
    try:
        carry_out(run)
    except Exception as error:
        stop_with(run, getattr(error, "message", f"{type(error).__name__}: {error}"))
        raise


@shared_task
def resume_revaluations() -> int:
    """Start revaluations again whose worker died or that no worker ever took up."""
    keys = list(forsaken(KIND).values_list("pk", flat=True))
    for pk in keys:
        revalue_month.delay(pk)
    return len(keys)
