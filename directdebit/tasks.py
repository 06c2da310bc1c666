"""What a worker does for direct debits."""

from celery import shared_task

from core import clock
from core.models import LegalEntity
from core.permissions import system_user
from directdebit.days import pass_day


@shared_task(name="directdebit.tasks.pass_days")
def pass_days() -> int:
    """Carry each company's direct debits to its own day. One company's failure is shown and stops no other's."""
    by, moved, failures = system_user(), 0, []
    for entity in LegalEntity.objects.filter(is_active=True, creditors__isnull=False).distinct():
        try:
            moved += pass_day(by, entity, clock.today(entity))
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("direct debits of some companies", failures)
    return moved
