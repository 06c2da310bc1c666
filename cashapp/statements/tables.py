"""Rows out of CSV text and workbooks, before anybody says what their columns mean."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO

from python_calamine import CalamineWorkbook

from cashapp.statements.model import StatementRefused
from cashapp.statements.recognise import FileFormat, RecognisedFile

Cell = str | float | int | bool | date | datetime
DELIMITERS = (";", "\t", "|", ",")
SAMPLE_LINES = 40
MOST_ROWS = 250_000
MOST_COLUMNS = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the number that a person sees beside it."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """True where no cell holds anything."""
        return not any(written(cell) for cell in self.cells)


def written(cell: Cell) -> str:
    """The cell as text."""
    return cell.strip() if isinstance(cell, str) else str(cell)


def rows_of(file: RecognisedFile, *, delimiter: str = "", sheet: str = "") -> list[Row]:
    """Every row that holds anything."""
    rows = _sheet_rows(file, sheet) if file.format == FileFormat.WORKBOOK else _csv_rows(file, delimiter)
    kept: list[Row] = []
    for row in rows:
        if len(row.cells) > MOST_COLUMNS:
            raise StatementRefused(f"{file.name}, row {row.number} has more than {MOST_COLUMNS} columns.")
        if len(kept) >= MOST_ROWS:
            raise StatementRefused(f"{file.name} has more than {MOST_ROWS} rows. Split it by month.")
        if not row.is_blank:
            kept.append(row)
    if not kept:
        raise StatementRefused(f"{file.name} has no rows. Download the statement again.")
    return kept


def _csv_rows(file: RecognisedFile, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(StringIO(file.text, newline=""), delimiter=delimiter or guess_delimiter(file.text))
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise StatementRefused(f"{file.name}, line {start}: this is not CSV ({error}).") from error
        yield Row(start, tuple(cells))


def guess_delimiter(text: str) -> str:
    """The sign that cuts the first lines into the same number of columns most often."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:SAMPLE_LINES]
    return max(DELIMITERS, key=lambda sign: _evenness(lines, sign))


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return (0, 0)
    wide = [width for width in widths if width > 1]
    if not wide:
        return (0, 0)
    usual = max(set(wide), key=wide.count)
    return (wide.count(usual), usual)


def _sheet_rows(file: RecognisedFile, sheet: str) -> Iterator[Row]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(file.content)) as workbook:
            if sheet and sheet not in workbook.sheet_names:
                raise StatementRefused(f"{file.name} has no sheet “{sheet}”, only {', '.join(workbook.sheet_names)}.")
            tables = [workbook.get_sheet_by_name(each) for each in ([sheet] if sheet else workbook.sheet_names)]
            found = next((table for table in tables if table.height), None)
            cells = found.to_python(skip_empty_area=False) if found else []
    except StatementRefused:
        raise
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the reader's own panics are no Exception
        raise StatementRefused(f"{file.name} is a damaged workbook. Save it again as XLSX or CSV.") from error
    for number, row in enumerate(cells, 1):
        yield Row(number, tuple(_clean(cell) for cell in row))


def _clean(cell: object) -> Cell:
    """Old workbooks may hold the one character that no database takes."""
    if isinstance(cell, str):
        return cell.replace("\x00", "")
    return cell if isinstance(cell, Cell) else str(cell)
