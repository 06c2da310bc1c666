"""Which bank line brought which payout: the same amount, in time, and told by the provider's name. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

EARLIEST, LATEST = timedelta(days=-3), timedelta(days=14)
SHORTEST_REFERENCE = 4


@dataclass(frozen=True, slots=True)
class Expected:
    """A payout that is on its way."""

    pk: int
    net: Decimal
    currency: str
    paid_on: date
    provider: str
    reference: str

    def is_in(self, told: "Told") -> bool:
        """Whether a bank line can be this payout."""
        fits = (told.amount, told.currency) == (self.net, self.currency)
        in_time = EARLIEST <= told.booked_on - self.paid_on <= LATEST
        return fits and in_time and (self.provider.casefold() in told.words or self.is_named_in(told))

    def is_named_in(self, told: "Told") -> bool:
        """Whether the bank line repeats the payout's own reference."""
        return len(self.reference) >= SHORTEST_REFERENCE and self.reference.casefold() in told.words


@dataclass(frozen=True, slots=True)
class Told:
    """A bank line that nobody decided on; `words` in small letters hold all that the bank says of it."""

    pk: int
    amount: Decimal
    currency: str
    booked_on: date
    words: str


def arrivals(expected: Sequence[Expected], told: Sequence[Told]) -> list[tuple[int, int]]:
    """Pairs of payout and bank line. Where two payouts or two lines fit and none is named, a person chooses."""
    by_payout = {each.pk: _lines_for(each, told) for each in expected}
    wanted: dict[int, int] = {}
    for lines in by_payout.values():
        for line in lines:
            wanted[line] = wanted.get(line, 0) + 1
    return [(payout, lines[0]) for payout, lines in by_payout.items() if len(lines) == 1 and wanted[lines[0]] == 1]


def _lines_for(payout: Expected, told: Sequence[Told]) -> list[int]:
    fitting = [line for line in told if payout.is_in(line)]
    named = [line for line in fitting if payout.is_named_in(line)]
    return [line.pk for line in named or fitting]
