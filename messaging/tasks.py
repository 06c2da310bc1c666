"""What the schedule asks of the outbox."""

from pathlib import Path

from celery import shared_task
from django.conf import settings

from core import clock
from core.permissions import system_user
from messaging.actions import tell_approvers, tell_requesters
from messaging.mailbox import read_folder, read_mailbox
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
