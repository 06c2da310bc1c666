"""An entity's own days."""

from datetime import date

from django.db import transaction

from core.audit import audit
from core.models import LegalEntity, NonWorkingDay, User
from core.permissions import require


@transaction.atomic
def mark_day(*, by: User, entity: LegalEntity, on: date, name: str, is_working: bool) -> NonWorkingDay:
    """Say that a day is off although the country works, or is worked although it is a holiday."""
    require(by, "core.change_calendar", entity)
    day, _ = NonWorkingDay.objects.update_or_create(
        entity=entity, on=on, defaults={"name": name, "is_working": is_working}
    )
    audit(by, "day.marked", day, entity=entity, after={"on": on, "name": name, "is_working": is_working})
    return day


@transaction.atomic
def unmark_day(*, by: User, day: NonWorkingDay) -> None:
    """Take back an entity's own rule for a day."""
    require(by, "core.change_calendar", day.entity)
    audit(by, "day.unmarked", day, entity=day.entity, before={"on": day.on, "name": day.name})
    day.delete()
