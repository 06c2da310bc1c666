"""The items of a batch of allocations, locked and read in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from core.currencies import minor_units
from ledger.models import Allocation, OpenItem
from ledger.posting.database import run
from ledger.posting.exchange import Carrying


@dataclass(slots=True)
class LockedItem:
    """What allocating needs to know of an item. `open_amount` goes down as the batch is checked."""

    pk: int
    entity_id: int
    customer_id: int
    number: str
    side: str
    posted_on: date
    currency: str
    amount: Decimal
    base_amount: Decimal
    open_amount: Decimal

    def open_in_words(self) -> str:
        """What is left open of it, for a refusal."""
        return f"{self.open_amount:,.{minor_units(self.currency)}f} {self.currency}"


def lock_items(items: Iterable[OpenItem]) -> dict[int, LockedItem]:
    """Take turns on the items, by ascending id, and read them as they are then."""
    rows = run("lock_items", {"items": {item.pk for item in items}})
    return {row[0]: LockedItem(*row) for row in rows}


def carryings(items: Iterable[LockedItem]) -> dict[int, Carrying]:
    """How much of each item's amount and value is allocated so far."""
    found = {item.pk: Carrying(item.amount, item.base_amount) for item in items}
    for side in ("debit", "credit"):
        item, base = f"{side}_item_id", f"{side}_base"
        rows = Allocation.objects.filter(Q(**{f"{item}__in": list(found)})).order_by().values_list(item)
        for pk, amount, base_amount in rows.annotate(Sum("amount"), Sum(base)):
            found[pk].allocated, found[pk].allocated_base = amount, base_amount
    return found


def refresh(items: Iterable[OpenItem]) -> None:
    """Bring the cached columns of items in hand up to what the database has made of them."""
    in_hand = list(items)
    cached = {row[0]: row for row in run("read_open_amounts", {"items": {item.pk for item in in_hand}})}
    for item in in_hand:
        _, item.open_amount, item.settled_on, item.settled_recorded_at = cached[item.pk]
