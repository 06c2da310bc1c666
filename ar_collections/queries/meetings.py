"""Meetings about suspensions: the one that goes on, those before, and whose note is missing."""

from datetime import date, datetime, timedelta

from django.db.models import Count, QuerySet

from ar_collections.models import SuspensionCase, SuspensionMeeting
from ar_collections.queries.suspension import last_notes, open_suspensions, policy_of, stale_owners
from ar_collections.suspension import NOTE_DAYS
from core.calendars import calendar_of
from core.models import LegalEntity


def open_meeting(entity: LegalEntity) -> SuspensionMeeting | None:
    """The meeting that goes on now."""
    return SuspensionMeeting.objects.filter(entity=entity, ended_at=None).select_related("started_by").first()


def meetings_held(entity: LegalEntity) -> QuerySet[SuspensionMeeting]:
    """Meetings that are over, the latest first, each with how much was written in it."""
    rows = SuspensionMeeting.objects.filter(entity=entity, ended_at__isnull=False).select_related("started_by")
    return rows.annotate(written=Count("notes")).order_by("-started_at")


def fresh_since(entity: LegalEntity, at: datetime) -> datetime:
    """From when a note counts as fresh for the next meeting: since the last one began, and a week at most."""
    week = at - timedelta(days=NOTE_DAYS)
    last = SuspensionMeeting.objects.filter(entity=entity).order_by("-started_at").first()
    return max(week, last.started_at) if last else week


def without_fresh_note(
    entity: LegalEntity, *, at: datetime
) -> tuple[list[SuspensionCase], list[tuple[SuspensionCase, str]]]:
    """All open cases, and those on which somebody has said nothing since the last meeting, with their names."""
    cases, since = list(open_suspensions(entity)), fresh_since(entity, at)
    notes = last_notes(cases)
    stale = [(case, ", ".join(found.values())) for case in cases if (found := stale_owners(case, notes, since))]
    return cases, stale


def next_meeting_on(entity: LegalEntity, today: date) -> date | None:
    """The day of the next meeting: its weekday, or the next business day after a holiday."""
    policy = policy_of(entity)
    if policy is None:
        return None
    day = today + timedelta(days=(policy.meeting_weekday - today.weekday()) % 7)
    return calendar_of(entity).roll_forward(day)
