"""Days sales outstanding by counting back. Pure: it is given receivables and billings, and shows its working.

The newest month's billings are taken off the receivables first; a month that is used up adds all its days, the last
one adds a share. So the figure follows the seasons, which an average over a quarter does not.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import ZERO


@dataclass(frozen=True)
class MonthOfBillings:
    """Invoices less credit notes dated in a month, tax included; `days` is less than the month for the current one."""

    month: date
    amount: Decimal
    days: int


@dataclass(frozen=True)
class Step:
    """One month of the working: how much of the receivables it explains, and the days that this adds."""

    month: date
    billings: Decimal
    receivables_before: Decimal
    used: Decimal
    days: Decimal


@dataclass(frozen=True)
class CountBack:
    """The figure with its working; `days` is None when there is none, and `reason` says why."""

    days: Decimal | None
    steps: Sequence[Step]
    reason: str = ""


def days_sales_outstanding(receivables: Decimal, billings: Sequence[MonthOfBillings]) -> CountBack:
    """Count back from the newest month. Receivables are net of unapplied cash, in one currency.

    A month without billings adds its days and explains nothing. Where the billings run out before the receivables do
    there is no figure, only the reason.
    """
    if receivables <= ZERO:
        return CountBack(ZERO, ())
    if not any(month.amount > ZERO for month in billings):
        return CountBack(None, (), "Nothing was billed in the months looked at.")
    steps: list[Step] = []
    left = receivables
    for month in sorted(billings, key=lambda row: row.month, reverse=True):
        step = _step(month, left)
        steps.append(step)
        left -= step.used
        if left <= ZERO:
            return CountBack(sum((row.days for row in steps), ZERO), steps)
    return CountBack(None, steps, "The receivables are older than the billings looked at.")


def _step(month: MonthOfBillings, left: Decimal) -> Step:
    whole = Decimal(month.days)
    if month.amount <= ZERO:
        return Step(month.month, month.amount, left, ZERO, whole)
    used = min(left, month.amount)
    return Step(month.month, month.amount, left, used, whole * used / month.amount)


def days_of_month(month: date, as_of: date) -> int:
    """Days of a month that had passed by a date."""
    if (month.year, month.month) == (as_of.year, as_of.month):
        return as_of.day
    return calendar.monthrange(month.year, month.month)[1]


def best_possible(current: Decimal, billings: Sequence[MonthOfBillings]) -> CountBack:
    """The figure if everybody paid on the due date: the same count over receivables that are not yet due."""
    return days_sales_outstanding(current, billings)
