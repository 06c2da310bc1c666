"""What may be presented again, and what is not drawn because its last return is still being dealt with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.models import LegalEntity
from directdebit.models import Collection, CollectionPart, Creditor, FollowUp, ReturnedDebit
from directdebit.returns.reasons import reason_of
from directdebit.returns.representing import Answer, may_represent

Kind = FollowUp.Kind


@dataclass(frozen=True, slots=True)
class Proposal:
    """A collection that came back and may be presented again on a day, with the sign that the scheme wants for it."""

    collection: Collection
    follow_up: FollowUp
    code: str
    until: date | None


def proposals(creditor: Creditor, collect_on: date) -> list[Proposal]:
    """What the next run of a creditor may present again on a day: same amount, in time, not too often, mandate live."""
    rows = FollowUp.objects.filter(
        kind=Kind.RE_PRESENT,
        done_on=None,
        returned__collection__state=Collection.State.RETURNED,
        returned__collection__mandate__creditor=creditor,
    ).select_related("returned__collection__mandate__customer", "returned__collection__re_presents", "customer")
    found = []
    for follow_up in rows.order_by("until_on", "pk"):
        collection = follow_up.returned.collection
        if collection is None or not collection.mandate.is_live or collection.mandate.is_paused:
            continue
        answer = answer_for(follow_up.returned, collection, collect_on)
        if answer.is_allowed and _is_whole(collection):
            found.append(Proposal(collection, follow_up, answer.code, answer.until))
    return found


def answer_for(returned: ReturnedDebit, collection: Collection, on: date) -> Answer:
    """Whether a collection that came back may be presented again on a day."""
    reason = reason_of(returned.codes, returned.code)
    if reason is None:
        return Answer(None, why_not=f"The code {returned.code} is not known.")
    return may_represent(
        reason,
        collected_on=first_day_of(collection),
        returned_on=returned.effective_on or on,
        attempts=presented_again(collection),
        on=on,
    )


def blocked_items(entity: LegalEntity, items: Iterable[int]) -> dict[int, str]:
    """Items whose last return is still being dealt with, each with why. Nothing is drawn for them."""
    parts = CollectionPart.objects.filter(
        item__in=list(items),
        collection__entity=entity,
        collection__state__in=(Collection.State.RETURNED, Collection.State.CLAIMED),
        collection__returns__follow_ups__done_on=None,
        collection__returns__follow_ups__isnull=False,
    ).select_related("collection")
    found: dict[int, str] = {}
    for part in parts.order_by("pk"):
        found[part.item_id] = f"{part.collection} came back, and what follows from it is not settled."
    return found


def presented_again(collection: Collection) -> int:
    """How often the same debt was presented again, this time included."""
    count, earlier = 0, collection.re_presents
    while earlier is not None:
        count, earlier = count + 1, earlier.re_presents
    return count


def first_day_of(collection: Collection) -> date:
    """The day of the first collection, from which the scheme counts."""
    earlier = collection
    while earlier.re_presents is not None:
        earlier = earlier.re_presents
    return earlier.collect_on


def _is_whole(collection: Collection) -> bool:
    """Presented again is the same amount: something paid meanwhile makes it another one, to be collected afresh."""
    return all(part.item.open_amount >= part.amount for part in collection.parts.select_related("item"))
