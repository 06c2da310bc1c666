"""What the schedule asks of the outbox."""

from pathlib import Path

from celery import shared_task
from django.conf import settings

from core import clock
from core.errors import Refused
from core.heartbeat import Heartbeat
from core.models import Run
from core.permissions import system_user
from core.runs import advance, finish, forsaken, stop_with, take_up
from messaging.actions import join_letters, tell_approvers, tell_requesters
from messaging.actions.printing import KIND as PRINTING
from messaging.mailbox import read_folder, read_mailbox
from messaging.models import PrintBatch
from messaging.sender import deliver


@shared_task
def deliver_messages() -> None:
    """Send what is due. Several of these may run at a time."""
    deliver(by=system_user())


@shared_task
def tell_of_approvals() -> None:
    """Write to those for whom a request waits, and to those whose request was decided. Who was told isn't again."""
    tell_approvers(by=system_user(), at=clock.now())
    tell_requesters(by=system_user(), at=clock.now())


@shared_task
def read_returned_mail() -> None:
    """Take in mail that came back, from the folder and the mailbox of the settings, where there are any."""
    if settings.BOUNCE_FOLDER:
        read_folder(system_user(), Path(settings.BOUNCE_FOLDER))
    if settings.BOUNCE_MAILBOX_URL:
        read_mailbox(system_user(), settings.BOUNCE_MAILBOX_URL)


@shared_task
def print_letters(run_id: int) -> None:
    """Join the letters of a run into one PDF; a run that was killed begins anew and makes one file all the same."""
    run = Run.objects.select_related("entity", "started_by").get(pk=run_id)
    if not take_up(run):
        return
    try:
        with Heartbeat(run):
            batch = join_letters(by=run.started_by, batch=PrintBatch.objects.select_related("entity").get(run=run))
    except Refused as refusal:
        stop_with(run, refusal.message)
        return
    except Exception as error:
        stop_with(run, f"{type(error).__name__}: {error}")
        raise
    advance(run, run.total)
    finish(run, pages=batch.page_count)


@shared_task
def resume_printing() -> int:
    """Begin again what a dead worker left."""
    keys = list(forsaken(PRINTING).values_list("pk", flat=True))
    for pk in keys:
        print_letters.delay(pk)
    return len(keys)
