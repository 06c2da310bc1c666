"""The weekly meeting about suspensions: notes are fresh before it starts, and are edited while it goes on."""

from datetime import date, datetime, timedelta

from django.db import transaction

from ar_collections.actions.suspension_steps import NotSuspendable
from ar_collections.models import OwnerNote, SuspensionMeeting, SuspensionOwner
from ar_collections.models.suspension import lock_suspension
from ar_collections.queries.meetings import open_meeting, without_fresh_note
from core.audit import audit
from core.models import LegalEntity, User
from core.permissions import require

SENT_TWICE_WITHIN = timedelta(minutes=10)
"""The same words so soon are a form that came twice; later they say that it still stands so."""


@transaction.atomic
def write_owner_note(*, by: User, owner: SuspensionOwner, text: str, at: datetime) -> OwnerNote:
    """Say how a case stands, for oneself or for an owner who is away."""
    require(by, "collections.write_owner_note", owner.case.entity)
    case = lock_suspension(owner.case)
    text = text.strip()
    if not text:
        raise NotSuspendable("Write how the case stands.")
    if case.is_over:
        raise NotSuspendable(f"{case} is over.")
    meeting = open_meeting(case.entity)
    last, said = owner.notes.first(), (text, by.pk, meeting.pk if meeting else None)
    if last is not None and (last.text, last.by_id, last.meeting_id) == said and at - last.at < SENT_TWICE_WITHIN:
        return last

    note = OwnerNote.objects.create(owner=owner, text=text[:1000], by=by, at=at, meeting=meeting)
    audit(by, "owner_note.written", case, entity=case.entity, after={"owner": str(owner)}, reason=note.text)
    return note


@transaction.atomic
def start_meeting(*, by: User, entity: LegalEntity, on: date, at: datetime) -> SuspensionMeeting:
    """Start the weekly meeting, once every owner has said something since the last one."""
    require(by, "collections.start_meeting", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    if (going_on := open_meeting(entity)) is not None:
        return going_on
    cases, stale = without_fresh_note(entity, at=at)
    if not cases:
        raise NotSuspendable("No suspension is open; there is nothing to meet about.")
    if stale:
        named = "; ".join(f"{names} on {case.customer.name}" for case, names in stale[:6])
        more = f", and {len(stale) - 6} more" if len(stale) > 6 else ""
        raise NotSuspendable(f"The meeting starts with fresh notes. These are missing: {named}{more}.")

    meeting = SuspensionMeeting.objects.create(
        entity=entity, held_on=on, started_at=at, started_by=by, cases=len(cases)
    )
    audit(by, "meeting.started", meeting, entity=entity, after={"cases": len(cases)})
    return meeting


@transaction.atomic
def end_meeting(*, by: User, meeting: SuspensionMeeting, at: datetime) -> SuspensionMeeting:
    """End the meeting. What was written in it stays its minutes."""
    require(by, "collections.end_meeting", meeting.entity)
    meeting = SuspensionMeeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if meeting.ended_at is not None:
        return meeting

    meeting.ended_at = at
    meeting.save(update_fields=["ended_at"])
    audit(by, "meeting.ended", meeting, entity=meeting.entity)
    return meeting
