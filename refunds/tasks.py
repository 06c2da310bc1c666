"""What a worker does about refunds."""

from celery import shared_task

from core import clock
from core.models import LegalEntity
from core.permissions import system_user
from refunds.actions import find_duplicates


@shared_task
def look_for_duplicates() -> int:
    """Look for payments that came twice, in every company. What is on the list already is not found again.

    One company's failure is shown and stops no other's.
    """
    by, found, failures = system_user(), 0, []
    for company in LegalEntity.objects.filter(is_active=True).order_by("code"):
        try:
            found += len(find_duplicates(by=by, entity=company, as_of=clock.today(company)))
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("duplicate payments of some companies", failures)
    return found
