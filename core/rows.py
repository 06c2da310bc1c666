"""Rows out of CSV text and workbooks, for every table that comes from outside: limits and hostile files in one place.

Cells stay as the file holds them. What is no table raises TableRefused, a sentence that names the file.
"""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO

from python_calamine import CalamineWorkbook

from core.errors import Refused

MEGABYTE = 1024 * 1024
LARGEST_UNPACKED = 200 * MEGABYTE
DELIMITERS = (";", "\t", "|", ",")
SAMPLE_SIGNS = 100_000
SAMPLE_LINES = 40
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DAMAGED = "is a damaged workbook. Save it again as XLSX or CSV."
Cell = str | float | int | bool | date | datetime


class TableRefused(Refused):
    """The file is no table, or one that can't be read safely."""

    code = "table_refused"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a table is taken; a line of headings is not counted."""

    rows: int
    columns: int


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


def is_workbook(content: bytes) -> bool:
    """Whether the file begins as an XLSX or an old XLS file does."""
    return content.startswith((ZIP, OLE))


def csv_rows(name: str, text: str, limits: Limits, *, delimiter: str = "", strict: bool) -> list[Row]:
    """Every row of CSV text that holds anything; the delimiter is guessed unless it is told.

    Strict reading refuses quotes that are never closed or that stand inside a cell, as some banks write them.
    """
    return _kept(name, _csv_rows(name, text, delimiter or guess_delimiter(text), strict), limits)


def workbook_rows(name: str, content: bytes, limits: Limits, *, sheet: str = "") -> list[Row]:
    """Every row that holds anything, of the named sheet or of the first that is not empty."""
    refuse_bad_archive(name, content)
    return _kept(name, _sheet_rows(name, content, sheet), limits)


def refuse_bad_archive(name: str, content: bytes) -> None:
    """Refuse a ZIP that is no workbook, or one that would fill the memory, before anything of it is unpacked."""
    if content.startswith(OLE):
        return
    try:
        members = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise TableRefused(f"{name} {DAMAGED}") from None
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise TableRefused(f"{name} is a ZIP archive and no table. Unpack it and choose the file inside.")
    if sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise TableRefused(f"{name} unpacks to more than {LARGEST_UNPACKED // MEGABYTE} MB. Save it as CSV.")


def guess_delimiter(text: str) -> str:
    """The sign that cuts the first lines into the same number of columns most often."""
    lines = [line for line in text[:SAMPLE_SIGNS].splitlines() if line.strip()][:SAMPLE_LINES]
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


def _kept(name: str, rows: Iterable[Row], limits: Limits) -> list[Row]:
    kept: list[Row] = []
    for row in rows:
        if len(row.cells) > limits.columns:
            raise TableRefused(f"{name}, row {row.number} has more than {limits.columns} columns.")
        if row.is_blank:
            continue
        if len(kept) > limits.rows:
            raise TableRefused(f"{name} has more than {limits.rows:,} rows. Split it.")
        kept.append(row)
    return kept


def _csv_rows(name: str, text: str, delimiter: str, strict: bool) -> Iterator[Row]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableRefused(f"{name}, line {number}: this is not CSV ({error}).") from None
        yield Row(number, tuple(cells))


def _sheet_rows(name: str, content: bytes, sheet: str) -> Iterator[Row]:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            if sheet and sheet not in book.sheet_names:
                raise TableRefused(f"{name} has no sheet “{sheet}”, only {', '.join(book.sheet_names)}.")
            sheets = (book.get_sheet_by_name(title) for title in ([sheet] if sheet else book.sheet_names))
            found = next((each for each in sheets if each.height), None)
            rows = found.to_python(skip_empty_area=False) if found else []
    except (TableRefused, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the reader is no Exception
        raise TableRefused(f"{name} {DAMAGED}") from None
    for number, cells in enumerate(rows, 1):
        yield Row(number, tuple(_clean(cell) for cell in cells))


def _clean(cell: object) -> Cell:
    """Old workbooks may hold the one character that no database takes."""
    if isinstance(cell, str):
        return cell.replace("\x00", "")
    return cell if isinstance(cell, Cell) else str(cell)
