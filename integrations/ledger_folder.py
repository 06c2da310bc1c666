"""A whole ledger as a folder of CSV files: read as a stream, a batch at a time, so that size costs no memory. Pure.

Amounts are whole numbers in the currency's smallest unit. `lines.csv` follows the order of `invoices.csv`, and
`allocations.csv` the order of the receipts or credit notes that it speaks about, each kind by itself. A document of
several tax rates names them in a column `taxes`, or its lines do in a column `tax_rate`; both may be left out.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TypeVar

from core.currencies import UnknownCurrency, known_currency, minor_units
from core.errors import Refused

Row = dict[str, str]
Item = TypeVar("Item")
FILES = {
    "customers.csv": "id code name vat_id email street postcode city country terms_days credit_limit iban",
    "invoices.csv": "id number customer_id date due_date net tax_rate tax gross",
    "lines.csv": "invoice_id line_no description qty unit_price net",
    "credit_notes.csv": "id number customer_id invoice_id date net tax gross",
    "receipts.csv": "id date customer_id amount",
    "allocations.csv": "kind source_id invoice_id date amount",
}
LONGEST_CELL = 10_000


class FolderRefused(Refused):
    """A file of the folder is missing or can't be read; the sentence names file and line."""

    code = "folder_refused"


@dataclass(frozen=True)
class Folder:
    """The files of a ledger, and the currency where they name none."""

    path: Path
    currency: str

    def check(self, *, with_receipts: bool) -> None:
        """Refuse a folder in which a file or a column is missing, before anything is written."""
        for name, columns in FILES.items():
            if with_receipts or name != "receipts.csv":
                self._check_file(name, columns.split())

    def _check_file(self, name: str, columns: list[str]) -> None:
        if not (self.path / name).is_file():
            raise FolderRefused(f"{self.path / name} is missing.")
        with (self.path / name).open(encoding="utf-8-sig", newline="") as handle:
            head = next(csv.reader(handle), [])
        if missing := [column for column in columns if column not in head]:
            raise FolderRefused(f"{name} has no column {', '.join(missing)}.")

    def rows(self, name: str) -> Iterator[tuple[int, Row]]:
        """Every row of a file with its line number."""
        with (self.path / name).open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            try:
                for row in reader:
                    if None in row or None in row.values() or max(map(len, row.values())) > LONGEST_CELL:
                        raise FolderRefused(f"{name}, line {reader.line_num}: the row has too few or too many cells.")
                    yield reader.line_num, row
            except (UnicodeDecodeError, csv.Error) as error:
                raise FolderRefused(
                    f"{name}, line {reader.line_num + 1}: this is not CSV in UTF-8 ({error})."
                ) from None

    def currency_of(self, row: Row) -> str:
        """The row's currency column, where there is one."""
        return known_currency(row.get("currency") or self.currency)


def read(name: str, line: int, row: Row, make: Callable[[Row], Item]) -> Item:
    """Make something of a row; what can't be read is refused with file and line."""
    try:
        return make(row)
    except (ValueError, ArithmeticError, KeyError, UnknownCurrency) as error:
        raise FolderRefused(f"{name}, line {line}: {error}") from None


def amount(text: str, currency: str) -> Decimal:
    """Whole cents (or yen) as an amount."""
    return Decimal(int(text)).scaleb(-minor_units(currency))


def day(text: str) -> date:
    """A date as 2026-05-31."""
    return date.fromisoformat(text)


def batches(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Rows in lists of at most `size`."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


class Following:
    """Rows of a second file that belong to the rows of a first one, both in the same order."""

    def __init__(self, name: str, rows: Iterator[tuple[int, Row]], key: str) -> None:
        self.name, self.key = name, key
        self._rows = rows
        self._next: tuple[int, Row] | None = next(rows, None)
        self._passed_over: set[str] = set()

    def of(self, value: str) -> list[tuple[int, Row]]:
        """The rows that carry the value: those that come next, but for what is passed over."""
        self._pass_over()
        found = []
        while self._next is not None and self._next[1][self.key] == value:
            found.append(self._next)
            self._next = next(self._rows, None)
        return found

    def pass_over(self, value: str) -> None:
        """Leave out the rows that carry the value, when their turn comes."""
        self._passed_over.add(value)

    def _pass_over(self) -> None:
        while self._next is not None and (value := self._next[1][self.key]) in self._passed_over:
            while self._next is not None and self._next[1][self.key] == value:
                self._next = next(self._rows, None)
            self._passed_over.discard(value)

    def refuse_rest(self) -> None:
        """After the last row of the first file none may be left here."""
        self._pass_over()
        if self._next is not None:
            line, row = self._next
            raise FolderRefused(
                f"{self.name}, line {line}: {self.key} {row[self.key]} is not there, or out of order. "
                f"Sort {self.name} as the file that it belongs to."
            )
