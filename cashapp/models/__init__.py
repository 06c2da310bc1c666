"""Bank statements, receipts and what was matched."""

from cashapp.models.accepting import Acceptance, AcceptedLine
from cashapp.models.cheques import Cheque, ChequeReturn, DepositSlip
from cashapp.models.clearing import ClearingCredit
from cashapp.models.matching import MatchDecision, MatchTask, PayerAlias
from cashapp.models.payments import (
    ElectronicPayment,
    PaymentFact,
    PaymentProvider,
    Payout,
    ProcessingHours,
)
from cashapp.models.receipts import (
    SETTLED_AT_ONCE,
    Deduction,
    DeductionReason,
    Receipt,
    UnidentifiedReceipt,
    UsedCredit,
)
from cashapp.models.searching import CashSearch, Correction, SearchStep
from cashapp.models.statements import BankStatement, BankStatementLine, StatementListing, StatementMapping

__all__ = [
    "SETTLED_AT_ONCE",
    "Acceptance",
    "AcceptedLine",
    "BankStatement",
    "BankStatementLine",
    "CashSearch",
    "Cheque",
    "ChequeReturn",
    "ClearingCredit",
    "Correction",
    "Deduction",
    "DeductionReason",
    "DepositSlip",
    "ElectronicPayment",
    "MatchDecision",
    "MatchTask",
    "PayerAlias",
    "PaymentFact",
    "PaymentProvider",
    "Payout",
    "ProcessingHours",
    "Receipt",
    "SearchStep",
    "StatementListing",
    "StatementMapping",
    "UnidentifiedReceipt",
    "UsedCredit",
]
