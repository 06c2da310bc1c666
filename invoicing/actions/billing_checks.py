"""Setting from which difference on a billing run asks."""

from typing import Any

from django.db import transaction

from core.audit import audit, changes
from core.models import LegalEntity, User
from core.permissions import require
from invoicing.models import BillingChecks

CHANGEABLE = ("amount_percent", "quantity_percent", "least_amount", "duplicate_days")


@transaction.atomic
def change_billing_checks(*, by: User, entity: LegalEntity, **fields: Any) -> BillingChecks:
    """Change the thresholds of a company; runs that are checked from now on go by them."""
    require(by, "invoicing.change_billing_checks", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    row = BillingChecks.objects.filter(entity=entity).first() or BillingChecks(entity=entity)
    before, after = changes(row, {name: fields[name] for name in CHANGEABLE if name in fields})
    if not after:
        return row

    for name in after:
        setattr(row, name, fields[name])
    row.full_clean()
    row.save()

    audit(by, "billing_checks.changed", row, entity=entity, before=before, after=after)
    return row
