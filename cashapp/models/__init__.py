"""Bank statements, receipts and what was matched."""

from cashapp.models.statements import BankStatement, BankStatementLine, StatementListing, StatementMapping

__all__ = ["BankStatement", "BankStatementLine", "StatementListing", "StatementMapping"]
