"""Bank statements, receipts and what was matched."""

from ar_collections.reasons import SETTLED_AT_ONCE, DeductionReason
from cashapp.models.accepting import Acceptance, AcceptedLine
from cashapp.models.cheques import Cheque, ChequeReturn, DepositSlip
from cashapp.models.clearing import ClearingCredit
from cashapp.models.exchanges import ReceiptExchange
from cashapp.models.matching import MatchDecision, MatchTask, PayerAlias, PayerConfirmation
from cashapp.models.payer_groups import PayerGroup, PayerGroupMember
from cashapp.models.payments import (
    ElectronicPayment,
    PaymentFact,
    PaymentProvider,
    Payout,
    ProcessingHours,
)
from cashapp.models.receipts import Deduction, Receipt, UnidentifiedReceipt, UsedCredit
from cashapp.models.reconciliations import BankReconciliation, LinePosting, ReconciledItem, Variance
from cashapp.models.remittances import Remittance, RemittanceLine, RemittanceMapping, RemittanceTie
from cashapp.models.searching import CashSearch, Correction, SearchStep
from cashapp.models.settlements import SettlementLine
from cashapp.models.statement_files import StatementFile
from cashapp.models.statements import BankStatement, BankStatementLine, StatementListing, StatementMapping
from cashapp.models.tolerances import Tolerance, WithholdingPattern
from cashapp.models.written_rules import RuleTrial, RuleVersion, WrittenRule

__all__ = [
    "SETTLED_AT_ONCE",
    "Acceptance",
    "AcceptedLine",
    "BankReconciliation",
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
    "LinePosting",
    "MatchDecision",
    "MatchTask",
    "PayerAlias",
    "PayerConfirmation",
    "PayerGroup",
    "PayerGroupMember",
    "PaymentFact",
    "PaymentProvider",
    "Payout",
    "ProcessingHours",
    "Receipt",
    "ReceiptExchange",
    "ReconciledItem",
    "Remittance",
    "RemittanceLine",
    "RemittanceMapping",
    "RemittanceTie",
    "RuleTrial",
    "RuleVersion",
    "SearchStep",
    "SettlementLine",
    "StatementFile",
    "StatementListing",
    "StatementMapping",
    "Tolerance",
    "UnidentifiedReceipt",
    "UsedCredit",
    "Variance",
    "WithholdingPattern",
    "WrittenRule",
]
