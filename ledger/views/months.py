"""The month that a page of the accountants shows, with its neighbours."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from core.pages import Page


@dataclass(frozen=True, slots=True)
class Month:
    """A month up to the page's date; `after` is missing when the next one lies beyond it."""

    first_on: date
    last_on: date
    before: date
    after: date | None


def asked_month(page: Page) -> Month:
    """The month that `?month=2026-05` asks for, else that of the page's date, and no further than that."""
    latest = page.as_at.replace(day=1)
    try:
        asked = date.fromisoformat(f"{page.request.GET.get('month', '')}-01")
    except ValueError:
        asked = latest
    first_on = min(asked, latest)
    end = first_on.replace(day=monthrange(first_on.year, first_on.month)[1])
    following = end + timedelta(days=1)
    before = (first_on - timedelta(days=1)).replace(day=1) if first_on > date(1900, 1, 1) else first_on
    return Month(first_on, min(end, page.as_at), before, following if following <= page.as_at else None)
