"""What the schedule asks of webhooks."""

from celery import shared_task

from core.permissions import system_user
from integrations.webhooks import tell


@shared_task
def tell_other_systems() -> None:
    """Find what happened and post what is due."""
    tell(by=system_user())
