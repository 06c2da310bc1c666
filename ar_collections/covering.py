"""Which open items money covers that is not applied yet. No database, no clock.

Money that names its items counts for these; all other, what they leave over included, for the oldest debt first, in its
own currency, and there only for what is not contested: nobody pays what they contest without saying so, and the same
amount is not taken off twice. Whoever has paid is not reminded while we still work on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ar_collections.ladder import Reason, Stop
from ar_collections.sources import OnItsWay
from core.money import ZERO


@dataclass(frozen=True, slots=True)
class Owed:
    """An open item, as far as money needs to know it."""

    key: int
    currency: str
    due_on: date
    open: Decimal
    contested: Decimal = ZERO

    @property
    def asked(self) -> Decimal:
        """What of it is not contested."""
        return max(self.open - self.contested, ZERO)


def covered(owed: Iterable[Owed], money: Sequence[OnItsWay]) -> dict[int, list[Stop]]:
    """Per item what money in hand takes off it."""
    by_age = sorted(owed, key=lambda item: (item.due_on, item.key))
    left = {item.key: item.open for item in by_age}
    currencies = {item.key: item.currency for item in by_age}
    found: dict[int, list[Stop]] = defaultdict(list)
    over: list[tuple[OnItsWay, Decimal]] = []
    for each in money:
        rest = each.amount
        for key, amount in each.items.items():
            if currencies.get(key) == each.currency:
                rest -= _take(found, left, key, min(amount, rest), each.words)
        over.append((each, rest))
    for item in by_age:
        left[item.key] = max(left[item.key] - (item.open - item.asked), ZERO)
    for each, rest in over:
        for item in by_age:
            if item.currency == each.currency:
                rest -= _take(found, left, item.key, rest, each.words)
    return found


def _take(found: dict[int, list[Stop]], left: dict[int, Decimal], key: int, amount: Decimal, words: str) -> Decimal:
    taken = max(min(left.get(key, ZERO), amount), ZERO)
    if taken:
        left[key] -= taken
        found[key].append(Stop(Reason.IN_HAND, words, taken))
    return taken
