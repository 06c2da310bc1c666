"""A plain file of bank lines: id, date, amount in minor units, text, name, iban. Made into a bank's table."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cashapp.matching import BankLine
from cashapp.statements.mapping import ColumnMapping
from core.currencies import minor_units
from core.errors import Refused

COLUMNS = ("id", "date", "amount", "text", "name", "iban")
AMOUNT = re.compile(r"[+-]?[0-9]{1,18}")
MAPPING = ColumnMapping(
    name="Bank lines in minor units",
    booked_on="date",
    amount="amount",
    payer="name",
    payer_account="iban",
    text=("text",),
    bank_reference="id",
    encoding="utf-8",
    delimiter=",",
)


class NotBankLines(Refused):
    """The file is no table of bank lines, or a row of it makes no sense."""

    code = "not_bank_lines"


@dataclass(frozen=True, slots=True)
class Row:
    """One line as the file tells it."""

    id: str
    booked_on: date
    amount: int
    text: str
    name: str
    iban: str

    def bank_line(self, currency: str) -> BankLine:
        """The line as the matcher reads it."""
        return BankLine(self.id, self.booked_on, self.amount, currency, self.text, self.name, self.iban)


def read_rows(content: bytes, name: str) -> list[Row]:
    """The rows in the order of their dates; anything that makes no sense is refused with its place."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotBankLines(f"{name} is not in UTF-8. Save it as CSV UTF-8.") from None
    if "\x00" in text:
        raise NotBankLines(f"{name} is no text file.")
    table = csv.DictReader(io.StringIO(text, newline=""))
    missing = [column for column in COLUMNS if column not in (table.fieldnames or ())]
    if missing:
        raise NotBankLines(f"{name} lacks the columns {', '.join(missing)}.")
    try:
        rows = [_row(cells, name, number) for number, cells in enumerate(table, 2)]
    except csv.Error as error:
        raise NotBankLines(f"{name} is no CSV file: {error}.") from None
    _refuse_doubles(rows, name)
    return sorted(rows, key=lambda row: row.booked_on)


def _minor(text: str) -> int:
    """Digits with a sign at most: Python would also read 1_000 and other scripts' digits."""
    if not AMOUNT.fullmatch(text.strip()):
        raise ValueError(f"“{text}” is no amount in minor units.")
    return int(text)


def _row(cells: dict[str, str | None], name: str, number: int) -> Row:
    told = {column: cells[column] for column in COLUMNS}
    if None in told.values() or None in cells:
        raise NotBankLines(f"{name}, row {number}: it has more or fewer cells than the head.")
    values = {column: value or "" for column, value in told.items()}
    try:
        booked_on, amount = date.fromisoformat(values["date"]), _minor(values["amount"])
    except ValueError:
        raise NotBankLines(
            f"{name}, row {number}: “{values['date']}” and “{values['amount']}” are no date and amount in minor units."
        ) from None
    return Row(values["id"], booked_on, amount, values["text"], values["name"], values["iban"])


def _refuse_doubles(rows: Sequence[Row], name: str) -> None:
    seen: set[str] = set()
    for row in rows:
        if not row.id or row.id in seen:
            raise NotBankLines(f"{name}: the id “{row.id}” is missing or names two lines.")
        seen.add(row.id)


def bank_table(rows: Sequence[Row], currency: str) -> bytes:
    """The same lines as a bank's CSV, with amounts as people write them, for `MAPPING`."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    places = minor_units(currency)
    for row in rows:
        amount = Decimal(row.amount).scaleb(-places)
        table.writerow([row.id, row.booked_on.isoformat(), f"{amount:.{places}f}", row.text, row.name, row.iban])
    return written.getvalue().encode()
