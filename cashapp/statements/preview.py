"""The first rows of a table as a mapping reads them, each with its line or with what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from cashapp.statements.mapping import ColumnMapping
from cashapp.statements.model import StatementLine, StatementRefused
from cashapp.statements.tabular import RowReader, data_rows, row_reader
from core.rows import Row, written

SHOWN_ROWS = 40


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file: a line, a problem, or words that are left out or continue the text above."""

    number: int
    cells: tuple[str, ...]
    line: StatementLine | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TablePreview:
    """What a mapping makes of a table."""

    rows: tuple[PreviewRow, ...]
    row_count: int

    @property
    def problems(self) -> int:
        """How many of the shown rows cannot be read."""
        return sum(bool(row.problem) for row in self.rows)


def preview_table(name: str, rows: Sequence[Row], mapping: ColumnMapping) -> TablePreview:
    """Read the first rows one by one; a mapping whose columns are not there is refused."""
    reader = row_reader(name, rows, mapping)
    data = data_rows(rows, mapping)
    return TablePreview(tuple(_preview(reader, row) for row in data[:SHOWN_ROWS]), len(data))


def _preview(reader: RowReader, row: Row) -> PreviewRow:
    cells = tuple(written(cell) for cell in row.cells)
    if reader.is_note(row):
        return PreviewRow(row.number, cells)
    try:
        return PreviewRow(row.number, cells, reader.movement(row).line)
    except StatementRefused as refusal:
        return PreviewRow(row.number, cells, problem=refusal.message)
