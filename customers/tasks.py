"""What a worker does for customers: bringing in a file of them."""

from celery import shared_task

from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import Run
from core.runs import finish, forsaken, stop_with, take_back, take_up
from customers.actions import import_upload
from customers.actions.imports import KIND, Stopped
from customers.models import CustomerImport

SECONDS = 1.0


@shared_task
def carry_in_customers(run_id: int) -> None:
    """Make customers of all rows of a run's file, or of none: a run that was killed begins anew and doubles nothing."""
    run = Run.objects.select_related("entity", "started_by").get(pk=run_id)
    upload = CustomerImport.objects.select_related("entity", "file", "default_terms").get(pk=run.parameters["upload"])
    if not take_up(run):
        return
    try:
        with Heartbeat(run, SECONDS) as beat:
            done = import_upload(by=run.started_by, upload=upload, beat=beat)
    except Stopped as stopped:
        take_back(run, stopped.message)
        return
    except Refused as refusal:
        stop_with(run, refusal.message)
        return
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise
    finish(run, customers=done.created_count)


@shared_task
def resume_imports() -> int:
    """Begin imports again whose worker died or that no worker ever took up."""
    keys = list(forsaken(KIND).values_list("pk", flat=True))
    for pk in keys:
        carry_in_customers.delay(pk)
    return len(keys)
