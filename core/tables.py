"""Tables that people upload: CSV in any usual encoding, and XLSX. What is no table is refused with a sentence."""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO

from python_calamine import CalamineWorkbook

from core.errors import Refused

MEGABYTE = 1024 * 1024
LARGEST_TABLE = 15 * MEGABYTE
LARGEST_UNPACKED = 200 * MEGABYTE
MOST_ROWS = 50_000
MOST_COLUMNS = 200
HEAD_ROWS = 20
DELIMITERS = (",", ";", "\t", "|")
CONTROL = frozenset(chr(code) for code in range(32)) - {"\t", "\n", "\r", "\x0b", "\x0c"}


class TableRefused(Refused):
    """The file is no table, or one that can't be read safely."""

    code = "table_refused"


@dataclass(frozen=True)
class Table:
    """Headings and rows as text, and how the file was read. Row numbers are those that a person sees in the file."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    read_as: str

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row with its number, its cells by heading."""
        for number, cells in self.rows:
            yield number, dict(zip(self.headings, cells, strict=True))


def read_table(name: str, content: bytes) -> Table:
    """Read a file by what it holds, whatever its name says."""
    if len(content) > LARGEST_TABLE:
        raise TableRefused(
            f"{name} has {len(content) / MEGABYTE:.1f} MB; up to {LARGEST_TABLE // MEGABYTE} MB are read. Split it."
        )
    if content.startswith(b"PK\x03\x04"):
        return _table(name, _sheet_rows(name, content), "XLSX")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableRefused(f"{name} is a workbook in the old XLS format. Save it as XLSX or CSV.")
    text, encoding = _decoded(name, content)
    return _table(name, _csv_rows(name, text), f"CSV, {encoding}")


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    for encoding, label in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROL.isdisjoint(text):
            return text, label
    raise TableRefused(f"{name} is no text in UTF-8, UTF-16 or Windows-1252. Save it as CSV (UTF-8) or XLSX.")


def _encodings(content: bytes) -> list[tuple[str, str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return [("utf-16", "UTF-16")]
    return [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")]


def _csv_rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableRefused(f"{name}, line {number}: this is not CSV ({error}).") from None
        yield number, cells


def _delimiter_of(text: str) -> str:
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:HEAD_ROWS]
    return max(DELIMITERS, key=lambda sign: _evenness(lines, sign))


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if len(cells) > 1]
    if not widths:
        return (0, 0)
    usual = max(set(widths), key=widths.count)
    return (widths.count(usual), usual)


def _sheet_rows(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    _refuse_bad_archive(name, content)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
            sheets = (book.get_sheet_by_name(title) for title in book.sheet_names)
            sheet = next((sheet for sheet in sheets if sheet.total_height), None)
            rows = sheet.to_python(skip_empty_area=False) if sheet else []
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the reader is no Exception
        raise TableRefused(f"{name} is a damaged workbook. Save it again as XLSX or CSV.") from None
    for number, cells in enumerate(rows, 1):
        yield number, [_cell_text(cell) for cell in cells]


def _refuse_bad_archive(name: str, content: bytes) -> None:
    try:
        members = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError):
        raise TableRefused(f"{name} is a damaged workbook. Save it again as XLSX or CSV.") from None
    if "xl/workbook.xml" not in {member.filename for member in members}:
        raise TableRefused(f"{name} is a ZIP archive and no table. Unpack it and choose the CSV or XLSX file inside.")
    if sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise TableRefused(f"{name} unpacks to more than {LARGEST_UNPACKED // MEGABYTE} MB. Save it as CSV.")


def _cell_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _table(name: str, rows: Iterator[tuple[int, list[str]]], read_as: str) -> Table:
    kept: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        if len(cells) > MOST_COLUMNS:
            raise TableRefused(f"{name}, row {number} has more than {MOST_COLUMNS} columns.")
        if len(kept) > MOST_ROWS:
            raise TableRefused(f"{name} has more than {MOST_ROWS:,} rows. Split it.")
        tidy = [cell.strip() for cell in cells]
        if any(tidy):
            kept.append((number, tidy))
    head = _head_of(kept[:HEAD_ROWS])
    if head is None or len(kept) == head + 1:
        raise TableRefused(f"{name} holds no rows below a line of headings.")
    headings = _named(kept[head][1])
    width = len(headings)
    body = [(number, (cells + [""] * width)[:width]) for number, cells in kept[head + 1 :]]
    return Table(headings, body, read_as)


def _head_of(rows: Sequence[tuple[int, list[str]]]) -> int | None:
    """The first of the rows that is about as wide as the widest: titles above the headings are narrow."""
    filled = [sum(1 for cell in cells if cell) for _, cells in rows]
    widest = max(filled, default=0)
    return next((index for index, count in enumerate(filled) if count * 2 > widest), None)


def _named(cells: Sequence[str]) -> list[str]:
    """Headings without gaps and without doubles: “E-mail”, “E-mail (2)”, “Column 3”."""
    headings: list[str] = []
    for position, cell in enumerate(cells, 1):
        plain = " ".join(cell.split())[:80] or f"Column {position}"
        name, count = plain, 2
        while name in headings:
            name, count = f"{plain} ({count})", count + 1
        headings.append(name)
    return headings
