"""Undoing: the only way to correct the ledger. What was posted stays; its mirror is posted after it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.models import User
from ledger.models import Allocation, JournalEntry, JournalLine, OpenItem
from ledger.periods import refuse_closed
from ledger.posting.allocations import Pair, Valued, allocate, write_allocations
from ledger.posting.drafts import EntryDraft, ItemDraft, LineDraft
from ledger.posting.entries import post
from ledger.posting.errors import AlreadyReversed, NotPostable, StillAllocated, WrongItems
from ledger.posting.items import lock_items

MARK = "/R"


def reverse_entry(
    *, by: User, entry: JournalEntry, posted_on: date, reason: str, late_reason: str = ""
) -> JournalEntry:
    """Post the mirror of an entry and settle its open items with the mirror's. They must be wholly open."""
    items = list(OpenItem.objects.filter(line__entry=entry).select_related("customer", "entity").order_by("pk"))
    locked = lock_items(items)
    _refuse_entry(entry, posted_on)
    for item in locked.values():
        if item.open_amount != item.amount:
            raise StillAllocated(f"{item.number} is allocated. Undo that before reversing {entry.number}.")

    draft = _mirror(entry, posted_on, reason, late_reason)
    mirror = post(by=by, entries=[draft])[0]
    pairs = [
        _opposed(item, undone, posted_on, late_reason) for item, undone in zip(items, mirror.open_items, strict=True)
    ]
    allocate(by=by, pairs=pairs)
    return mirror


def _opposed(item: OpenItem, undone: OpenItem, posted_on: date, late_reason: str) -> Pair:
    debit, credit = (item, undone) if item.side == OpenItem.Side.DEBIT else (undone, item)
    return Pair(debit, credit, item.amount, posted_on, late_reason)


def _refuse_entry(entry: JournalEntry, posted_on: date) -> None:
    if entry.kind == JournalEntry.Kind.EXCHANGE:
        raise NotPostable(f"{entry.number} is an exchange difference: undo the allocation that made it.")
    if entry.reverses_id or JournalEntry.objects.filter(reverses=entry).exists():
        raise AlreadyReversed(f"{entry.number} was reversed before, or is a reversal itself.")
    if posted_on < entry.posted_on:
        raise NotPostable(
            f"{entry.number} was posted on {entry.posted_on:%d %b %Y}; it cannot be reversed before that."
        )


def _mirror(entry: JournalEntry, posted_on: date, reason: str, late_reason: str) -> EntryDraft:
    lines = entry.lines.select_related("account", "customer", "item").order_by("pk")
    return EntryDraft(
        entity=entry.entity,
        kind=JournalEntry.Kind.REVERSAL,
        posted_on=posted_on,
        currency=entry.currency,
        lines=[_mirrored(line, posted_on) for line in lines],
        key=None,
        text=reason,
        rate=entry.rate,
        late_reason=late_reason,
        reverses=entry,
    )


def _mirrored(line: JournalLine, posted_on: date) -> LineDraft:
    return LineDraft(
        line.account,
        debit=line.credit,
        credit=line.debit,
        base=line.base_debit + line.base_credit if line.debit or line.credit else line.base_credit - line.base_debit,
        customer=line.customer,
        item=_mirrored_item(line.item, posted_on) if hasattr(line, "item") else None,
        tax_code=line.tax_code,
        text=line.text,
    )


def _mirrored_item(item: OpenItem, posted_on: date) -> ItemDraft:
    return ItemDraft(
        number=item.number + MARK,
        kind=item.kind,
        document_on=posted_on,
        due_on=posted_on,
        purchase_order=item.purchase_order,
    )


def reverse_allocations(
    *, by: User, allocations: Sequence[Allocation], allocated_on: date, reason: str, late_reason: str = ""
) -> list[Allocation]:
    """Undo allocations, with the exchange differences that they realised. The items' amounts are open again."""
    if not allocations:
        return []
    kept = _read_again(allocations)
    lock_items([item for allocation in kept for item in (allocation.debit_item, allocation.credit_item)])
    _refuse_allocations(kept, allocated_on)
    for entity in {allocation.debit_item.entity for allocation in kept}:
        refuse_closed(by, entity, {(allocated_on, late_reason)})
    mirrors = [_undone(allocation, allocated_on, reason, late_reason) for allocation in kept]
    _reverse_differences(by, mirrors)
    return write_allocations(by, mirrors)


def _read_again(allocations: Sequence[Allocation]) -> list[Allocation]:
    rows = Allocation.objects.filter(pk__in={allocation.pk for allocation in allocations}).select_related(
        "debit_item__entity", "debit_item__customer", "credit_item__customer", "exchange_entry"
    )
    return list(rows.order_by("pk"))


def _refuse_allocations(allocations: Sequence[Allocation], allocated_on: date) -> None:
    """Asked after the lock, so that of two people who undo the same the second is refused."""
    undone = set(Allocation.objects.filter(reverses__in=allocations).values_list("reverses_id", flat=True))
    for allocation in allocations:
        label = f"{allocation.credit_item.number} on {allocation.debit_item.number}"
        if allocation.reverses_id or allocation.pk in undone:
            raise AlreadyReversed(f"{label} was undone before, or is an undoing itself.")
        if allocated_on < allocation.allocated_on:
            raise WrongItems(
                f"{label} counts from {allocation.allocated_on:%d %b %Y}; it cannot be undone before that."
            )


def _undone(allocation: Allocation, allocated_on: date, reason: str, late_reason: str) -> Valued:
    return Valued(
        allocation.debit_item,
        allocation.credit_item,
        -allocation.amount,
        -allocation.debit_base,
        -allocation.credit_base,
        allocated_on,
        late_reason,
        reason,
        reverses=allocation,
    )


def _reverse_differences(by: User, mirrors: list[Valued]) -> None:
    differing = [one for one in mirrors if one.reverses and one.reverses.exchange_entry]
    drafts = []
    for one in differing:
        first = one.reverses.exchange_entry if one.reverses else None
        if first is not None:
            mirror = _mirror(first, one.allocated_on, one.reason, one.late_reason)
            drafts.append(replace(mirror, kind=JournalEntry.Kind.EXCHANGE, rate=first.rate))
    for one, entry in zip(differing, post(by=by, entries=drafts), strict=True):
        one.exchange_entry = entry
