"""Whether a statement holds together: opening balance and lines must give the closing balance."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cashapp.statements.model import Statement, StatementKind


class Check(StrEnum):
    """What can be wrong with a statement; only some of it forbids the import."""

    NO_ACCOUNT = "no_account"
    NO_CURRENCY = "no_currency"
    TWO_CURRENCIES = "two_currencies"
    NO_BALANCES = "no_balances"
    DOES_NOT_ADD_UP = "does_not_add_up"
    CONTROLS_DIFFER = "controls_differ"
    PENDING_LINES = "pending_lines"
    TOLD_BY_READER = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know about a statement, in a sentence."""

    check: Check
    sentence: str


def prove(statement: Statement) -> tuple[Finding, ...]:
    """Everything that is missing or does not agree."""
    findings = [Finding(Check.TOLD_BY_READER, sentence) for sentence in statement.findings]
    findings += [Finding(Check.CONTROLS_DIFFER, sentence) for sentence in statement.contradictions]
    if not statement.account:
        findings.append(Finding(Check.NO_ACCOUNT, "The file does not name the account. Choose it when you import."))
    if not statement.currency:
        findings.append(Finding(Check.NO_CURRENCY, "The file does not name the currency; the account's is taken."))
    pending = len(statement.lines) - len(statement.booked_lines)
    if pending:
        findings.append(
            Finding(Check.PENDING_LINES, f"{pending} lines are only announced, not booked, and are left out.")
        )
    return (*findings, *_balance_findings(statement))


def _balance_findings(statement: Statement) -> list[Finding]:
    currencies = {line.currency for line in statement.lines} | {
        balance.currency for balance in (statement.opening, statement.closing) if balance
    }
    if len(currencies - {""}) > 1:
        names = ", ".join(sorted(currencies))
        return [Finding(Check.TWO_CURRENCIES, f"Balances and lines are in different currencies ({names}).")]
    if statement.opening is None or statement.closing is None:
        if statement.kind != StatementKind.BOOKED:
            return []
        return [Finding(Check.NO_BALANCES, "The opening or closing balance is missing, so nothing proves the lines.")]
    difference = unexplained(statement)
    if not difference:
        return []
    opening, closing = statement.opening.amount, statement.closing.amount
    return [
        Finding(
            Check.DOES_NOT_ADD_UP,
            f"{opening:,} and lines of {statement.total:,} give {opening + statement.total:,}, but it closes "
            f"at {closing:,}: {difference:,} {statement.currency} is unexplained.",
        )
    ]


def unexplained(statement: Statement) -> Decimal:
    """What the closing balance has beyond the opening balance and the booked lines."""
    if statement.opening is None or statement.closing is None:
        return Decimal(0)
    return statement.closing.amount - statement.opening.amount - statement.total


def is_proved(statement: Statement) -> bool:
    """True when both balances are there and agree with the lines."""
    return statement.opening is not None and statement.closing is not None and not prove_amounts(statement)


def prove_amounts(statement: Statement) -> list[Finding]:
    """Only the findings about balances."""
    return _balance_findings(statement)
