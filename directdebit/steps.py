"""Taking mandates and collections a step further, each with the fact that tells of it. Only actions call this.

Whoever calls holds the customer's lock.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import F

from core.models import User
from directdebit.models import Collection, CollectionEvent, CollectionPart, Mandate, MandateEvent
from directdebit.models.mandates import ENDS

ENDS_ITS_PARTS = frozenset({"cancelled", "returned", "claimed"})
PICKED_UP_AGAIN = frozenset({"confirmed_paid"})
ORDINARY_ONCE_USED = frozenset({"amended", "dormant_warning"})


def step_mandate(
    by: User,
    mandate: Mandate,
    state: str,
    on: date,
    *,
    reason: str = "",
    source: str = MandateEvent.Source.PERSON,
) -> MandateEvent:
    """Take a mandate to a state from a day on; ended ones say when, and one that lives again ends no more."""
    mandate.state, mandate.ended_on = state, on if state in ENDS else None
    mandate.save()
    return MandateEvent.objects.create(
        mandate=mandate, state=state, on=on, source=source, reason=reason.strip()[:200], by=by
    )


def step_collections(
    by: User, collections: Sequence[Collection], state: str, on: date, *, code: str = "", reason: str = ""
) -> None:
    """Take collections to a state from a day on. What ends them frees their items to be asked for again."""
    keys = [collection.pk for collection in collections]
    Collection.objects.filter(pk__in=keys).update(state=state)
    if state in ENDS_ITS_PARTS:
        CollectionPart.objects.filter(collection__in=keys).update(stands=False)
    if state in PICKED_UP_AGAIN:
        CollectionPart.objects.filter(collection__in=keys).update(stands=True)
    CollectionEvent.objects.bulk_create(
        CollectionEvent(collection=collection, state=state, on=on, code=code, reason=reason.strip()[:300], by=by)
        for collection in collections
    )
    for collection in collections:
        collection.state = state


def count_use(by: User, collections: Iterable[Collection], on: date) -> None:
    """Remember on its mandate that it was collected on; an amended or dormant one is an ordinary one again."""
    for collection in collections:
        mandate = collection.mandate
        mandate.last_collected_on = max(filter(None, (mandate.last_collected_on, collection.collect_on)))
        mandate.collections_made = F("collections_made") + 1
        mandate.amended_account = False
        mandate.save(update_fields=["last_collected_on", "collections_made", "amended_account"])
        mandate.refresh_from_db(fields=["collections_made"])
        if mandate.state in ORDINARY_ONCE_USED:
            step_mandate(by, mandate, Mandate.State.ACTIVE, on, reason=f"Used by {collection}.")
