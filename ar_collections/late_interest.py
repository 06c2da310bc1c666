"""Interest and compensation for late payment, day by day. Pure: no database, no clock.

Simple interest, `debt × rate × days / 365`, from the day after the due date to the day on which the money was
received. A part that is paid bears interest up to its own day; an amount that is contested, or whose interest a payment
plan waives, bears none on those days. Amounts are rounded once, cumulatively from the due date, so that the days of a
debt come to the same however they are cut into charges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import models

from core.errors import Refused
from core.money import ZERO, round_to_currency

DAY = timedelta(days=1)
PER_CENT_DAYS = Decimal(36500)
"""Days of a year times a hundred: 365 also in leap years, as courts count."""
FAR = date.max


class NoReferenceRate(Refused):
    """The reference rate of a half-year isn't known yet."""

    code = "no_reference_rate"


class Method(models.TextChoices):
    """By what rate a debt bears interest."""

    FROZEN = "frozen", "Reference rate of the half-year in which it became late, for its life"
    HALF_YEARLY = "half_yearly", "Reference rate of each half-year"
    ON_PAYMENT = "on_payment", "Reference rate on the day of payment"
    FIXED = "fixed", "A fixed rate by contract"
    NONE = "none", "No interest"


BY_REFERENCE = frozenset({Method.FROZEN, Method.HALF_YEARLY, Method.ON_PAYMENT})


@dataclass(frozen=True, slots=True)
class References:
    """A central bank's rate in per cent, by the first day of the half-year for which it is the reference."""

    name: str
    percents: Mapping[date, Decimal]

    def of(self, on: date) -> Decimal:
        """The reference rate of the half-year of a day."""
        starts_on = half_year_of(on)
        if starts_on not in self.percents:
            raise NoReferenceRate(
                f"The reference rate of {self.name} for the half-year from {starts_on:%d %b %Y} isn't known. "
                "Write it down under “Late interest terms” first."
            )
        return self.percents[starts_on]


@dataclass(frozen=True, slots=True)
class Terms:
    """By which law or contract a debt bears interest. `percent` is the margin above a reference, or the whole rate.

    `tiers` are the compensations by the amount from which they hold, both in the debt's currency.
    """

    method: Method
    percent: Decimal = ZERO
    references: References | None = None
    tiers: Sequence[tuple[Decimal, Decimal]] = ()

    def rate(self, *, late_on: date, day: date, paid_on: date) -> Decimal:
        """Per cent a year for one day of a part that is paid on a day."""
        if self.references is None:
            return self.percent
        asked = {Method.FROZEN: late_on, Method.HALF_YEARLY: day, Method.ON_PAYMENT: paid_on}[self.method]
        return self.references.of(asked) + self.percent


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a debt, and the day on which the money for it was received; None while it is open."""

    amount: Decimal
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standstill:
    """An amount of a debt that bears no interest on some days: contested, or waived by a plan."""

    amount: Decimal
    first_on: date
    last_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it stands still on a day."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)


@dataclass(frozen=True, slots=True)
class Debt:
    """A document that is paid late, in the parts in which it is paid. What was credited never was owed."""

    due_on: date
    currency: str
    parts: Sequence[Part]
    standstills: Sequence[Standstill] = ()

    @property
    def late_on(self) -> date:
        """The first day of delay."""
        return self.due_on + DAY


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which the same amount bears the same rate."""

    first_on: date
    last_on: date
    base: Decimal
    percent: Decimal

    @property
    def days(self) -> int:
        """How many, both ends included."""
        return (self.last_on - self.first_on).days + 1

    @property
    def weight(self) -> Decimal:
        """The interest, not yet divided by the year."""
        return self.base * self.percent * self.days


@dataclass(frozen=True, slots=True)
class WorkingLine:
    """A span with what it comes to; the lines of a debt add up to its interest."""

    span: Span
    amount: Decimal


def half_year_of(on: date) -> date:
    """The first day of the half-year of a day."""
    return date(on.year, 1 if on.month <= 6 else 7, 1)


