"""What the schedule asks of the outbox."""

from celery import shared_task

from core.permissions import system_user
from messaging.sender import deliver


@shared_task
def deliver_messages() -> None:
    """Send what is due. Several of these may run at a time."""
    deliver(by=system_user())
