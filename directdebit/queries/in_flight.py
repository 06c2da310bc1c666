"""Money that is being drawn: whoever chases a customer leaves it out until it has come or gone back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.money import Money
from directdebit.models import Collection, CollectionPart


@dataclass(frozen=True, slots=True)
class InFlight:
    """What is being drawn for one item, by which collection, and when it is debited."""

    item: int
    money: Money
    reference: str
    collect_on: date
    state: str


def payments_in_flight(customers: Iterable[int]) -> dict[int, InFlight]:
    """By item: what is planned, announced, submitted or presumed paid of these customers' items."""
    rows = CollectionPart.objects.filter(
        stands=True, collection__customer__in=list(customers), collection__state__in=Collection.IN_FLIGHT
    ).select_related("collection", "item")
    return {
        part.item_id: InFlight(
            part.item_id,
            part.money,
            part.collection.reference,
            part.collection.collect_on,
            part.collection.get_state_display(),
        )
        for part in rows
    }
