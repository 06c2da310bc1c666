"""The sub-ledger as tables. docs/ledger.md explains them to an accountant and to a programmer."""

from ledger.models.accounts import Account, AccountingPeriod
from ledger.models.allocations import Allocation
from ledger.models.items import OpenItem
from ledger.models.journal import JournalEntry, JournalLine

__all__ = ["Account", "AccountingPeriod", "Allocation", "JournalEntry", "JournalLine", "OpenItem"]
