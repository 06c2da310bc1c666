"""Running balances: the order of a file's lines, and what stood on the account before and after them."""

from collections.abc import Sequence

from cashapp.statements.model import Balance, StatementLine, sum_of


def in_time(lines: list[StatementLine]) -> list[StatementLine]:
    """Oldest first. Within a day the running balance tells which way the bank sorted."""
    forwards, backwards = _chained(lines), _chained(lines[::-1])
    if forwards != backwards:
        return lines if forwards > backwards else lines[::-1]
    return lines if not lines or lines[0].booked_on <= lines[-1].booked_on else lines[::-1]


def _chained(lines: Sequence[StatementLine]) -> int:
    """How many running balances follow from the one before."""
    return sum(
        before.balance_after is not None and line.balance_after == before.balance_after + line.amount
        for before, line in zip(lines, lines[1:], strict=False)
    )


def opening_before(lines: Sequence[StatementLine]) -> Balance | None:
    """What stood before the first line, from the first running balance."""
    for position, line in enumerate(lines):
        if line.balance_after is not None:
            moved = sum_of(each.amount for each in lines[: position + 1])
            return Balance(line.balance_after - moved, line.currency, lines[0].booked_on)
    return None


def closing_after(lines: Sequence[StatementLine]) -> Balance | None:
    """What stands after the last line, from the last running balance."""
    for position, line in reversed(list(enumerate(lines))):
        if line.balance_after is not None:
            moved = sum_of(each.amount for each in lines[position + 1 :])
            return Balance(line.balance_after + moved, line.currency, lines[-1].booked_on)
    return None
