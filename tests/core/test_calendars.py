"""Business days by the country's holidays and the entity's own days."""

from datetime import date

import pytest

from core.actions import mark_day, unmark_day
from core.calendars import BusinessCalendar, calendar_of, nearest_weekday
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, NonWorkingDay, User

ENGLAND = BusinessCalendar("GB", "ENG")
NO_HOLIDAYS = BusinessCalendar()


@pytest.mark.parametrize(
    ("calendar", "year", "month", "expected"),
    [
        (ENGLAND, 2026, 1, date(2026, 1, 9)),
        (NO_HOLIDAYS, 2026, 1, date(2026, 1, 8)),
        (ENGLAND, 2026, 5, date(2026, 5, 11)),
        (NO_HOLIDAYS, 2026, 11, date(2026, 11, 9)),
        (NO_HOLIDAYS, 2026, 12, date(2026, 12, 8)),
    ],
)
def test_the_sixth_business_day_of_a_month(calendar: BusinessCalendar, year: int, month: int, expected: date) -> None:
    assert calendar.nth_business_day(year, month, 6) == expected


def test_the_fifteenth_moves_off_weekends_for_the_whole_of_2026() -> None:
    days = [nearest_weekday(date(2026, month, 15)).day for month in range(1, 13)]

    assert days == [15, 16, 16, 15, 15, 15, 15, 14, 15, 15, 16, 15]


def test_business_days_are_counted_both_ways() -> None:
    friday, tuesday = date(2026, 5, 1), date(2026, 5, 5)

    assert ENGLAND.business_days_between(friday, tuesday) == 1, "Monday 4 May is a bank holiday"
    assert ENGLAND.business_days_between(tuesday, friday) == -1
    assert ENGLAND.add_business_days(tuesday, -1) == friday
    assert ENGLAND.roll_forward(date(2026, 5, 2)) == tuesday
    assert ENGLAND.roll_back(date(2026, 5, 4)) == friday


def test_an_unknown_country_has_weekends_only() -> None:
    assert BusinessCalendar("XX").is_business_day(date(2026, 12, 25))


def test_a_companys_own_day_off_counts_until_it_is_taken_back(uk: LegalEntity, administrator: User) -> None:
    christmas_eve = date(2026, 12, 24)
    day = mark_day(by=administrator, entity=uk, on=christmas_eve, name="Company closes", is_working=False)
    assert not calendar_of(uk).is_business_day(christmas_eve)

    unmark_day(by=administrator, day=day)

    assert calendar_of(uk).is_business_day(christmas_eve)
    events = AuditEvent.objects.filter(event__startswith="day.").values_list("event", flat=True)
    assert list(events) == ["day.unmarked", "day.marked"]


def test_a_company_may_work_on_a_holiday(uk: LegalEntity, administrator: User) -> None:
    mark_day(by=administrator, entity=uk, on=date(2026, 5, 4), name="Stocktaking", is_working=True)

    assert calendar_of(uk).is_business_day(date(2026, 5, 4))


def test_a_collector_may_not_change_the_calendar(uk: LegalEntity, collector: User) -> None:
    with pytest.raises(NotAllowed, match="Roles that may: Administrator"):
        mark_day(by=collector, entity=uk, on=date(2026, 12, 24), name="Off", is_working=False)

    assert not NonWorkingDay.objects.exists()
