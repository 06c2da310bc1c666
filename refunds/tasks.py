"""What a worker does about refunds."""

from celery import shared_task

from core import clock
from core.models import LegalEntity
from core.permissions import system_user
from refunds.actions import find_duplicates


@shared_task
def look_for_duplicates() -> int:
    """Look for payments that came twice, in every company. What is on the list already is not found again."""
    by = system_user()
    companies = LegalEntity.objects.filter(is_active=True)
    return sum(len(find_duplicates(by=by, entity=one, as_of=clock.today(one))) for one in companies)
