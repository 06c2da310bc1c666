"""Rows for the database out of what was read."""

from dataclasses import asdict
from typing import Any

from cashapp.importing.plan import Plan
from cashapp.models import BankStatement, BankStatementLine
from cashapp.statements.identity import Booking
from cashapp.statements.model import RemittanceDocument, StatementLine
from core.models import StoredFile, User

LONGEST_NAME = 200


def statement_row(plan: Plan, file: StoredFile, by: User) -> BankStatement:
    """The statement itself."""
    told = plan.statement
    days = [line.booked_on for line in told.booked_lines]
    return BankStatement(
        bank_account=plan.account,
        file=file,
        kind=told.kind.value,
        file_format=told.file_format[:20],
        identifier=told.identifier[:80],
        sequence=told.sequence[:40],
        currency=told.currency,
        opening=told.opening.amount if told.opening else None,
        opening_on=told.opening.on if told.opening else None,
        closing=told.closing.amount if told.closing else None,
        closing_on=told.closing.on if told.closing else None,
        from_on=min(days, default=told.from_on),
        to_on=told.closing.on if told.closing else max(days, default=told.to_on),
        content_hash=plan.content_hash,
        findings=list(plan.findings),
        imported_by=by,
    )


def line_rows(booking: Booking, statement: BankStatement) -> list[BankStatementLine]:
    """The lines of a new booking."""
    return [_line_row(line, booking, position, statement) for position, line in enumerate(booking.lines)]


def _line_row(line: StatementLine, booking: Booking, position: int, statement: BankStatement) -> BankStatementLine:
    return BankStatementLine(
        bank_account=statement.bank_account,
        statement=statement,
        line_key=booking.line_key(position),
        booking_key=booking.key,
        booked_on=line.booked_on,
        value_on=line.value_on,
        amount=line.amount,
        currency=line.currency,
        payer=line.payer[:LONGEST_NAME],
        payer_account=line.payer_account[:64],
        ultimate_payer=line.ultimate_payer[:LONGEST_NAME],
        references=line.references.given(),
        text=line.text,
        posting_text=line.posting_text,
        charges=[asdict(charge) for charge in line.charges],
        documents=[_document(document) for document in line.documents],
        is_reversal=line.is_reversal,
        return_reason=line.return_reason[:40],
        transaction_code=line.transaction_code[:80],
        original_amount=line.original_amount,
        original_currency=line.original_currency[:3],
        place=line.place[:80],
        raw=line.raw,
    )


def _document(document: RemittanceDocument) -> dict[str, Any]:
    return {name: value for name, value in asdict(document).items() if value not in ("", None)}
