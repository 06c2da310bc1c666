"""What a measure answers, and what it is worked out of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from core.money import ZERO
from reporting.days_sales_outstanding import MonthOfBillings

HUNDRED = Decimal(100)


class Missing(StrEnum):
    """Why there is no figure: it is never nought or endless instead."""

    NO_SALES = "Nothing was billed in the time looked at."
    NET_CREDIT = "More was credited than billed in the time looked at."
    NO_PAYMENTS = "Nothing was paid in the time looked at."
    NOTHING_OWED = "Nobody owed anything."
    NOTHING_TO_COLLECT = "There was nothing to collect in the time looked at."
    NO_RECEIPTS = "No money came in the last thirty days."
    PERIOD_TOO_SHORT = "The time looked at is shorter than the terms, so it can't have made what is owed."


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or the reason why there is none."""

    value: Decimal | None
    reason: str = ""


def quotient(part: Decimal, whole: Decimal, otherwise: Missing, times: Decimal = Decimal(1)) -> Figure:
    """`part / whole * times`; without a positive whole there is no figure, and `otherwise` says why."""
    return Figure(part / whole * times) if whole > ZERO else Figure(None, otherwise)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open at the end of a day, in the currency of the books at the day's rates. All amounts are positive."""

    current: Decimal = ZERO
    to_30: Decimal = ZERO
    from_31: Decimal = ZERO
    credits: Decimal = ZERO
    unapplied: Decimal = ZERO

    @property
    def past_due(self) -> Decimal:
        """What is owed beyond its due date."""
        return self.to_30 + self.from_31

    @property
    def owed(self) -> Decimal:
        """All that is owed, before credits."""
        return self.current + self.past_due

    @property
    def held(self) -> Decimal:
        """What is held of customers: open credits and unapplied cash."""
        return self.credits + self.unapplied

    @property
    def net(self) -> Decimal:
        """The receivables: what is owed less credits and unapplied cash, which is the control account."""
        return self.owed - self.held


@dataclass(frozen=True, slots=True)
class Payments:
    """What was paid in a time, with sums of amount × days, from which weighted averages follow.

    `late` counts days after the due date and never less than nought, `against_terms` keeps those paid early below
    nought, `since_invoice` counts from the invoice's date.
    """

    amount: Decimal = ZERO
    late: Decimal = ZERO
    against_terms: Decimal = ZERO
    since_invoice: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class OpenOfMonth:
    """Invoices of a month that are open: the sum of amount × days since the invoice."""

    month: date
    amount_days: Decimal


@dataclass(frozen=True)
class Inputs:
    """Everything the measures of one scope and time are worked out of.

    `billings` holds invoices less credit notes, tax included, by month, the newest first, as far back as was looked.
    `billed` is their sum in the time from `first_on` to `last_on`, `terms` the mean days that its invoices give to pay.
    """

    first_on: date
    last_on: date
    opening: Standing
    closing: Standing
    billed: Decimal
    terms: Decimal
    billings: Sequence[MonthOfBillings]
    payments: Payments
    open_by_month: Sequence[OpenOfMonth]
    receipts_of_30_days: Decimal
    unidentified: Decimal = ZERO

    @property
    def days(self) -> Decimal:
        """The days of the time looked at, both ends counted."""
        return Decimal((self.last_on - self.first_on).days + 1)
