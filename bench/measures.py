"""A figure, what it is held beside, and the goal."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the result. `ours` and `beside` are in the same unit; `met` says whether the goal is reached."""

    work: str
    unit: str
    ours: float
    beside: float | None
    beside_what: str
    goal: str
    met: bool

    @property
    def ratio(self) -> float | None:
        """Ours in parts of what it is held beside."""
        return self.ours / self.beside if self.beside else None


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes once."""
    start = perf_counter()
    work()
    return perf_counter() - start


def best_of(times: int, work: Callable[[], Any]) -> float:
    """The shortest of several: what the machine allows when nothing else is in the way."""
    return min(seconds(work) for _ in range(times))
