"""How what was billed for days to come becomes income, month by month. Pure.

Each month of a schedule has a weight, by the product's method. What is income by the end of a month is the schedule's
amount times the weights so far over all weights, rounded once; a month's release is the difference to the months
before. So the last month takes what rounding left, and all months come to the amount, to the cent.

A credit changes what is not released yet and nothing else: from there on the rest is spread in the same way over the
months that are left, up to the last day that is still earned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from core.money import ZERO, round_to_currency
from invoicing.cycles import ONE_DAY, Days, months_after
from invoicing.models import Product

Method = Product.Release
MIDDLE_OF_MONTH = 15


@dataclass(frozen=True, slots=True)
class Release:
    """The income of one month, in the document's currency and in that of the books."""

    month_on: date
    amount: Decimal
    base_amount: Decimal


@dataclass(frozen=True, slots=True)
class Unearned:
    """What a schedule has left, and what has happened to it since it was made or last credited.

    `balance` is negative for the schedule of a deduction. `rest` is what was deferred when the last credit had been
    taken off (or at the beginning), `rest_after` the last month that was released before it.
    """

    method: str
    days: Days
    currency: str
    base_currency: str
    balance: Decimal
    base_balance: Decimal
    rest: Decimal
    rest_after: date | None = None
    released_after: date | None = None
    ends_on: date | None = None

    def releases(self, through: date) -> Iterator[Release]:
        """What has to be released by the end of the month that begins on `through`; empty months are left out."""
        left, base_left = self.balance, self.base_balance
        for month_on, still_deferred in self._plan(through):
            amount = left - still_deferred
            if amount:
                base_kept = worth_of(still_deferred, left, base_left, self.base_currency)
                yield Release(month_on, amount, base_left - base_kept)
                left, base_left = still_deferred, base_kept

    def _plan(self, through: date) -> Iterator[tuple[date, Decimal]]:
        """Months that are not released yet, each with what is still deferred at its end."""
        months = [one for one in month_weights(self.method, self._earned_days) if _is_after(one[0], self.rest_after)]
        whole = sum((weight for _, weight in months), Fraction(0))
        so_far = Fraction(0)
        for month_on, weight in months:
            so_far += weight
            if month_on > through:
                return
            if _is_after(month_on, self.released_after):
                yield month_on, self.rest - share_of(self.rest, so_far / whole, self.currency)
        if not months or not _is_after(months[-1][0], self.released_after):
            yield from self._absorbed(through)

    def _absorbed(self, through: date) -> Iterator[tuple[date, Decimal]]:
        """What a credit left after the last day that is earned goes into the next month at once."""
        last = self.released_after
        month_on = months_after(last, 1) if last else self.days.first_on.replace(day=1)
        if month_on <= through:
            yield month_on, ZERO

    @property
    def _earned_days(self) -> Days | None:
        last_on = min(self.ends_on, self.days.last_on) if self.ends_on else self.days.last_on
        return Days(self.days.first_on, last_on) if last_on >= self.days.first_on else None


def month_weights(method: str, days: Days | None) -> Sequence[tuple[date, Fraction]]:
    """The months in which income is earned, by their first day, with how much of it in relation to each other."""
    return _month_weights(method, days) if days else ()


def share_of(amount: Decimal, share: Fraction, currency: str) -> Decimal:
    """A share of an amount, rounded half up to the currency's unit."""
    return round_to_currency(amount * share.numerator / share.denominator, currency)


def worth_of(part: Decimal, whole: Decimal, base_whole: Decimal, base_currency: str) -> Decimal:
    """What a part is worth in the books where the whole is worth `base_whole`: exact for all of it, and for nothing."""
    return round_to_currency(base_whole * part / whole, base_currency) if whole else ZERO


def is_deferred(method: str, last_on: date | None, issued_on: date) -> bool:
    """Whether a line's income is deferred: some day of its service comes after the month of its invoice."""
    if last_on is None or method == Method.IMMEDIATE:
        return False
    return (last_on.year, last_on.month) > (issued_on.year, issued_on.month)


@lru_cache(maxsize=4096)
def _month_weights(method: str, days: Days) -> tuple[tuple[date, Fraction], ...]:
    if method == Method.DAILY:
        return tuple((part.first_on.replace(day=1), Fraction(len(part))) for part in _by_month(days))
    if method == Method.MONTHLY_PRORATA:
        return tuple(
            (part.first_on.replace(day=1), Fraction(len(part), _month_length(part.first_on)))
            for part in _by_month(days)
        )
    first = _month_of_rule(method, days)
    return tuple((months_after(first, number), Fraction(1)) for number in range(_whole_months(method, days, first)))


def _by_month(days: Days) -> Iterator[Days]:
    """The days cut at the ends of months."""
    starts = [days.first_on]
    while (following := months_after(starts[-1].replace(day=1), 1)) <= days.last_on:
        starts.append(following)
    for start, after in pairwise([*starts, days.last_on + ONE_DAY]):
        yield Days(start, after - ONE_DAY)


def _month_length(day: date) -> int:
    first = day.replace(day=1)
    return (months_after(first, 1) - first).days


def _month_of_rule(method: str, days: Days) -> date:
    """The first month that counts: by the rule of the 15th the next one, where the service begins later in the month.

    A service that ends within the month in which it begins is that month's in any case.
    """
    first = days.first_on.replace(day=1)
    later = method == Method.MONTHLY_HALF and days.first_on.day > MIDDLE_OF_MONTH
    return months_after(first, 1) if later and days.last_on >= months_after(first, 1) else first


def _whole_months(method: str, days: Days, first: date) -> int:
    """How many months are begun from the first day on; by the rule of the 15th none after the last day's month."""
    begun = 1
    while months_after(days.first_on, begun) <= days.last_on:
        begun += 1
    if method != Method.MONTHLY_HALF:
        return begun
    last = days.last_on
    return min(begun, (last.year - first.year) * 12 + last.month - first.month + 1)


def _is_after(month_on: date, released: date | None) -> bool:
    return released is None or month_on > released
