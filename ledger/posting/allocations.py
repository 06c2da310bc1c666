"""Settling debits with credits, many pairs at once, with the exchange difference that this realises."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.models import LegalEntity, User
from core.money import CurrencyMismatch
from core.reading import read
from ledger.models import Account, Allocation, JournalEntry, OpenItem
from ledger.periods import refuse_closed
from ledger.posting.checks import is_exact
from ledger.posting.database import loaded, run
from ledger.posting.drafts import EntryDraft, LineDraft
from ledger.posting.entries import post
from ledger.posting.errors import NotPostable, OverAllocated, WrongCustomer, WrongItems
from ledger.posting.items import LockedItem, carryings, lock_items, refresh

BATCH = 1000
COLUMNS = (
    "debit_item", "credit_item", "amount", "debit_base", "credit_base", "allocated_on", "late_reason", "reason",
    "reverses", "exchange_entry",
)  # fmt: skip
FIELDS = (
    "debit_item_id", "credit_item_id", "amount", "debit_base", "credit_base", "allocated_on", "late_reason", "reason",
    "reverses_id", "exchange_entry_id", "recorded_by_id", "id", "recorded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Settle this much of a debit with a credit, counting from a day."""

    debit: OpenItem
    credit: OpenItem
    amount: Decimal
    allocated_on: date
    late_reason: str = ""


@dataclass(slots=True)
class Valued:
    """A checked pair, or the mirror of an allocation, with what it takes from both items in the books' currency."""

    debit: OpenItem
    credit: OpenItem
    amount: Decimal
    debit_base: Decimal
    credit_base: Decimal
    allocated_on: date
    late_reason: str = ""
    reason: str = ""
    reverses: Allocation | None = None
    exchange_entry: JournalEntry | None = None


def allocate(*, by: User, pairs: Sequence[Pair]) -> list[Allocation]:
    """Settle debits with credits. The items in the pairs are brought up to date."""
    allocations: list[Allocation] = []
    for start in range(0, len(pairs), BATCH):
        allocations += _allocate_batch(by, pairs[start : start + BATCH])
    return allocations


def _allocate_batch(by: User, pairs: Sequence[Pair]) -> list[Allocation]:
    items = lock_items([item for pair in pairs for item in (pair.debit, pair.credit)])
    entities = _entities({item.entity_id for item in items.values()})
    for pair in pairs:
        _refuse_pair(pair, items[pair.debit.pk], items[pair.credit.pk])
    dates = defaultdict(set)
    for pair in pairs:
        dates[items[pair.debit.pk].entity_id].add((pair.allocated_on, pair.late_reason))
    for entity_id, dated in dates.items():
        refuse_closed(by, entities[entity_id], dated)
    valued = _value(pairs, items, entities)
    _post_differences(by, valued, entities)
    return write_allocations(by, valued)


def _entities(keys: set[int]) -> dict[int, LegalEntity]:
    return {entity.pk: entity for entity in read(LegalEntity, "id = ANY(%(keys)s)", keys=list(keys))}


def _refuse_pair(pair: Pair, debit: LockedItem, credit: LockedItem) -> None:
    """Refuse a pair that doesn't fit, and take its amount from what the next pairs may use."""
    if (debit.side, credit.side) != ("debit", "credit"):
        raise WrongItems(f"{credit.number} cannot settle {debit.number}: it takes a credit and a debit.")
    if debit.entity_id != credit.entity_id or debit.customer_id != credit.customer_id:
        raise WrongCustomer(f"{credit.number} and {debit.number} belong to different customers.")
    if debit.currency != credit.currency:
        raise CurrencyMismatch(f"{credit.number} is in {credit.currency}, {debit.number} in {debit.currency}.")
    if not is_exact(pair.amount, debit.currency) or pair.amount <= 0:
        raise NotPostable(f"{pair.amount} {debit.currency} of {debit.number} is not an amount that can be allocated.")
    later = max(debit, credit, key=lambda item: item.posted_on)
    if pair.allocated_on < later.posted_on:
        raise WrongItems(
            f"{later.number} was posted on {later.posted_on:%d %b %Y}; "
            f"it cannot be allocated on {pair.allocated_on:%d %b %Y}."
        )
    for item in (debit, credit):
        if pair.amount > item.open_amount:
            raise OverAllocated(f"{item.number} has only {item.open_in_words()} left open.")
        item.open_amount -= pair.amount


def _value(pairs: Sequence[Pair], items: dict[int, LockedItem], entities: dict[int, LegalEntity]) -> list[Valued]:
    foreign = [item for item in items.values() if item.currency != entities[item.entity_id].currency]
    values = carryings(foreign) if foreign else {}
    valued = []
    for pair in pairs:
        debit_base = credit_base = pair.amount
        if pair.debit.pk in values:
            books = entities[items[pair.debit.pk].entity_id].currency
            debit_base = values[pair.debit.pk].take(pair.amount, books)
            credit_base = values[pair.credit.pk].take(pair.amount, books)
        valued.append(
            Valued(pair.debit, pair.credit, pair.amount, debit_base, credit_base, pair.allocated_on, pair.late_reason)
        )
    return valued


# Exchange differences ------------------------------------------------------------------------------------------------


def _post_differences(by: User, valued: list[Valued], entities: dict[int, LegalEntity]) -> None:
    """Post what allocations between items of different value gain or lose, an entry for each."""
    differing = [one for one in valued if one.debit_base != one.credit_base]
    drafts = [_difference(one, entities[one.debit.entity_id]) for one in differing]
    for one, entry in zip(differing, post(by=by, entries=drafts), strict=True):
        one.exchange_entry = entry


def _difference(one: Valued, entity: LegalEntity) -> EntryDraft:
    """More came in than was on the books: a gain. Receivables go up by it, and nothing is left of both items."""
    gain = one.credit_base - one.debit_base
    return EntryDraft(
        entity=entity,
        kind=JournalEntry.Kind.EXCHANGE,
        posted_on=one.allocated_on,
        currency=one.debit.currency,
        lines=(
            LineDraft(Account.Role.RECEIVABLES, base=gain, customer=one.debit.customer),
            LineDraft(Account.Role.EXCHANGE_DIFFERENCES, base=-gain),
        ),
        key=None,
        text=f"{one.credit.number} settles {one.debit.number}"[:200],
        rate=Decimal(1),
        late_reason=one.late_reason,
    )


# Writing -------------------------------------------------------------------------------------------------------------


def write_allocations(by: User, valued: list[Valued]) -> list[Allocation]:
    """Insert checked allocations and bring the items in hand up to date."""
    rows = [_row(one) for one in valued]
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    written = run("insert_allocations", columns, by=by.pk)
    refresh([item for one in valued for item in (one.debit, one.credit)])
    return [_as_written(by, one, row, stamp) for one, row, stamp in zip(valued, rows, written, strict=True)]


def _row(one: Valued) -> tuple[Any, ...]:
    return (
        one.debit.pk,
        one.credit.pk,
        one.amount,
        one.debit_base,
        one.credit_base,
        one.allocated_on,
        one.late_reason,
        one.reason,
        one.reverses.pk if one.reverses else None,
        one.exchange_entry.pk if one.exchange_entry else None,
    )


def _as_written(by: User, one: Valued, row: tuple[Any, ...], stamp: tuple[Any, ...]) -> Allocation:
    allocation = loaded(Allocation, FIELDS, (*row, by.pk, *stamp))
    allocation.debit_item, allocation.credit_item = one.debit, one.credit
    return allocation
