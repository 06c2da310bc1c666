"""What the rooms above know of customers' items and of money on its way.

Collections works on open items and lies below the rooms that bill and that take money in. Before anybody is asked to
pay, it asks them: the setting COLLECTION_SOURCES names a class of each. All answer for many customers at once, in a
fixed number of statements.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from core.models import LegalEntity, StoredFile


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """Money of a customer that is not in the ledger yet. Where it names items it counts for these, else the oldest."""

    customer: int
    currency: str
    amount: Decimal
    words: str
    items: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FinalDocument:
    """The last bill of a customer who leaves.

    `left_on` is the last day of the customer's contracts. `month_on`, the first of a month, is the month with whose
    finals it is asked about: as it was declared, else in which the customer leaves, or in which it went out before.
    """

    item: int
    left_on: date
    month_on: date


class Source:
    """What one room knows now. A room answers what it can, and nothing to the rest."""

    def on_its_way(self, customers: Sequence[int]) -> Iterable[OnItsWay]:
        """Money that was seen or is being drawn, and is not in the ledger."""
        return ()

    def undelivered(self, customers: Sequence[int]) -> Mapping[int, str]:
        """Open items whose document reached nobody, with a sentence each."""
        return {}

    def kinds(self, customers: Sequence[int]) -> Mapping[int, str]:
        """Open items that are finals or recurring, as `ar_collections.segments` calls them."""
        return {}

    def finals(
        self, entity: LegalEntity, first_on: date, last_on: date, customers: Sequence[int] | None = None
    ) -> Iterable[FinalDocument]:
        """The last bills of the months from one until another, both by their first day; of some customers or of all."""
        return ()

    def finals_declared(self, entity: LegalEntity, months: Sequence[date]) -> Mapping[date, date]:
        """By month, the day on which its final billing was declared complete."""
        return {}

    def papers(self, items: Sequence[int]) -> Mapping[int, StoredFile]:
        """By open item, its document as it was issued."""
        return {}

    def with_mandate(self, customers: Sequence[int]) -> Iterable[int]:
        """Customers from whom can be drawn by direct debit."""
        return ()


def sources() -> Sequence[Source]:
    """The classes that the setting names."""
    return _made(tuple(settings.COLLECTION_SOURCES))


@cache
def _made(paths: tuple[str, ...]) -> tuple[Source, ...]:
    return tuple(import_string(path)() for path in paths)
