"""What a worker does for cash application."""

from celery import shared_task

from cashapp.matching_runs import carry_out
from core.models import Run


@shared_task(name="cashapp.tasks.match_lines")
def match_lines(run_id: int) -> None:
    """Carry out a matching run, or what is left of it."""
    carry_out(Run.objects.select_related("entity").get(pk=run_id))
