"""Work on the rows of many customers at once, so that one at whom it breaks stops no other."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from customers.models import Customer


class OfCustomer(Protocol):
    """A row that is a customer's."""

    @property
    def customer(self) -> Customer: ...


Row = TypeVar("Row", bound=OfCustomer)
Each = TypeVar("Each")
Done = TypeVar("Done")


def kept_apart(
    rows: Sequence[Row], work: Callable[[Sequence[Row]], Done], note: Callable[[Customer, Exception], None]
) -> Iterator[Done]:
    """Do all in one go; where that breaks each half again, down to the one customer that is noted.

    `rows` come by customer. The work keeps all or nothing of what it is given; a customer's rows stay together.
    """
    return _apart(rows, work, _between_customers, lambda row, error: note(row.customer, error))


def keys_kept_apart(
    keys: Sequence[int], work: Callable[[Sequence[int]], Done], note: Callable[[int, Exception], None]
) -> Iterator[Done]:
    """The same for customers that are told by their keys."""
    return _apart(keys, work, _half, note)


def _apart(
    rows: Sequence[Each],
    work: Callable[[Sequence[Each]], Done],
    middle_of: Callable[[Sequence[Each]], int | None],
    note: Callable[[Each, Exception], None],
) -> Iterator[Done]:
    if not rows:
        return
    try:
        done = work(rows)
    except Exception as error:
        middle = middle_of(rows)
        if middle is None:
            note(rows[0], error)
            return
        yield from _apart(rows[:middle], work, middle_of, note)
        yield from _apart(rows[middle:], work, middle_of, note)
    else:
        yield done


def _between_customers(rows: Sequence[OfCustomer]) -> int | None:
    """Where another customer begins, as near to the middle as can be; none where all are one customer's."""
    keys = [row.customer.pk for row in rows]
    begins = [at for at in range(1, len(keys)) if keys[at] != keys[at - 1]]
    return min(begins, key=lambda at: abs(2 * at - len(keys)), default=None)


def _half(keys: Sequence[int]) -> int | None:
    return len(keys) // 2 or None
