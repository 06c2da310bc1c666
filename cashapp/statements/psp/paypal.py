"""PayPal's activity download: every movement of every currency with its fee and running balance.

PayPal counts a withdrawal before it is completed and never counts what was denied, so a row that is not completed is
booked only where the running balance moves by it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from cashapp.statements.guess import guess_date_format
from cashapp.statements.model import References, Statement, StatementKind, StatementLine, StatementRefused
from cashapp.statements.psp.sheet import (
    CHARGEBACK,
    CONVERSION,
    FEE,
    PAYMENT,
    PAYOUT,
    REFUND,
    RESERVE,
    Movement,
    SettlementSheet,
    Signature,
    settled,
)
from cashapp.statements.running import closing_after, in_time, opening_before
from cashapp.statements.values import reference, written_date
from core.rows import Cell, Row, written

PAYPAL = Signature("PayPal", ("date", "time", "type", "status", "currency", "gross", "fee", "net", "transaction id"))
DONE = frozenset({"completed", "refunded", "partially refunded", "reversed", "partially reversed"})
PAYOUT_WORDS = ("withdrawal", "transfer to bank", "bank withdrawal", "deposit to pp", "bank deposit")
CHARGEBACK_WORDS = ("chargeback", "reversal", "dispute")
RESERVE_WORDS = ("hold", "release", "reserve")


def read_paypal(sheet: SettlementSheet) -> tuple[Statement, ...]:
    """One statement for each currency, proved by the running balance where the file has one."""
    pattern = _date_pattern(sheet)
    balances: dict[str, Decimal] = {}
    currencies: dict[str, list[StatementLine]] = {}
    for row in sheet.rows:
        line = _movement(sheet, row, pattern, balances).line()
        currencies.setdefault(line.currency, []).append(line)
    if not currencies:
        return (settled([], "PayPal", "activity"),)
    return tuple(_statement(lines) for lines in currencies.values())


def _statement(lines: list[StatementLine]) -> Statement:
    ordered = in_time([line for line in lines if not line.is_pending])
    pending = [line for line in lines if line.is_pending]
    statement = settled([*ordered, *pending], "PayPal", "activity")
    return Statement(
        kind=StatementKind.BOOKED,
        file_format=statement.file_format,
        bank=statement.bank,
        currency=statement.currency,
        opening=opening_before(ordered),
        closing=closing_after(ordered),
        from_on=statement.from_on,
        to_on=statement.to_on,
        lines=statement.lines,
    )


def _date_pattern(sheet: SettlementSheet) -> str:
    """Day or month first, as the account's owner likes; told by a day above 12, else by the order of the rows."""
    cells = [sheet.cell(row, "date") for row in sheet.rows]
    pattern, unsure = guess_date_format([cell for cell in cells if cell != ""])
    if not unsure:
        return pattern
    sorted_ones = [each for each in (pattern, pattern.replace("DD/MM", "MM/DD")) if _is_sorted(cells, each)]
    if len(sorted_ones) == 1:
        return sorted_ones[0]
    raise StatementRefused(
        f"{sheet.name}: day and month of the dates, such as “{written(cells[0])}”, could be exchanged. "
        "Download a longer period, so that it holds a day after the 12th."
    )


def _is_sorted(cells: Sequence[Cell], pattern: str) -> bool:
    try:
        days = [written_date(written(cell), pattern) for cell in cells]
    except ValueError:
        return False
    return days == sorted(days) or days == sorted(days, reverse=True)


def _movement(sheet: SettlementSheet, row: Row, pattern: str, balances: dict[str, Decimal]) -> Movement:
    gross, fee, net = (sheet.amount(row, title) for title in ("gross", "fee", "net"))
    if gross + fee != net:
        raise sheet.refused(row, f"{gross:,} and the fee of {fee:,} is not {net:,}")
    currency = sheet.text(row, "currency").upper()
    after = sheet.amount(row, "balance") if sheet.text(row, "balance") else None
    counts = _counts(sheet, row, after, balances.get(currency), net)
    if counts and after is not None:
        balances[currency] = after
    words = " ".join(filter(None, (sheet.text(row, title) for title in ("invoice number", "subject", "note"))))
    kind = _kind(sheet.text(row, "type").casefold(), gross)
    return Movement(
        provider="PayPal",
        kind=kind,
        row=row,
        booked_on=_day(sheet, row, pattern),
        currency=currency,
        gross=gross,
        fee=-fee,
        net=net,
        payer=sheet.text(row, "name"),
        payer_account=sheet.text(row, "from email address") if gross > 0 else sheet.text(row, "to email address"),
        text=words,
        posting_text=sheet.text(row, "type"),
        is_pending=not counts,
        balance_after=after if counts else None,
        references=References(
            bank_reference=reference(sheet.text(row, "transaction id")),
            end_to_end=reference(sheet.text(row, "invoice number")),
            transaction=reference(sheet.text(row, "reference txn id")),
            payout=reference(sheet.text(row, "transaction id")) if kind == PAYOUT else "",
        ),
    )


def _counts(sheet: SettlementSheet, row: Row, after: Decimal | None, before: Decimal | None, net: Decimal) -> bool:
    impact = sheet.text(row, "balance impact").casefold()
    if impact == "memo":
        return False
    if sheet.text(row, "status").casefold() in DONE:
        return True
    return after is not None and before is not None and after == before + net


def _day(sheet: SettlementSheet, row: Row, pattern: str) -> date:
    try:
        return written_date(sheet.text(row, "date"), pattern)
    except ValueError as error:
        told = sheet.text(row, "date")[:40]
        raise sheet.refused(row, f"“{told}” in column “date” is not a date like {pattern}") from error


def _kind(told: str, gross: Decimal) -> str:
    if any(word in told for word in PAYOUT_WORDS):
        return PAYOUT
    if any(word in told for word in CHARGEBACK_WORDS):
        return CHARGEBACK
    if "conversion" in told:
        return CONVERSION
    if any(word in told for word in RESERVE_WORDS):
        return RESERVE
    if "fee" in told.split():
        return FEE
    return REFUND if "refund" in told or gross < 0 else PAYMENT
