"""How long a payment waits in working hours, and by which close of business it is due. No database, no clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cashapp.working_hours import WorkingHours
from core.calendars import BusinessCalendar

LONDON = WorkingHours(BusinessCalendar("GB", "ENG"), ZoneInfo("Europe/London"), time(9), time(17))


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (moment(12, 10), moment(12, 17)),
        (moment(12, 3), moment(12, 17)),
        (moment(12, 17), moment(12, 17)),
        (moment(12, 17, 1), moment(13, 17)),
        (moment(15, 18), moment(18, 17)),
        (moment(23, 12), moment(26, 17)),
    ],
    ids=["in the morning", "by night", "at the close", "after it", "on Friday evening", "before a bank holiday"],
)
def test_a_payment_is_due_at_the_next_close_of_business(received: datetime, due: datetime) -> None:
    assert LONDON.due_at(received) == due


def test_the_red_list_begins_two_hours_before_the_close() -> None:
    received = moment(12, 10)
    assert not LONDON.is_red(received, moment(12, 14, 59))
    assert LONDON.is_red(received, moment(12, 15))
    assert LONDON.is_red(received, moment(13, 8))
    assert not LONDON.is_red(moment(12, 17, 30), moment(12, 18))


def test_only_working_hours_count_as_waiting() -> None:
    assert LONDON.between(moment(12, 16), moment(13, 10)) == timedelta(hours=2)
    assert LONDON.between(moment(15, 16), moment(18, 10)) == timedelta(hours=2)
    assert LONDON.between(moment(16, 10), moment(17, 10)) == timedelta(0)
    assert LONDON.between(moment(13, 10), moment(12, 10)) == timedelta(0)


def test_the_hours_are_those_at_the_place_of_the_team() -> None:
    manila = WorkingHours(BusinessCalendar("PH"), ZoneInfo("Asia/Manila"), time(9), time(18))
    received = datetime(2026, 5, 12, 11, tzinfo=UTC)
    assert manila.day_of(received) == date(2026, 5, 12)
    assert manila.due_at(received).astimezone(UTC) == datetime(2026, 5, 13, 10, tzinfo=UTC)
