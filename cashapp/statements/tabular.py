"""A table with a mapping becomes statements: one for each account and currency in it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from cashapp.statements.mapping import REFERENCE_COLUMNS, Column, ColumnMapping
from cashapp.statements.model import (
    Balance,
    Charge,
    References,
    Statement,
    StatementKind,
    StatementLine,
    StatementRefused,
)
from cashapp.statements.recognise import FileFormat, RecognisedFile
from cashapp.statements.running import closing_after, in_time, opening_before
from cashapp.statements.tables import rows_of
from cashapp.statements.values import number_amount, reference, squeeze, written_amount, written_date
from core.rows import Cell, Row, written

CENT = Decimal("0.01")
FORMATS = {FileFormat.CSV: "CSV", FileFormat.WORKBOOK: "workbook", FileFormat.QIF: "QIF"}
LONG_WORD = re.compile(r"[^\W\d_]{4}")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Movement:
    """One row read: its line, the account it belongs to, and what kind of row it is."""

    line: StatementLine
    account: str
    kind: str


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads single rows by a mapping; every refusal names the row and the column."""

    name: str
    mapping: ColumnMapping
    positions: dict[Column, int]

    def cell(self, row: Row, column: Column) -> Cell:
        position = self.positions[column] if column else len(row.cells)
        return row.cells[position] if position < len(row.cells) else ""

    def text(self, row: Row, column: Column) -> str:
        return squeeze(written(self.cell(row, column)).strip('"'))

    def _read(self, row: Row, column: Column, read: Callable[[Cell], Value], wanted: str) -> Value:
        try:
            return read(self.cell(row, column))
        except (ValueError, ArithmeticError) as error:
            raise StatementRefused(
                f"{self.name}, row {row.number}: “{self.text(row, column)}” in column “{column}” is not {wanted}. "
                "Change the mapping or the file."
            ) from error

    def date_in(self, row: Row, column: Column) -> date:
        return self._read(row, column, self._as_date, f"a date like {self.mapping.date_format}")

    def _as_date(self, cell: Cell) -> date:
        if isinstance(cell, datetime):
            return cell.date()
        return cell if isinstance(cell, date) else written_date(written(cell), self.mapping.date_format)

    def amount_in(self, row: Row, column: Column) -> Decimal:
        return self._read(row, column, self._as_amount, f"an amount with “{self.mapping.decimal}” before the cents")

    def _as_amount(self, cell: Cell) -> Decimal:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return number_amount(cell)
        return written_amount(written(cell), self.mapping.decimal, self.mapping.thousands)

    def optional_amount(self, row: Row, column: Column) -> Decimal | None:
        return self.amount_in(row, column) if self.text(row, column) else None

    def signed_amount(self, row: Row) -> Decimal:
        """The movement by the mapping's way of telling in from out."""
        mapping = self.mapping
        if mapping.indicator:
            amount = abs(self.amount_in(row, mapping.amount)) * self._sign(row)
        elif mapping.amount:
            amount = self.amount_in(row, mapping.amount)
        else:
            amount = self._from_two_columns(row)
        if mapping.fixed_rate:
            amount = (amount / Decimal(mapping.fixed_rate)).quantize(CENT, ROUND_HALF_UP)
        return -amount if mapping.inverse_sign and amount else amount

    def _sign(self, row: Row) -> int:
        word = self.text(row, self.mapping.indicator).upper()
        if word in {each.upper() for each in self.mapping.credit_words}:
            return 1
        if word in {each.upper() for each in self.mapping.debit_words}:
            return -1
        raise StatementRefused(
            f"{self.name}, row {row.number}: “{word}” says neither debit nor credit. Add it to the mapping's words."
        )

    def _from_two_columns(self, row: Row) -> Decimal:
        debit = self.optional_amount(row, self.mapping.debit)
        credit = self.optional_amount(row, self.mapping.credit)
        if debit is None and credit is None:
            raise StatementRefused(f"{self.name}, row {row.number}: neither debit nor credit holds an amount.")
        return (credit or Decimal(0)) - abs(debit or Decimal(0))

    def movement(self, row: Row) -> Movement:
        """The whole row."""
        mapping = self.mapping
        booked_on = self.date_in(row, mapping.booked_on)
        currency = self.text(row, mapping.currency).upper() or mapping.currency_code
        charge = self.optional_amount(row, mapping.charges)
        original = self.optional_amount(row, mapping.original_amount) or None
        line = StatementLine(
            booked_on=booked_on,
            value_on=self.date_in(row, mapping.value_on) if self.text(row, mapping.value_on) else booked_on,
            amount=self.signed_amount(row),
            currency=currency,
            payer=self.text(row, mapping.payer),
            payer_account=self.text(row, mapping.payer_account).replace(" ", ""),
            references=References(
                **{name: reference(self.text(row, getattr(mapping, name))) for name in REFERENCE_COLUMNS}
            ),
            text=self.joined_text(row),
            charges=(Charge(abs(charge), currency),) if charge else (),
            original_amount=original,
            original_currency=self.text(row, mapping.original_currency).upper() if original else "",
            balance_after=self.optional_amount(row, mapping.balance),
            place=f"row {row.number}",
            raw=" | ".join(written(cell) for cell in row.cells),
        )
        account = self.text(row, mapping.account).replace(" ", "") or mapping.account_number
        return Movement(line, account, self.text(row, mapping.row_kind))

    def joined_text(self, row: Row) -> str:
        """All text columns in their order, none twice."""
        return squeeze(" ".join(dict.fromkeys(self.text(row, column) for column in self.mapping.text)))

    def is_note(self, row: Row) -> bool:
        """True for a row that has words, or nothing, where date and amount belong."""
        columns = (self.mapping.booked_on, self.mapping.amount, self.mapping.debit, self.mapping.credit)
        return all(_is_wordy(self.text(row, column)) for column in columns)


