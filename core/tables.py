"""Tables with headings that people upload: CSV in any usual encoding, and XLSX. What is no table is refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.rows import MEGABYTE, OLE, Cell, Limits, Row, TableRefused, csv_rows, is_workbook, workbook_rows

__all__ = ["LARGEST_TABLE", "Table", "TableRefused", "read_table"]

LARGEST_TABLE = 15 * MEGABYTE
LIMITS = Limits(rows=50_000, columns=200)
HEAD_ROWS = 20
CONTROL = frozenset(chr(code) for code in range(32)) - {"\t", "\n", "\r", "\x0b", "\x0c"}


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
    if content.startswith(OLE):
        raise TableRefused(f"{name} is a workbook in the old XLS format. Save it as XLSX or CSV.")
    if is_workbook(content):
        return _table(name, workbook_rows(name, content, LIMITS), "XLSX")
    text, encoding = _decoded(name, content)
    return _table(name, csv_rows(name, text, LIMITS, strict=True), f"CSV, {encoding}")


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


def _cell_text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _table(name: str, rows: Sequence[Row], read_as: str) -> Table:
    kept = [(row.number, [_cell_text(cell).strip() for cell in row.cells]) for row in rows]
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
