"""What a preview of reminders and a dry run are as rows of a workbook."""

from collections.abc import Iterator

from ar_collections.queries.dry_run import WouldSend
from ar_collections.queries.preview import PreviewRow
from core.xlsx import Cell, Column

COLUMNS_OF_PREVIEW = (
    Column("Customer", 12), Column("Name", 34), Column("Message", 24), Column("By", 14), Column("Document", 18),
    Column("Due", 12), Column("Days past due", 10), Column("Segment", 22), Column("Step", 24), Column("Currency", 9),
    Column("Open", 14), Column("Asked for", 14, total=True), Column("Why not", 30), Column("In words", 50),
)  # fmt: skip
COLUMNS_OF_DRY_RUN = (
    Column("Day", 12), Column("Customer", 12), Column("Name", 34), Column("Step", 26), Column("Documents", 50),
    Column("Currency", 9), Column("Asked for", 14, total=True),
)  # fmt: skip


def cells_of_row(row: PreviewRow) -> Iterator[list[Cell]]:
    """A customer's documents: what is asked for, or why not."""
    for line in row.lines:
        is_asked = row.is_asked and bool(line.asked)
        why = line.stop.reason.label if line.stop else "" if is_asked else "Asked that day already"
        words = str(line.stop) if line.stop else "" if is_asked else "; ".join(row.reasons)
        yield [
            row.customer.code, row.customer.name, row.step if is_asked else "", row.ways if is_asked else "",
            line.number, line.due_on, line.days, line.segment, line.step or ("named along" if is_asked else ""),
            line.open.currency, line.open.amount, line.asked.amount if is_asked else None,
            "" if is_asked else why, "" if is_asked else words,
        ]  # fmt: skip


def cells_of_message(message: WouldSend) -> Iterator[list[Cell]]:
    """A message that would have left, by currency."""
    for total in message.totals:
        yield [
            message.on, message.customer.code, message.customer.name, message.step, ", ".join(message.numbers),
            total.currency, total.amount,
        ]  # fmt: skip
