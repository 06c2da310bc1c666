"""When customers may be written to: 08:00 to 18:00 of a business day where they are. Pure, but for the lists of zones.

Countries that span several time zones are kept by the clock of one of them, chosen so that 08:00 there is never night
for most people of the country.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import get_global

from core.calendars import BusinessCalendar

OPENS, CLOSES = time(8), time(18)
MAIN_ZONES: Final = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Winnipeg",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "US": "America/Chicago",
}


@dataclass(frozen=True)
class ContactHours:
    """The hours of one country."""

    calendar: BusinessCalendar
    zone: ZoneInfo

    def next_opening(self, moment: datetime) -> datetime:
        """When they are open next: the moment itself where they are. Whether anybody works that day is not asked."""
        day = self.day_of(moment)
        if moment >= datetime.combine(day, CLOSES, self.zone):
            day += timedelta(days=1)
        return max(moment, datetime.combine(day, OPENS, self.zone))

    def next_working(self, moment: datetime) -> datetime:
        """When a message may leave next: the moment itself where they work at it."""
        opening = self.next_opening(moment)
        while not self.calendar.is_business_day(day := self.day_of(opening)):
            opening = datetime.combine(day + timedelta(days=1), OPENS, self.zone)
        return opening

    def open_within(self, on: date, moment: datetime, home: ZoneInfo) -> bool:
        """Whether what is decided on our day may still leave before that day is over here, on a working day there."""
        opening = self.next_opening(moment)
        return opening.astimezone(home).date() == on and self.calendar.is_business_day(self.day_of(opening))

    def may_write_at(self, moment: datetime) -> bool:
        """Whether a message may leave then."""
        local = moment.astimezone(self.zone)
        return self.calendar.is_business_day(local.date()) and OPENS <= local.time() < CLOSES

    def day_of(self, moment: datetime) -> date:
        """The calendar day there."""
        return moment.astimezone(self.zone).date()


@lru_cache(maxsize=256)
def zone_of(country: str) -> ZoneInfo | None:
    """The clock of a country; none where no zone is known for it."""
    known = get_global("territory_zones").get(country, [])
    name = MAIN_ZONES.get(country) or next(iter(known), "")
    return ZoneInfo(name) if name else None


def hours_of(country: str, *, home: BusinessCalendar, home_zone: ZoneInfo) -> ContactHours:
    """The hours of a customer's country; our own calendar and clock at home, and where nothing is known."""
    zone = zone_of(country) if country and country != home.country else None
    return ContactHours(BusinessCalendar(country), zone) if zone else ContactHours(home, home_zone)
