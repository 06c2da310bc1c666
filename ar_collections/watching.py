"""Watching suspensions and escalations. The ledger is asked about every open case; those that moved are touched.

Suspensions need no clock of their own: which day of its window a case has come to is counted when somebody looks.
"""

from datetime import datetime

from ar_collections.actions import escalations
from ar_collections.actions.suspension_reviews import review_suspension
from ar_collections.contact_hours import OPENS
from ar_collections.queries.suspension import moved_suspensions
from core.models import LegalEntity
from core.permissions import system_user


def watch_suspensions(entity: LegalEntity, at: datetime) -> int:
    """Stop clocks, let them go on, ask support to restore whoever has paid; how many cases moved."""
    today, failures = at.astimezone(entity.zone).date(), []
    moved = moved_suspensions(entity, today)
    for case in moved:
        try:
            review_suspension(by=system_user(), case=case, today=today)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"suspensions of {entity}", failures)
    return len(moved)


def remind_of_escalations(entity: LegalEntity, at: datetime) -> int:
    """Write to managers whose answer is due, once a business day from the morning on; how many were written to."""
    local = at.astimezone(entity.zone)
    if local.time() < OPENS:
        return 0
    return len(escalations.remind_of_escalations(by=system_user(), entity=entity, today=local.date()))
