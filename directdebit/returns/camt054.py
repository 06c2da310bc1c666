"""CAMT.054, .053 and .052: debits that the bank booked because a collection came back. Read as any statement is."""

from datetime import date

from cashapp.statements.camt import read_camt
from cashapp.statements.model import Statement, StatementLine, StatementRefused
from cashapp.statements.safe_xml import XmlFile
from core.money import ZERO
from directdebit.returns.advice import Advice, CodeList, Kind, Report, ReportRefused, masked

UNPAID_DEBIT = "IDDT-UPDD"
NOT_SPECIFIED = "MS03"


def is_camt(xml: XmlFile) -> bool:
    """Whether the message is one that the statement reader knows."""
    return "camt.05" in xml.namespace


def read_returns(content: bytes, name: str) -> Report:
    """The lines that take a collection back; everything else on the account belongs to the bank statement."""
    try:
        statements = read_camt(content, name)
    except StatementRefused as refusal:
        raise ReportRefused(refusal.message) from refusal
    first = statements[0]
    advices = tuple(_advice(line) for statement in statements for line in statement.booked_lines if _is_return(line))
    others = sum(len(statement.lines) for statement in statements) - len(advices)
    return Report(
        name=name,
        format=first.file_format,
        advices=advices,
        identifier=first.identifier,
        service=masked(first.account),
        made_on=_made_on(first),
        findings=(f"{others} other lines are for the bank statement.",) if others else (),
    )


def _made_on(statement: Statement) -> date | None:
    days = [line.booked_on for line in statement.lines]
    return statement.to_on or (max(days) if days else None)


def _is_return(line: StatementLine) -> bool:
    return line.amount < 0 and bool(line.return_reason or line.transaction_code.endswith(UNPAID_DEBIT))


def _advice(line: StatementLine) -> Advice:
    taken = -line.amount
    same = line.original_amount is not None and line.original_currency == line.currency
    amount = line.original_amount if same and line.original_amount else taken
    return Advice(
        kind=Kind.UNPAID,
        codes=CodeList.SEPA,
        code=line.return_reason or NOT_SPECIFIED,
        words=line.posting_text[:200],
        mandate_reference=line.references.mandate,
        collection_reference=line.references.end_to_end,
        amount=amount,
        currency=line.currency,
        effective_on=line.booked_on,
        fee=taken - amount if taken > amount > ZERO else None,
        payer=line.payer,
        payer_account=masked(line.payer_account),
        place=line.place,
    )
