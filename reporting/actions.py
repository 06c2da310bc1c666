"""What people set for the reports."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from reporting.models import MeasureLimit

LARGEST = Decimal("1e15")


@transaction.atomic
def set_measure_limit(*, by: User, entity: LegalEntity, measure: str, limit: Decimal, from_on: date) -> MeasureLimit:
    """Say how high a measure may be from a day on; reports of earlier days keep the limit of their day."""
    require(by, "reporting.set_measure_limit", entity)
    if not limit.is_finite() or not 0 < limit < LARGEST:
        raise Refused(f"{limit} can't be a limit. Write a number above nought.")

    row = MeasureLimit(entity=entity, measure=measure, limit=limit, from_on=from_on, set_by=by)
    row.full_clean()
    row.save(force_insert=True)

    after = {"measure": measure, "limit": str(limit), "from": from_on}
    audit(by, "measure_limit.set", row, entity=entity, after=after)
    return row
