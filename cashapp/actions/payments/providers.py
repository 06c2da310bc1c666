"""Who takes payments for us, and when the team that posts them works."""

from datetime import time

from django.db import transaction

from cashapp.errors import PaymentRefused
from cashapp.models import PaymentProvider, ProcessingHours
from core.audit import audit, changes
from core.models import LegalEntity, User
from core.permissions import require
from customers.checks import refuse_invalid
from ledger.actions import open_clearing_account


@transaction.atomic
def add_provider(*, by: User, entity: LegalEntity, code: str, name: str) -> PaymentProvider:
    """Take payments through a provider from now on; it gets a clearing account of its own."""
    require(by, "cashapp.add_provider", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    if known := PaymentProvider.objects.filter(entity=entity, code=code).first():
        if known.name == name:
            return known
        raise PaymentRefused(f"{entity.name} has a provider {code} already: {known.name}.")

    clearing = open_clearing_account(by=by, entity=entity, name=name)
    provider = PaymentProvider(entity=entity, code=code, name=name, clearing=clearing)
    refuse_invalid(provider)
    provider.save(force_insert=True)

    audit(by, "provider.added", provider, entity=entity, after={"code": code, "clearing": str(clearing)})
    return provider


@transaction.atomic
def change_processing_hours(
    *, by: User, entity: LegalEntity, time_zone: str, opens_at: time, closes_at: time
) -> ProcessingHours:
    """Say when the team that posts payments works: by its close of business every payment is posted."""
    require(by, "cashapp.change_processing_hours", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    hours = ProcessingHours.objects.filter(entity=entity).first() or ProcessingHours(entity=entity)
    new = {"time_zone": time_zone, "opens_at": opens_at, "closes_at": closes_at}
    before, after = changes(hours, new)
    if hours.pk and not after:
        return hours

    for field, value in new.items():
        setattr(hours, field, value)
    refuse_invalid(hours)
    hours.save()

    audit(by, "processing_hours.changed", hours, entity=entity, before=before, after=after)
    return hours