def _is_wordy(text: str) -> bool:
    digits = sum(sign.isdigit() for sign in text)
    return not digits or (digits < 4 and LONG_WORD.search(text) is not None)


def read_table(file: RecognisedFile, mapping: ColumnMapping) -> tuple[Statement, ...]:
    """The statements in a CSV file or a workbook."""
    rows = rows_of(file, delimiter=mapping.delimiter, sheet=mapping.sheet)
    reader = row_reader(file.name, rows, mapping)
    movements, findings = _movements(reader, data_rows(rows, mapping))
    groups: dict[tuple[str, str], list[Movement]] = {}
    for movement in movements:
        groups.setdefault((movement.account, movement.line.currency), []).append(movement)
    if not groups:
        groups[mapping.account_number, mapping.currency_code] = []
    file_format = FORMATS[file.format]
    statements = (_statement(group, key, mapping, file_format) for key, group in groups.items())
    return tuple(replace(statement, findings=findings) for statement in statements)


def row_reader(name: str, rows: Sequence[Row], mapping: ColumnMapping) -> RowReader:
    """Find the mapping's columns in the header row."""
    header = next((row for row in rows if row.number >= mapping.header_row), None) if mapping.header_row else None
    titles: dict[str, int] = {}
    for position, cell in enumerate(header.cells if header else ()):
        titles.setdefault(squeeze(written(cell)).casefold(), position)
    positions: dict[Column, int] = {}
    for column in _columns(mapping):
        found = column - 1 if isinstance(column, int) else titles.get(squeeze(column).casefold())
        if found is None:
            known = ", ".join(written(cell) for cell in header.cells if written(cell)) if header else "no headers"
            raise StatementRefused(f"{name} has no column “{column}” ({known}). Choose another mapping.")
        positions[column] = found
    return RowReader(name, mapping, positions)


def _columns(mapping: ColumnMapping) -> Iterable[Column]:
    single = (
        "booked_on value_on amount debit credit indicator payer payer_account charges original_amount "
        "original_currency currency balance account row_kind"
    ).split()
    named = (getattr(mapping, name) for name in (*single, *REFERENCE_COLUMNS))
    return [column for column in (*named, *mapping.text) if column]


def data_rows(rows: Sequence[Row], mapping: ColumnMapping) -> Sequence[Row]:
    """The rows between header and footer."""
    first = mapping.first_row or mapping.header_row + 1
    data = [row for row in rows if row.number >= first]
    return data[: len(data) - mapping.skip_footer] if mapping.skip_footer else data


def _movements(reader: RowReader, rows: Iterable[Row]) -> tuple[list[Movement], tuple[str, ...]]:
    """Every movement, and a finding for every row of words that was left out."""
    movements: list[Movement] = []
    findings: list[str] = []
    for row in rows:
        if not reader.is_note(row):
            movements.append(reader.movement(row))
        elif reader.mapping.rows_continue and movements:
            movements[-1] = _continued(movements[-1], reader.joined_text(row))
        else:
            words = squeeze(" ".join(written(cell) for cell in row.cells))
            findings.append(f"Row {row.number} holds neither date nor amount and is left out: “{words[:60]}”.")
    return movements, tuple(findings)


def _continued(movement: Movement, text: str) -> Movement:
    line = movement.line
    return replace(movement, line=replace(line, text=squeeze(f"{line.text} {text}"), raw=f"{line.raw}\n{text}"))


def _statement(group: Sequence[Movement], key: tuple[str, str], mapping: ColumnMapping, file_format: str) -> Statement:
    kinds = set(mapping.line_kinds)
    lines = in_time([each.line for each in group if not kinds or each.kind in kinds])
    opening = _told_balance(group, mapping.opening_kinds) or opening_before(lines)
    closing = _told_balance(group, mapping.closing_kinds) or closing_after(lines)
    return Statement(
        kind=StatementKind.BOOKED,
        file_format=file_format,
        account=key[0],
        account_is_iban=key[0][:2].isalpha() and key[0][2:4].isdigit(),
        currency=key[1],
        opening=opening,
        closing=closing,
        from_on=min((line.booked_on for line in lines), default=None),
        to_on=max((line.booked_on for line in lines), default=None),
        lines=tuple(lines),
    )


def _told_balance(group: Sequence[Movement], kinds: Sequence[str]) -> Balance | None:
    found = next((each.line for each in group if each.kind in kinds), None)
    return Balance(found.amount, found.currency, found.booked_on) if found else None
