"""Suspensions and escalations of the demo company: a case half way through, one that just began, and a plea."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from ar_collections.actions.calls import CallLog, log_call
from ar_collections.actions.escalations import Plea, raise_escalation
from ar_collections.actions.suspension import SuspensionFacts, change_suspension_policy, open_suspension
from ar_collections.actions.suspension_meetings import write_owner_note
from ar_collections.calls import CallOutcome
from ar_collections.escalation import Trigger
from ar_collections.models import SuspensionCase
from ar_collections.queries.candidates import candidates
from ar_collections.suspension import Function
from core.models import LegalEntity, User
from integrations.demo.people import PEOPLE

NEEDED = 3
BEGAN = (8, 2)
"""Days ago on which the two cases began."""
NOTES = {
    Function.COLLECTIONS: "Their accounts say that the invoices wait for a signature. Called twice.",
    Function.SERVICE: "Forty people use it every day. Read only would be noticed within the hour.",
}


def prepare_suspensions(entity: LegalEntity, on: date) -> None:
    """Begin two cases with whoever owes most for longest, and lay a third customer before a manager."""
    people = {one.role: User.objects.get(email=one.email) for one in reversed(PEOPLE) if entity.code in one.entities}
    change_suspension_policy(
        by=people["ar_manager"],
        entity=entity,
        support_name="Support desk",
        support_email="support@o2c.example",
        clause="8.3, terms of service",
        meeting_weekday=2,
    )
    found = [row.customer for row in candidates(entity)[:NEEDED]]
    if len(found) < NEEDED:
        return
    owners = {Function.COLLECTIONS: people["collector"], Function.SERVICE: people["service_owner"]}
    for customer, days in zip(found, BEGAN, strict=False):
        began = on - timedelta(days=days)
        facts = SuspensionFacts(owners)
        _follow(open_suspension(by=people["collector"], customer=customer, facts=facts, opened_on=began), on)
    plea = Plea(Trigger.SILENCE, people["ar_manager"], "Nobody answers the telephone; the portal is still used daily.")
    raise_escalation(by=people["collector"], customer=found[-1], plea=plea, on=on)


def _follow(case: SuspensionCase, on: date) -> None:
    """Two calls, and what the owners say, where the window has come that far."""
    for days in (3, 4):
        day = case.opened_on + timedelta(days=days)
        if day < on:
            log = CallLog(outcome=CallOutcome.VOICEMAIL_LEFT, note="About the notice of suspension.")
            log_call(by=case.opened_by, customer=case.customer, log=log, on=day)
    if (on - case.opened_on).days < 7:
        return
    at = datetime.combine(on - timedelta(days=1), time(15, 40), case.entity.zone)
    for owner in case.owners.select_related("person", "case__entity", "case__customer"):
        write_owner_note(by=owner.person, owner=owner, text=NOTES[Function(owner.function)], at=at)
