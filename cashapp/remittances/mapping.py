"""Tables whose headings say nothing to us, read as a person says: which column holds what. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cashapp.remittances.model import Advice, RemittanceRefused
from cashapp.remittances.table import HEADINGS_WITHIN, LIMITS, Columns, decimal_sign, roles_of
from cashapp.remittances.table import read_under as read_columns
from cashapp.statements.recognise import decode
from cashapp.statements.values import squeeze
from core.rows import Row, TableRefused, csv_rows, is_workbook, workbook_rows, written

LEAST_COLUMNS = 2
ROLES: dict[str, str] = {
    "number": "Document number",
    "purchase_order": "Purchase order",
    "paid": "Paid",
    "gross": "Amount of the document",
    "discount": "Discount",
    "deduction": "Kept back",
    "code": "Code of what is kept back",
    "reason": "Why it is kept back",
    "dated_on": "Date of the document",
    "payer": "Payer",
    "payer_code": "Our number for the payer",
    "trace": "Payment number",
    "paid_on": "Date of the payment",
    "currency": "Currency",
    "reference": "Number of the remittance",
    "is_credit": "Kind of document",
    "memo": "Note",
}
TABLES = ("CSV", "Workbook")


@dataclass(frozen=True, slots=True)
class RemittanceColumns:
    """Which heading holds what. A column without a heading is named by its number, such as #3."""

    columns: Mapping[str, str] = field(default_factory=dict)
    header_row: int = 1
    decimal: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it is kept."""
        return {"columns": dict(self.columns), "header_row": self.header_row, "decimal": self.decimal}

    def place(self, rows: Sequence[Row]) -> Row | None:
        """The row of headings in a file: the one with all the headings that are named."""
        wanted = {heading.casefold() for heading in self.columns.values() if heading[:1] != "#"}
        if not wanted:
            return next((row for row in rows if row.number == self.header_row), None)
        for row in rows[:HEADINGS_WITHIN]:
            if wanted <= {squeeze(written(cell)).casefold() for cell in row.cells}:
                return row
        return None

    def read(self, rows: Sequence[Row], name: str) -> list[Advice]:
        """Every payment of the table, read by these columns."""
        named = set(self.columns)
        if not named & {"number", "purchase_order"} or not named & {"paid", "gross"}:
            raise RemittanceRefused(f"{name}: say which column names the document, and which its amount.")
        header = self.place(rows)
        if header is None:
            raise RemittanceRefused(f"{name} has no row with the headings {', '.join(self.columns.values())}.")
        titles = [squeeze(written(cell)).casefold() for cell in header.cells]
        roles = {role: _position(heading, titles) for role, heading in self.columns.items()}
        columns = Columns(name, header, roles, self.decimal or decimal_sign(rows))
        return read_columns(rows, columns, "Workbook" if name.casefold().endswith((".xlsx", ".xls")) else "CSV")


def table_rows(content: bytes, name: str) -> list[Row]:
    """The rows of a table; nothing where the file is none."""
    try:
        if is_workbook(content):
            rows = workbook_rows(name, content, LIMITS)
        else:
            text, _ = decode(content, name)
            rows = csv_rows(name, text, LIMITS, strict=False)
    except (TableRefused, RemittanceRefused):
        return []
    wide = [row for row in rows if sum(bool(squeeze(written(cell))) for cell in row.cells) >= LEAST_COLUMNS]
    return list(rows) if len(wide) >= LEAST_COLUMNS else []


def guessed_columns(rows: Sequence[Row]) -> RemittanceColumns:
    """What the headings suggest: the row that tells most, else the first that is filled widely."""
    best = max(rows[:HEADINGS_WITHIN], key=lambda row: (len(roles_of(row)), _filled(row)))
    titles = [squeeze(written(cell)) for cell in best.cells]
    columns = {
        role: titles[place] if titles.count(titles[place]) == 1 else f"#{place + 1}"
        for role, place in roles_of(best).items()
        if role in ROLES
    }
    return RemittanceColumns(columns, best.number, decimal_sign(rows))


def _filled(row: Row) -> int:
    """How many cells hold words, which headings do and figures don't."""
    return sum(any(sign.isalpha() for sign in written(cell)) for cell in row.cells)


def _position(heading: str, titles: Sequence[str]) -> int:
    if heading[:1] == "#" and heading[1:].isdecimal():
        return int(heading[1:]) - 1
    return titles.index(heading.casefold())
