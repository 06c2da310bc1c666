"""What time it is. Views, tasks and what stamps a row ask here; everything else is given a date."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from core.models import LegalEntity

FIVE_MINUTES = timedelta(minutes=5)


def now() -> datetime:
    """The moment, in UTC."""
    return timezone.now()


def today(entity: LegalEntity) -> date:
    """The calendar day at the entity's seat."""
    return now().astimezone(ZoneInfo(entity.time_zone)).date()
