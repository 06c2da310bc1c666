"""Customers are written to in their own working hours, wherever our own day stands."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ar_collections.contact_hours import ContactHours, zone_of
from core.calendars import BusinessCalendar

CHICAGO = ZoneInfo("America/Chicago")
LONDON = ZoneInfo("Europe/London")
TUESDAY = date(2026, 1, 13)


def hours_in(country: str) -> ContactHours:
    zone = zone_of(country)
    assert zone is not None
    return ContactHours(BusinessCalendar(country), zone)


@pytest.mark.parametrize(
    ("home", "country", "leaves_at"),
    [
        (LONDON, "JP", "2026-01-13T04:00+00:00"),
        (LONDON, "US", "2026-01-13T14:00+00:00"),
        (CHICAGO, "AU", "2026-01-13T21:00+00:00"),
        (CHICAGO, "DE", "2026-01-13T10:00+00:00"),
    ],
)
def test_a_review_at_four_in_the_morning_reaches_every_country_within_our_day(
    home: ZoneInfo, country: str, leaves_at: str
) -> None:
    review = datetime(2026, 1, 13, 4, tzinfo=home)

    assert hours_in(country).next_opening(review) == datetime.fromisoformat(leaves_at)
    assert hours_in(country).open_within(TUESDAY, review, home)


def test_a_saturday_there_is_no_working_day_although_it_is_friday_here() -> None:
    review = datetime(2026, 1, 16, 4, tzinfo=CHICAGO)

    assert not hours_in("AU").open_within(date(2026, 1, 16), review, CHICAGO)


def test_after_hours_nothing_leaves_on_our_day_any_more() -> None:
    evening = datetime(2026, 1, 13, 18, tzinfo=LONDON)

    assert hours_in("GB").next_opening(evening) == datetime(2026, 1, 14, 8, tzinfo=UTC)
    assert not hours_in("GB").open_within(TUESDAY, evening, LONDON)
