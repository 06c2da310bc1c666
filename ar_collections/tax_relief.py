"""Tax on bad debts: from when and until when it may be claimed back, how much, and what is repaid later. Pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import ZERO, round_to_currency


@dataclass(frozen=True, slots=True)
class ReliefDates:
    """The first and the last day on which the tax on a debt may be claimed back."""

    from_on: date
    until_on: date

    def may_claim(self, on: date) -> bool:
        """Whether a day lies between them."""
        return self.from_on <= on <= self.until_on


def relief_dates(*, due_on: date, supplied_on: date, wait_months: int, lapse_months: int) -> ReliefDates:
    """Counted from the later of the due date and the date of supply: in the UK 6 months, lapsing after 4 years 6."""
    later = max(due_on, supplied_on)
    return ReliefDates(months_after(later, wait_months), months_after(later, lapse_months))


def tax_in(*, written_off: Decimal, gross: Decimal, tax: Decimal, currency: str) -> Decimal:
    """The tax in a part of a document that is written off."""
    return round_to_currency(tax * written_off / gross, currency) if gross else ZERO


def repaid_of(*, claimed: Decimal, written_off: Decimal, recovered: Decimal, before: Decimal, currency: str) -> Decimal:
    """What is repaid of a relief for a recovery, after others: together never more, nor less, than its share.

    1,200 written off with 200 of tax claimed, 600 recovered: 100 is repaid.
    """
    reached = round_to_currency(claimed * (before + recovered) / written_off, currency)
    return reached - round_to_currency(claimed * before / written_off, currency)


def months_after(day: date, months: int) -> date:
    """The same day some months on, or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
