"""The schemes: their currency, their banking days, and when a file must be in for a day of collection. Pure.

Bacs counts the working days of England: input two days before entry, processing one. SEPA counts the days on which
TARGET is open and takes files until the day before. ACH counts the days of the Federal Reserve.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.db.models import TextChoices

from core.calendars import BusinessCalendar


class Scheme(TextChoices):
    """Whose rules a direct debit follows."""

    BACS = "bacs", "Bacs"
    SEPA_CORE = "sepa_core", "SEPA Core"
    SEPA_B2B = "sepa_b2b", "SEPA B2B"
    ACH = "ach", "ACH"


@lru_cache(maxsize=1)
def _closed_target_days() -> holidays.HolidayBase:
    return holidays.financial_holidays("XECB")


@dataclass(frozen=True)
class TargetCalendar(BusinessCalendar):
    """The days on which TARGET, the euro's own payment system, is open."""

    def is_business_day(self, day: date) -> bool:
        """Monday to Friday without its six holidays."""
        return day.weekday() < 5 and day not in _closed_target_days()


@dataclass(frozen=True)
class Rules:
    """What a scheme asks for. Days are its banking days unless said otherwise."""

    currency: str
    calendar: BusinessCalendar
    input_before: int
    processing_before: int
    confirmed_after: int
    lodged_before: int
    notice_days: int
    notice_in_banking_days: bool
    dormant_months: int
    warn_months: int


BACS_DAYS = BusinessCalendar("GB", "ENG")
RULES: dict[str, Rules] = {
    Scheme.BACS: Rules("GBP", BACS_DAYS, 2, 1, 2, 3, 10, True, 24, 11),
    Scheme.SEPA_CORE: Rules("EUR", TargetCalendar(), 1, 1, 5, 0, 14, False, 36, 33),
    Scheme.SEPA_B2B: Rules("EUR", TargetCalendar(), 1, 1, 3, 0, 14, False, 36, 33),
    Scheme.ACH: Rules("USD", BusinessCalendar("US"), 1, 1, 2, 0, 10, False, 0, 0),
}


@dataclass(frozen=True, slots=True)
class CollectionDays:
    """When a collection is handed in, processed and entered, and from when it counts as paid for good."""

    input_on: date
    processed_on: date
    entry_on: date
    confirmed_from: date


def days_for(scheme: str, wanted_on: date) -> CollectionDays:
    """The days of a collection that is wanted on a day; a day off moves it to the next banking day."""
    rules = RULES[scheme]
    entry = rules.calendar.roll_forward(wanted_on)
    return CollectionDays(
        input_on=rules.calendar.add_business_days(entry, -rules.input_before),
        processed_on=rules.calendar.add_business_days(entry, -rules.processing_before),
        entry_on=entry,
        confirmed_from=rules.calendar.add_business_days(entry, rules.confirmed_after) + timedelta(days=1),
    )


def earliest_by_input(scheme: str, today: date) -> date:
    """The first day that a file handed in today can collect on."""
    calendar = RULES[scheme].calendar
    return calendar.add_business_days(calendar.roll_forward(today), RULES[scheme].input_before)


def earliest_by_notice(scheme: str, noticed_on: date, notice_days: int) -> date:
    """The first day of collection that leaves the payer its notice; `notice_days` are the scheme's kind of days."""
    rules = RULES[scheme]
    if rules.notice_in_banking_days:
        return rules.calendar.add_business_days(noticed_on, notice_days)
    return rules.calendar.roll_forward(noticed_on + timedelta(days=notice_days))


def usable_from(scheme: str, lodged_on: date) -> date:
    """From when a mandate that was lodged on a day can be collected on."""
    rules = RULES[scheme]
    return rules.calendar.add_business_days(rules.calendar.roll_forward(lodged_on), rules.lodged_before)
