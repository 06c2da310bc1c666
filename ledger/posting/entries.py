"""Posting entries: checked, valued and written in batches; an event that was posted before is found again."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.errors import SameKeyOtherContent
from core.models import User
from core.money import ZERO
from core.rates import rate_on
from core.reading import read
from ledger.models import Account, JournalEntry, OpenItem
from ledger.periods import refuse_closed
from ledger.posting.accounts import BY_ROLE, account_for, accounts_by_role
from ledger.posting.checks import name_of, refuse_unpostable
from ledger.posting.database import array, loaded, run
from ledger.posting.drafts import EntryDraft, LineDraft, content_hash
from ledger.posting.valuation import base_amounts

BATCH = 1000
OF_KEYS = "entity_id = %(entity)s AND key = ANY(%(keys)s::text[])"


@dataclass(slots=True)
class Event:
    """A draft, its fingerprint, and what tells it from every other: its key, or that it has none.

    `rate` is the one its lines were valued at, also where the draft left it to the day.
    """

    identity: Hashable
    draft: EntryDraft
    content_hash: bytes | None
    rate: Decimal | None
    signed_base: list[Decimal]


def post(*, by: User, entries: Sequence[EntryDraft]) -> list[JournalEntry]:
    """Post entries with their lines and open items; returns them in the order of the drafts.

    A draft whose key was posted before with the same content gives the first entry; with other content it is refused.
    """
    posted: list[JournalEntry] = []
    for start in range(0, len(entries), BATCH):
        posted += _post_batch(by, entries[start : start + BATCH])
    return posted


def _post_batch(by: User, drafts: Sequence[EntryDraft]) -> list[JournalEntry]:
    events = [_event(position, draft) for position, draft in enumerate(drafts)]
    posted = _posted_before(events)
    fresh = {event.identity: event for event in events if event.identity not in posted}
    if fresh:
        _check_and_value(by, fresh.values())
        posted |= _write(by, list(fresh.values()))
        posted |= _posted_before([event for event in fresh.values() if event.identity not in posted])
    for event in events:
        _refuse_other_content(event, posted[event.identity])
    return [posted[event.identity] for event in events]


def _event(position: int, draft: EntryDraft) -> Event:
    if draft.key is None:
        return Event(position, draft, None, draft.rate, [])
    return Event((draft.entity.pk, draft.key), draft, content_hash(draft), draft.rate, [])


def _posted_before(events: Iterable[Event]) -> dict[Hashable, JournalEntry]:
    """Entries that carry the keys of these events already, one question for each entity."""
    keys = defaultdict(set)
    for event in events:
        if event.draft.key is not None:
            keys[event.draft.entity.pk].add(event.draft.key)
    rows = [read(JournalEntry, OF_KEYS, entity=entity_id, keys=array(wanted)) for entity_id, wanted in keys.items()]
    return {(entry.entity_id, entry.key): entry for found in rows for entry in found}


def _refuse_other_content(event: Event, entry: JournalEntry) -> None:
    if event.content_hash is not None and bytes(entry.content_hash or b"") != event.content_hash:
        raise SameKeyOtherContent(
            f"{name_of(event.draft)} was posted before as {entry.number} with other content. Reverse that one first."
        )


def _check_and_value(by: User, events: Iterable[Event]) -> None:
    dates = defaultdict(set)
    for event in events:
        draft = event.draft
        refuse_unpostable(draft)
        _value(event)
        dates[draft.entity].add((draft.posted_on, draft.late_reason))
    for entity, dated in dates.items():
        refuse_closed(by, entity, dated)


def _value(event: Event) -> None:
    draft, books = event.draft, event.draft.entity.currency
    if draft.currency == books:
        event.signed_base = [line.debit - line.credit for line in draft.lines]
        return
    event.rate = draft.rate or rate_on(draft.currency, books, draft.posted_on)
    event.signed_base = base_amounts(draft.lines, event.rate, books)


# Writing -------------------------------------------------------------------------------------------------------------

ENTRY_COLUMNS = (
    "entity", "kind", "posted_on", "currency", "rate", "text", "key", "content_hash", "late_reason", "reverses",
)  # fmt: skip
LINE_COLUMNS = (
    "entry_position", "account", "customer", "debit", "credit", "base_debit", "base_credit", "tax_code", "line_text",
    "number", "item_kind", "document_on", "due_on", "purchase_order", "reference",
)  # fmt: skip
NO_ITEM = (None,) * 6


def _write(by: User, events: list[Event]) -> dict[Hashable, JournalEntry]:
    """Insert the events; those whose key somebody else took meanwhile are missing from what comes back."""
    named = {line.role_or_account for event in events for line in event.draft.lines}
    roles = {role for role in named if not isinstance(role, Account)}
    accounts = accounts_by_role({event.draft.entity for event in events}, roles)
    entries = [_entry_row(event) for event in events]
    lines = [row for position, event in enumerate(events, 1) for row in _line_rows(position, event, accounts)]
    columns = dict(zip(ENTRY_COLUMNS, zip(*entries, strict=True), strict=True))
    columns |= dict(zip(LINE_COLUMNS, zip(*lines, strict=True), strict=True))
    written = {}
    for position, entry_id, recorded_at, items in run("insert_entries", columns, by=by.pk):
        event = events[position]
        written[event.identity] = _as_written(by, event, entry_id, recorded_at, items or [])
    return written


def _entry_row(event: Event) -> tuple[Any, ...]:
    draft = event.draft
    return (
        draft.entity.pk,
        draft.kind,
        draft.posted_on,
        draft.currency,
        event.rate,
        draft.text,
        draft.key,
        event.content_hash,
        draft.late_reason,
        draft.reverses.pk if draft.reverses else None,
    )


def _line_rows(position: int, event: Event, accounts: BY_ROLE) -> list[tuple[Any, ...]]:
    entity = event.draft.entity
    return [
        (
            position,
            account_for(accounts, entity, line.role_or_account).pk,
            line.customer.pk if line.customer else None,
            line.debit,
            line.credit,
            base if base > 0 else ZERO,
            -base if base < 0 else ZERO,
            line.tax_code,
            line.text,
            *_item_columns(line),
        )
        for line, base in zip(event.draft.lines, event.signed_base, strict=True)
    ]


def _item_columns(line: LineDraft) -> tuple[Any, ...]:
    item = line.item
    if item is None:
        return NO_ITEM
    return (item.number, item.kind, item.document_on, item.due_on, item.purchase_order, item.reference)


# Giving back ---------------------------------------------------------------------------------------------------------

ENTRY_FIELDS = (
    "id", "entity_id", "kind", "posted_on", "currency", "rate", "text", "key", "content_hash", "late_reason",
    "reverses_id", "recorded_by_id", "recorded_at",
)  # fmt: skip
ITEM_FIELDS = (
    "line_id", "entity_id", "customer_id", "number", "kind", "side", "document_on", "due_on", "posted_on",
    "recorded_at", "currency", "amount", "base_amount", "open_amount", "settled_on", "settled_recorded_at",
    "purchase_order", "reference",
)  # fmt: skip


def _as_written(by: User, event: Event, entry_id: int, recorded_at: datetime, items: list[int]) -> JournalEntry:
    """The entry with its open items as the database now holds them, without asking it again."""
    entry = loaded(JournalEntry, ENTRY_FIELDS, (entry_id, *_entry_row(event), by.pk, recorded_at))
    entry.entity = event.draft.entity
    with_items = (
        (line, abs(base))
        for line, base in zip(event.draft.lines, event.signed_base, strict=True)
        if line.item is not None
    )
    entry.open_items = [
        _item_as_written(entry, line, base, line_id) for line_id, (line, base) in zip(items, with_items, strict=True)
    ]
    return entry


def _item_as_written(entry: JournalEntry, line: LineDraft, base: Decimal, line_id: int) -> OpenItem:
    number, kind, document_on, due_on, purchase_order, reference = _item_columns(line)
    amount = line.debit or line.credit
    values = (
        line_id, entry.entity_id, line.customer.pk if line.customer else None, number, kind,
        "debit" if line.debit else "credit", document_on, due_on, entry.posted_on, entry.recorded_at, entry.currency,
        amount, base, amount, None, None, purchase_order, reference,
    )  # fmt: skip
    item = loaded(OpenItem, ITEM_FIELDS, values)
    item.entity = entry.entity
    if line.customer:
        item.customer = line.customer
    return item
