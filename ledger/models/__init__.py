"""The sub-ledger as tables. docs/ledger.md explains them to an accountant and to a programmer."""

from ledger.models.accounts import Account, AccountingPeriod
from ledger.models.allocations import Allocation
from ledger.models.claims import BankClaim
from ledger.models.day_locks import DayLock
from ledger.models.items import OpenItem
from ledger.models.journal import JournalEntry, JournalLine
from ledger.models.revaluations import Revaluation, RevaluedItem

__all__ = [
    "Account",
    "AccountingPeriod",
    "Allocation",
    "BankClaim",
    "DayLock",
    "JournalEntry",
    "JournalLine",
    "OpenItem",
    "Revaluation",
    "RevaluedItem",
]
