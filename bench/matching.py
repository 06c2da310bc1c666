"""Matching bank lines against everything that is open: the pure part, and with posting."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from bench.measures import Measure
from cashapp.bank_lines_file import Row, read_rows
from cashapp.matching import match_line
from cashapp.queries.matching import load_index
from core.models import LegalEntity

LINES = 2000
FASTEST_ALLOWED = 300


def measure_matching(entity: LegalEntity, folder: Path, smaller: float | None) -> Iterator[Measure]:
    """Lines a second; at the larger size beside the time for a line at the smaller one."""
    rows = some_lines(folder)
    index = load_index(entity, max(row.booked_on for row in rows))
    start = perf_counter()
    for row in rows:
        match_line(row.bank_line(entity.currency), index)
    rate = len(rows) / (perf_counter() - start)
    goal, beside = f"≥ {FASTEST_ALLOWED} lines/s", "the smaller size" if smaller else ""
    met = rate >= FASTEST_ALLOWED
    if smaller:
        goal, met = "time a line ≤ 1.5 × smaller size", rate * 1.5 >= smaller
    yield Measure("match bank lines, everything open", "/s", rate, smaller, beside, goal, met)


def some_lines(folder: Path) -> Sequence[Row]:
    """Lines from all over the file."""
    rows = read_rows((folder / "bank_lines.csv").read_bytes(), "bank_lines.csv")
    return rows[:: max(len(rows) // LINES, 1)][:LINES]
