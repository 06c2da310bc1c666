"""The only writer of the ledger. Actions import it, and nothing else does.

`post` takes entries and makes their open items; `allocate` settles debits with credits; `reverse_entry` and
`reverse_allocations` undo. All take batches, run in the caller's transaction and write set-based.
"""

from ledger.periods import PeriodClosed
from ledger.posting.allocations import Pair, allocate
from ledger.posting.drafts import EntryDraft, ItemDraft, LineDraft
from ledger.posting.entries import post
from ledger.posting.errors import (
    AlreadyReversed,
    DaySigned,
    NoLedger,
    NotPostable,
    NumberTaken,
    OverAllocated,
    StillAllocated,
    Unbalanced,
    WrongCustomer,
    WrongItems,
)
from ledger.posting.reversals import reverse_allocations, reverse_entry

__all__ = [
    "AlreadyReversed",
    "DaySigned",
    "EntryDraft",
    "ItemDraft",
    "LineDraft",
    "NoLedger",
    "NotPostable",
    "NumberTaken",
    "OverAllocated",
    "Pair",
    "PeriodClosed",
    "StillAllocated",
    "Unbalanced",
    "WrongCustomer",
    "WrongItems",
    "allocate",
    "post",
    "reverse_allocations",
    "reverse_entry",
]
