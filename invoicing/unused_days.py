"""What is to be credited of an invoice line whose contract line ended before the days that were billed. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoicing.charges import Surplus, surplus
from invoicing.cycles import ONE_DAY, Days
from invoicing.models import BilledPeriod


@dataclass(frozen=True, slots=True)
class Unused:
    """Days of a contract line that an invoice line bills beyond the line's end."""

    period: BilledPeriod
    surplus: Surplus

    @property
    def credited_from(self) -> date:
        """The first day that is credited."""
        return self.surplus.unused.first_on


def unused_of(period: BilledPeriod, ends_on: date, left: Decimal, currency: str) -> Unused | None:
    """The days beyond an end, with their part of what is left of the invoice line; None where there is none.

    What is left is for the days that were not credited before, so each of them costs the same.
    """
    billed = still_billed(period)
    if billed is None or not left:
        return None
    found = surplus(billed, left, ends_on, currency)
    return Unused(period, found) if found is not None and found.net else None


def still_billed(period: BilledPeriod) -> Days | None:
    """The days that are billed and not credited."""
    last_on = period.credited_from - ONE_DAY if period.credited_from else period.last_on
    return Days(period.first_on, last_on) if last_on >= period.first_on else None