def spans_of(debt: Debt, terms: Terms, *, after: date, until: date, as_of: date) -> list[Span]:
    """The days after one and up to another on which something bears interest; `as_of` stands for a payment to come."""
    if terms.method == Method.NONE:
        return []
    first_on = max(after + DAY, debt.late_on)
    found: list[Span] = []
    for first, last in _cut(debt, terms, first_on, until):
        for percent, base in _bearing(debt, terms, first, as_of).items():
            _add(found, Span(first, last, base, percent))
    return sorted(found, key=lambda span: (span.first_on, -span.base))


def _cut(debt: Debt, terms: Terms, first_on: date, last_on: date) -> list[tuple[date, date]]:
    """The days in stretches in which nothing changes."""
    starts = {first_on}
    starts.update(part.paid_on + DAY for part in debt.parts if part.paid_on is not None)
    for still in debt.standstills:
        starts.add(still.first_on)
        if still.last_on is not None:
            starts.add(still.last_on + DAY)
    if terms.method == Method.HALF_YEARLY:
        starts.update(date(year, month, 1) for year in range(first_on.year, last_on.year + 1) for month in (1, 7))
    ordered = sorted(day for day in starts if first_on <= day <= last_on)
    ends = [day - DAY for day in ordered[1:]] + [last_on]
    return list(zip(ordered, ends, strict=True)) if ordered else []


def _bearing(debt: Debt, terms: Terms, day: date, as_of: date) -> dict[Decimal, Decimal]:
    """What bears interest on a day, by its rate. What stands still is taken from what is paid last."""
    still = sum((each.amount for each in debt.standstills if each.holds(day)), ZERO)
    found: dict[Decimal, Decimal] = {}
    for part in sorted(debt.parts, key=lambda each: each.paid_on or FAR, reverse=True):
        if part.paid_on is not None and part.paid_on < day:
            continue
        taken = min(still, part.amount)
        still -= taken
        if part.amount > taken:
            percent = terms.rate(late_on=debt.late_on, day=day, paid_on=part.paid_on or as_of)
            found[percent] = found.get(percent, ZERO) + part.amount - taken
    return found


def _add(spans: list[Span], new: Span) -> None:
    """A stretch that goes on as the one before it is the same span."""
    for index, span in enumerate(spans):
        same = (span.base, span.percent) == (new.base, new.percent)
        if same and span.last_on + DAY == new.first_on:
            spans[index] = Span(span.first_on, new.last_on, span.base, span.percent)
            return
    spans.append(new)


def working_of(debt: Debt, terms: Terms, *, after: date, until: date, as_of: date) -> list[WorkingLine]:
    """Line by line what the days after one and up to another come to."""
    before = spans_of(debt, terms, after=debt.due_on, until=after, as_of=as_of)
    weight = sum((span.weight for span in before), ZERO)
    told = _rounded(weight, debt.currency)
    lines = []
    for span in spans_of(debt, terms, after=after, until=until, as_of=as_of):
        weight += span.weight
        reached = _rounded(weight, debt.currency)
        lines.append(WorkingLine(span, reached - told))
        told = reached
    return lines


def interest_of(debt: Debt, terms: Terms, *, after: date, until: date, as_of: date) -> Decimal:
    """The interest of the days after one and up to another: never negative, and the same however they are cut."""
    return sum((line.amount for line in working_of(debt, terms, after=after, until=until, as_of=as_of)), ZERO)


def _rounded(weight: Decimal, currency: str) -> Decimal:
    return round_to_currency(weight / PER_CENT_DAYS, currency)


def compensation_of(debt: Debt, terms: Terms, *, until: date) -> Decimal:
    """The fixed sum for a debt, by what was owed of it on the first day of delay that counts; nil while none does."""
    for first, _ in _cut(debt, terms, debt.late_on, until):
        base = sum((part.amount for part in debt.parts if part.paid_on is None or part.paid_on >= first), ZERO)
        base -= sum((each.amount for each in debt.standstills if each.holds(first)), ZERO)
        if base > 0:
            return max((sum_ for start, sum_ in terms.tiers if start <= base), default=ZERO)
    return ZERO
