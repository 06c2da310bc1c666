"""A statement as a JSON document for scripts: dates as ISO text, amounts as whole minor units with their sign."""

from decimal import Decimal
from typing import Any

from cashapp.statements.model import Balance, Charge, Statement, StatementLine, StatementRefused
from cashapp.statements.proof import is_proved, prove
from core.currencies import UnknownCurrency, minor_units

USUAL_DECIMALS = 2


def statement_document(statement: Statement) -> dict[str, Any]:
    """Account, balances, what was found, and every line."""
    return {
        "account": statement.account or None,
        "bank": statement.bank or None,
        "currency": statement.currency or None,
        "kind": statement.kind.value,
        "format": statement.file_format,
        "identifier": statement.identifier or None,
        "sequence": statement.sequence or None,
        **_balance("opening", statement.opening),
        **_balance("closing", statement.closing),
        "from_on": statement.from_on,
        "to_on": statement.to_on,
        "is_proved": is_proved(statement),
        "findings": [{"check": found.check.value, "sentence": found.sentence} for found in prove(statement)],
        "lines": [_line(line) for line in statement.lines],
    }


def _balance(name: str, balance: Balance | None) -> dict[str, Any]:
    return {
        name: _minor(balance.amount, balance.currency) if balance else None,
        f"{name}_on": balance.on if balance else None,
        f"{name}_currency": balance.currency if balance else None,
    }


def _line(line: StatementLine) -> dict[str, Any]:
    return {
        "booked_on": line.booked_on,
        "value_on": line.value_on,
        "amount": _minor(line.amount, line.currency, line.place),
        "currency": line.currency or None,
        "payer": line.payer or None,
        "payer_account": line.payer_account or None,
        "ultimate_payer": line.ultimate_payer or None,
        "references": line.references.given(),
        "text": line.text,
        "posting_text": line.posting_text,
        "charges": [_charge(charge) for charge in line.charges],
        "documents": [
            {"kind": document.kind, "number": document.number, "dated_on": document.dated_on}
            for document in line.documents
        ],
        "original_amount": _original(line),
        "original_currency": line.original_currency or None,
        "is_reversal": line.is_reversal,
        "is_pending": line.is_pending,
        "return_reason": line.return_reason or None,
        "transaction_code": line.transaction_code or None,
    }


def _original(line: StatementLine) -> int | None:
    return None if line.original_amount is None else _minor(line.original_amount, line.original_currency, line.place)


def _charge(charge: Charge) -> dict[str, Any]:
    amount = _minor(charge.amount, charge.currency)
    return {"amount": amount, "currency": charge.currency or None, "included": charge.included}


def _minor(amount: Decimal, currency: str, place: str = "") -> int:
    """Whole minor units; two decimals where the file tells no currency."""
    where = f"{place}: " if place else ""
    try:
        scaled = amount.scaleb(minor_units(currency) if currency else USUAL_DECIMALS)
    except UnknownCurrency as unknown:
        raise StatementRefused(f"{where}{unknown.message}") from unknown
    if scaled != scaled.to_integral_value():
        raise StatementRefused(f"{where}{amount} has more decimals than {currency or 'money'} has.")
    return int(scaled)
