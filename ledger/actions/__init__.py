"""What people do to the ledger itself: set it up, lock its months and days, revalue what is in foreign currency."""

from ledger.actions.claims import end_claim, open_claim
from ledger.actions.day_locks import lock_days, unlock_days
from ledger.actions.months import (
    PeriodNotChanged,
    ReasonMissing,
    close_period,
    open_clearing_account,
    reopen_period,
    set_up_ledger,
    soft_lock_period,
)
from ledger.actions.revaluing import RevaluationRefused, revalue_items, start_revaluation

__all__ = [
    "PeriodNotChanged",
    "ReasonMissing",
    "RevaluationRefused",
    "close_period",
    "end_claim",
    "lock_days",
    "open_claim",
    "open_clearing_account",
    "reopen_period",
    "revalue_items",
    "set_up_ledger",
    "soft_lock_period",
    "start_revaluation",
    "unlock_days",
]
