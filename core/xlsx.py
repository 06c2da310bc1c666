"""Workbooks with real numbers and dates, written row by row so that size costs no memory.

Text is always written as text: a cell that begins with =, +, - or @ stays what somebody typed and is never a formula.
"""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)}
Cell = str | int | Decimal | date | datetime | bool | None


@dataclass(frozen=True)
class Column:
    """A heading with its width; `total` adds a sum below as a formula."""

    heading: str
    width: int = 14
    total: bool = False
    number_format: str = "#,##0.00"


@dataclass(frozen=True)
class Sheet:
    """One sheet: what it shows in words on top, then a table with frozen head and filters."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    notes: Sequence[tuple[str, str]] = field(default_factory=tuple)


def write_workbook(sheets: Iterable[Sheet], target: IO[bytes]) -> None:
    """Write the sheets to a binary file."""
    options = {"constant_memory": True, "in_memory": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(
        target, {**options, "strings_to_numbers": False, "default_date_format": "yyyy-mm-dd"}
    ) as book:
        for sheet in sheets:
            _write_sheet(book, sheet)


def workbook_response(sheets: Iterable[Sheet], filename: str) -> FileResponse:
    """The workbook as a download, from a temporary file once it outgrows a few megabytes."""
    target = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 - the response closes it
    write_workbook(sheets, target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=filename, content_type=CONTENT_TYPE)


def workbook_bytes(sheets: Iterable[Sheet]) -> bytes:
    """The workbook as bytes, for an attachment."""
    target = BytesIO()
    write_workbook(sheets, target)
    return target.getvalue()


def _write_sheet(book: Any, sheet: Sheet) -> None:
    page: Worksheet = book.add_worksheet(sheet.name[:31])
    bold = book.add_format({"bold": True})
    formats = [book.add_format({"num_format": column.number_format}) for column in sheet.columns]
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
    for row, (label, value) in enumerate(sheet.notes):
        page.write_string(row, 0, label, bold)
        page.write_string(row, 1, value)
    head = len(sheet.notes) + 1 if sheet.notes else 0
    for index, column in enumerate(sheet.columns):
        page.write_string(head, index, column.heading, bold)
    sums, last = Sums(sheet.columns), head
    for last, cells in enumerate(sheet.rows, start=head + 1):
        sums.add(cells)
        for index, cell in enumerate(cells):
            _write_cell(page, last, index, cell, formats[index])
    _finish_sheet(page, sheet, head, last)
    sums.write(page, head, last, bold)


class Sums:
    """Totals below a table: formulas with their values, one row for each currency where there is such a column."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.totalled = [index for index, column in enumerate(columns) if column.total]
        headings = [column.heading for column in columns]
        self.currency = headings.index("Currency") if "Currency" in headings else None
        self.values: dict[str, dict[int, Decimal]] = {}

    def add(self, cells: Sequence[Cell]) -> None:
        """Count a row."""
        key = str(cells[self.currency]) if self.currency is not None else ""
        row = self.values.setdefault(key, dict.fromkeys(self.totalled, Decimal(0)))
        for index in self.totalled:
            cell = cells[index]
            if isinstance(cell, int | Decimal):
                row[index] += cell

    def write(self, page: Worksheet, head: int, last: int, bold: Format) -> None:
        """Write the rows, one line below the table; nothing where nothing is added up."""
        if not self.totalled:
            return
        for place, (key, row) in enumerate(sorted(self.values.items())):
            page.write_string(last + 2 + place, 0, f"Total {key}".strip(), bold)
            for index, value in row.items():
                page.write_formula(last + 2 + place, index, self._formula(index, key, head, last), bold, value)

    def _formula(self, index: int, key: str, head: int, last: int) -> str:
        def span(column: int) -> str:
            letter = xl_col_to_name(column)
            return f"${letter}${head + 2}:${letter}${last + 1}"

        if self.currency is None:
            return f"=SUBTOTAL(9,{span(index)})"
        return f'=SUMIF({span(self.currency)},"{key}",{span(index)})'


def _finish_sheet(page: Worksheet, sheet: Sheet, head: int, last: int) -> None:
    page.freeze_panes(head + 1, 1)
    page.repeat_rows(head)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.autofilter(head, 0, max(last, head), len(sheet.columns) - 1)


def _write_cell(page: Worksheet, row: int, column: int, cell: Cell, number: Format) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        page.write_string(row, column, "yes" if cell else "no")
    elif isinstance(cell, int):
        page.write_number(row, column, cell)
    elif isinstance(cell, Decimal):
        page.write_number(row, column, cell, number)
    elif isinstance(cell, datetime):
        page.write_datetime(row, column, cell.replace(tzinfo=None, microsecond=0))
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell)
    else:
        page.write_string(row, column, str(cell).translate(CONTROL)[:32767])
