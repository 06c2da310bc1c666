"""The result as one table."""

from collections.abc import Sequence

from bench.measures import Measure

HEAD = ("size", "work", "measured", "beside it", "ratio", "goal", "")
RIGHT = {2, 4}
Row = tuple[str, ...]


def table_of(measured: Sequence[tuple[str, Measure]]) -> str:
    """Every figure with what it is held beside."""
    rows: list[Row] = [HEAD, *(_row(size, measure) for size, measure in measured)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(_cell(cell, widths[at], at) for at, cell in enumerate(row)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths).rstrip())
    return "\n".join(lines)


def _row(size: str, measure: Measure) -> Row:
    beside = (
        f"{_figure(measure.beside)} {measure.unit} {measure.beside_what}" if measure.beside else measure.beside_what
    )
    ratio = f"{measure.ratio:.2f}" if measure.ratio else ""
    verdict = "met" if measure.met else "MISSED"
    if not measure.goal:
        verdict = ""
    return (size, measure.work, f"{_figure(measure.ours)} {measure.unit}", beside, ratio, measure.goal, verdict)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _cell(text: str, width: int, column: int) -> str:
    return text.rjust(width) if column in RIGHT else text.ljust(width)
