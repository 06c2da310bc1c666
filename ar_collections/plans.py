"""Payment plans: instalments made, and what became of them. No database, no clock.

A plan doesn't age anything anew: its documents keep their due dates, it only holds back what is done about them.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from django.db import models

from ar_collections.promises import Cash, Given, Move, came_by, progress
from core.calendars import BusinessCalendar
from core.errors import Refused
from core.money import ZERO, Money, split_money

DEFAULT_AFTER = 5
"""Business days after which an unpaid instalment puts the plan in default."""
CURE_DAYS = 5
"""Business days that are left then before the whole balance is due."""
OFFER_DAYS = 30
"""Days for which a manager's opening stands."""
MOST_INSTALMENTS = 36


class Every(models.TextChoices):
    """How often is paid."""

    WEEK = "week", "Every week"
    FORTNIGHT = "fortnight", "Every two weeks"
    MONTH = "month", "Every month"


class State(models.TextChoices):
    """Where a plan stands."""

    PROPOSED = "proposed", "Proposed"
    ACTIVE = "active", "Active"
    COMPLETED = "completed", "Completed"
    DEFAULTED = "defaulted", "Defaulted"
    CANCELLED = "cancelled", "Cancelled"


class Standing(models.TextChoices):
    """Where one instalment stands."""

    OPEN = "", "Open"
    PAID = "paid", "Paid"
    LATE = "late", "Overdue"
    CURE = "cure", "In default, may be cured"
    FAILED = "failed", "Not paid"


class NoSuchPlan(Refused):
    """The instalments cannot be made."""

    code = "no_such_plan"


@dataclass(frozen=True, slots=True)
class Step:
    """One instalment: when it is due, when it is in default, and until when that can be put right."""

    due_on: date
    default_on: date
    cure_until: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlanJudgement:
    """What became of a plan up to a day."""

    state: State
    received: Decimal
    steps: Sequence[Standing]


def steps_of(total: Money, *, count: int, first_on: date, every: Every, calendar: BusinessCalendar) -> list[Step]:
    """Equal instalments on business days; what can't be split evenly lies on the first ones."""
    if not 2 <= count <= MOST_INSTALMENTS:
        raise NoSuchPlan(f"A plan has from 2 to {MOST_INSTALMENTS} instalments; {count} is none.")
    amounts = split_money(total, [Decimal(1)] * count)
    if not amounts[-1].amount > 0:
        raise NoSuchPlan(f"{total} can't be split into {count} instalments.")
    return [
        step_on(calendar.roll_forward(_after(first_on, number, every)), amount.amount, calendar)
        for number, amount in enumerate(amounts)
    ]


def step_on(due_on: date, amount: Decimal, calendar: BusinessCalendar) -> Step:
    """An instalment with the days that follow from its own."""
    default_on = calendar.add_business_days(due_on, DEFAULT_AFTER)
    return Step(due_on, default_on, calendar.add_business_days(default_on, CURE_DAYS), amount)


def judge_plan(
    given: Given, steps: Sequence[Step], moves: Sequence[Move], cash: Sequence[Cash], *, as_of: date
) -> PlanJudgement:
    """Decide a plan by what was received up to the end of a day. Instalments count together, as in a promise."""
    _, relieved = progress(given, moves, as_of)
    left = given.amount - relieved
    came = came_by(given, moves, cash, as_of)
    standings = [
        Standing.PAID if came >= min(until, left) else _unpaid(step, as_of)
        for step, until in zip(steps, accumulate(step.amount for step in steps), strict=True)
    ]
    if Standing.FAILED in standings:
        state = State.DEFAULTED
    else:
        state = State.COMPLETED if set(standings) <= {Standing.PAID} else State.ACTIVE
    return PlanJudgement(state, min(came, given.amount), standings)


def _unpaid(step: Step, as_of: date) -> Standing:
    if as_of <= step.due_on:
        return Standing.OPEN
    if as_of <= step.default_on:
        return Standing.LATE
    return Standing.CURE if as_of <= step.cure_until else Standing.FAILED


def _after(first_on: date, number: int, every: Every) -> date:
    if every != Every.MONTH:
        return first_on + timedelta(days=number * (7 if every == Every.WEEK else 14))
    months = first_on.month - 1 + number
    year, month = first_on.year + months // 12, months % 12 + 1
    return date(year, month, min(first_on.day, monthrange(year, month)[1]))


def total_of(steps: Sequence[Step]) -> Decimal:
    """All instalments together."""
    return sum((step.amount for step in steps), ZERO)
