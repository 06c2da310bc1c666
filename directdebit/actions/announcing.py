"""Noting that notices have left."""

from datetime import date

from django.db import transaction

from core.models import LegalEntity, User
from core.permissions import require
from customers.models import take_turns
from directdebit.announcing import note_notices
from directdebit.models import Collection


@transaction.atomic
def announce_collections(*, by: User, entity: LegalEntity, as_of: date) -> list[Collection]:
    """Planned collections whose notice was sent or posted are announced, from the day on which it left."""
    require(by, "directdebit.announce_collections", entity)
    rows = Collection.objects.filter(
        entity=entity, state=Collection.State.PLANNED, notice__sent_at__isnull=False
    ).select_related("notice", "entity", "customer__entity")
    take_turns(collection.customer for collection in rows)
    return note_notices(by, list(rows.all()), as_of)
