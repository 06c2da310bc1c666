"""A provider's table by its headings; every refusal names the row and the column."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from cashapp.statements.model import (
    Charge,
    References,
    Statement,
    StatementKind,
    StatementLine,
    StatementRefused,
    sum_of,
)
from cashapp.statements.values import any_amount, iso_date, number_amount, squeeze
from core.rows import Cell, Row, written

HEADING_ROWS = 5
PAYOUT, PAYMENT, REFUND, CHARGEBACK, FEE, OTHER = "payout", "payment", "refund", "chargeback", "fee", "other"
RESERVE, CONVERSION = "reserve", "conversion"
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class SettlementSheet:
    """The rows below the headings, and where each heading stands."""

    name: str
    columns: dict[str, int]
    rows: Sequence[Row]

    def cell(self, row: Row, *titles: str) -> Cell:
        """The cell of the first of these columns that the row fills."""
        for title in titles:
            position = self.columns.get(title, len(row.cells))
            if position < len(row.cells) and written(row.cells[position]):
                return row.cells[position]
        return ""

    def text(self, row: Row, *titles: str) -> str:
        """Its words; a whole number in a workbook is written without its decimals."""
        cell = self.cell(row, *titles)
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return squeeze(written(cell))

    def amount(self, row: Row, *titles: str) -> Decimal:
        """An amount; an empty cell is nought, because a provider fills only what applies to the row."""
        cell = self.cell(row, *titles)
        if cell == "":
            return Decimal(0)
        return self._read(row, titles, _as_amount, "an amount")

    def day(self, row: Row, *titles: str) -> date:
        """A day, of which an ISO date or a workbook's date tells."""
        return self._read(row, titles, _as_day, "a date like 2026-12-31")

    def _read(self, row: Row, titles: tuple[str, ...], read: Callable[[Cell], Value], wanted: str) -> Value:
        try:
            return read(self.cell(row, *titles))
        except (ValueError, ArithmeticError) as error:
            told = self.text(row, *titles)[:40]
            raise self.refused(row, f"“{told}” in column “{titles[0]}” is not {wanted}") from error

    def refused(self, row: Row, what: str) -> StatementRefused:
        """A refusal with its place."""
        return StatementRefused(f"{self.name}, row {row.number}: {what}. Download the report again; do not edit it.")


def _as_amount(cell: Cell) -> Decimal:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return number_amount(cell)
    return any_amount(written(cell))


def _as_day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else iso_date(written(cell))


@dataclass(frozen=True, slots=True)
class Signature:
    """The headings by which a provider's report is known; of each group one must be there.

    A report that has the `telling` one and lacks another was edited, so it is refused rather than guessed at.
    """

    provider: str
    titles: tuple[str | tuple[str, ...], ...]
    telling: str = ""

    def sheet_of(self, name: str, rows: Sequence[Row]) -> SettlementSheet | None:
        """The sheet, if one of the first rows holds all of the headings."""
        for position, row in enumerate(rows[:HEADING_ROWS]):
            columns: dict[str, int] = {}
            for at, cell in enumerate(row.cells):
                columns.setdefault(squeeze(written(cell)).casefold(), at)
            missing = [
                _either(title)[0] for title in self.titles if not any(each in columns for each in _either(title))
            ]
            if not missing:
                return SettlementSheet(name, columns, rows[position + 1 :])
            if self.telling and self.telling in columns:
                raise StatementRefused(
                    f"{name}, row {row.number}: these are the headings of a report of {self.provider}, but "
                    f"“{'” and “'.join(missing)}” are missing. Download the report again; do not edit it."
                )
        return None


def _either(title: str | tuple[str, ...]) -> tuple[str, ...]:
    return (title,) if isinstance(title, str) else title


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement at a provider: gross as the customer paid it, fee as a cost, net as it counts there."""

    provider: str
    kind: str
    row: Row
    booked_on: date
    currency: str
    gross: Decimal
    fee: Decimal
    net: Decimal
    references: References
    value_on: date | None = None
    gross_currency: str = ""
    payer: str = ""
    payer_account: str = ""
    text: str = ""
    posting_text: str = ""
    is_pending: bool = False
    balance_after: Decimal | None = None

    def line(self) -> StatementLine:
        """The line on the account at the provider."""
        is_payment = self.kind in {PAYMENT, REFUND, CHARGEBACK}
        return StatementLine(
            booked_on=self.booked_on,
            value_on=self.value_on or self.booked_on,
            amount=self.net,
            currency=self.currency,
            payer=self.payer,
            payer_account=self.payer_account,
            references=self.references,
            text=self.text,
            posting_text=self.posting_text,
            charges=(Charge(self.fee, self.currency, included=True),) if self.fee else (),
            is_reversal=self.kind == CHARGEBACK,
            is_pending=self.is_pending,
            return_reason="chargeback" if self.kind == CHARGEBACK else "",
            transaction_code=f"{self.provider} {self.kind}",
            original_amount=self.gross if is_payment else None,
            original_currency=(self.gross_currency or self.currency) if is_payment else "",
            balance_after=self.balance_after,
            place=f"row {self.row.number}",
            raw=" | ".join(written(cell) for cell in self.row.cells),
        )


def is_payout(line: StatementLine) -> bool:
    """Whether a line of a settlement file is the payout itself."""
    return line.transaction_code.endswith(f" {PAYOUT}")


def settled(
    lines: Sequence[StatementLine], provider: str, report: str, *, account: str = "", findings: Iterable[str] = ()
) -> Statement:
    """One account's statement; where a payout is not what its payments and fees come to, it contradicts itself."""
    days = [line.booked_on for line in lines]
    return Statement(
        kind=StatementKind.NOTIFICATION,
        file_format=f"{provider} {report}",
        account=account,
        bank=provider,
        currency=lines[0].currency if lines else "",
        from_on=min(days, default=None),
        to_on=max(days, default=None),
        lines=tuple(lines),
        findings=tuple(findings),
        contradictions=tuple(_unbalanced(lines)),
    )


def _unbalanced(lines: Sequence[StatementLine]) -> Iterable[str]:
    payouts: dict[str, list[StatementLine]] = {}
    for line in lines:
        payouts.setdefault(line.references.payout, []).append(line)
    for payout, inside in payouts.items():
        paid = [line for line in inside if is_payout(line)]
        left = sum_of(line.amount for line in inside)
        if payout and paid and left:
            amount = -sum_of(line.amount for line in paid)
            come_to = f"{amount + left:,} {paid[0].currency}"
            yield f"Payout {payout} pays {amount:,}, but its payments and fees come to {come_to}."
