"""Bank statements, receipts and what was matched."""

from cashapp.models.matching import MatchDecision, MatchTask, PayerAlias
from cashapp.models.receipts import (
    SETTLED_AT_ONCE,
    Deduction,
    DeductionReason,
    Receipt,
    UnidentifiedReceipt,
    UsedCredit,
)
from cashapp.models.statements import BankStatement, BankStatementLine, StatementListing, StatementMapping

__all__ = [
    "SETTLED_AT_ONCE",
    "BankStatement",
    "BankStatementLine",
    "Deduction",
    "DeductionReason",
    "MatchDecision",
    "MatchTask",
    "PayerAlias",
    "Receipt",
    "StatementListing",
    "StatementMapping",
    "UnidentifiedReceipt",
    "UsedCredit",
]
