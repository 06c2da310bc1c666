"""Can this bank account exist? Its form and check digits, by the rules of its country. Whose it is, they can't say."""

from core.bank_checks.accounts import AccountCheck, Outcome, check_account, uk_parts
from core.bank_checks.modulus import ModulusRule, ModulusTable, check_modulus
from core.bank_checks.tables import NotAModulusTable, read_modulus_table

__all__ = [
    "AccountCheck",
    "ModulusRule",
    "ModulusTable",
    "NotAModulusTable",
    "Outcome",
    "check_account",
    "check_modulus",
    "read_modulus_table",
    "uk_parts",
]
