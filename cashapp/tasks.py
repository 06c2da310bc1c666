"""What a worker does for cash application."""

from celery import shared_task

from cashapp import accepting_runs
from cashapp.actions import accepting
from cashapp.actions.matching import KIND
from cashapp.matching_runs import carry_out
from core.models import Run
from core.runs import forsaken, stop_with


@shared_task(name="cashapp.tasks.match_lines")
def match_lines(run_id: int) -> None:
    """Carry out a matching run, or what is left of it. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity").get(pk=run_id)
    try:
        carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="cashapp.tasks.resume_matching")
def resume_matching() -> int:
    """Start runs again whose worker died or that no worker ever took up."""
    keys = list(forsaken(KIND).values_list("pk", flat=True))
    for pk in keys:
        match_lines.delay(pk)
    return len(keys)


@shared_task(name="cashapp.tasks.accept_lines")
def accept_lines(run_id: int) -> None:
    """Post an accepted list of proposals, or what is left of it. What breaks it is shown on the run's page."""
    run = Run.objects.select_related("entity").get(pk=run_id)
    try:
        accepting_runs.carry_out(run)
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="cashapp.tasks.resume_accepting")
def resume_accepting() -> int:
    """Start accepted lists again whose worker died or that no worker ever took up."""
    keys = list(forsaken(accepting.KIND).values_list("pk", flat=True))
    for pk in keys:
        accept_lines.delay(pk)
    return len(keys)
