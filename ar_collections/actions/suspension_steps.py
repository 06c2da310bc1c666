"""Writing down what happened in a suspension, and telling whoever must know."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from ar_collections.actions.holds import lift_hold
from ar_collections.models import SuspensionCase, SuspensionStep
from ar_collections.queries.calls import managers_of
from ar_collections.queries.suspension import policy_of
from ar_collections.suspension import Ending, Stage
from ar_collections.suspension_messages import RESTORE, SUSPEND, TOLD
from core.audit import audit
from core.errors import Refused
from core.models import StoredFile, User
from core.permissions import require, system_user
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.recipients import Recipients

Kind = SuspensionStep.Kind
LONGEST = 500


class NotSuspendable(Refused):
    """The step can't be taken."""

    code = "not_suspendable"


@transaction.atomic
def note_step(
    *,
    by: User,
    case: SuspensionCase,
    kind: SuspensionStep.Kind,
    on: date,
    note: str = "",
    message: Message | None = None,
    file: StoredFile | None = None,
) -> SuspensionStep:
    """Write a step of a case down, for good, with its audit line."""
    require(by, "collections.view", case.entity)
    step = SuspensionStep.objects.create(
        case=case, kind=kind, on=on, by=by, note=note.strip()[:LONGEST], message=message, file=file
    )
    after = {"step": step.get_kind_display(), "stage": case.get_stage_display()}
    audit(by, f"suspension.{kind.value}", case, entity=case.entity, after=after, reason=step.note)
    return step


@transaction.atomic
def tell_managers(*, by: User, step: SuspensionStep) -> list[Message]:
    """Write to the managers what changed the position of a case; whoever did it knows."""
    require(by, "collections.view", step.case.entity)
    drafts = [
        Draft(
            kind=TOLD,
            key=f"{step.pk}:{manager.pk}",
            customer=step.case.customer,
            recipients=Recipients(to=(manager.email,), name=manager.name),
            document_url=reverse("collections:suspension", args=[step.case_id]),
            context={"step": step.pk},
        )
        for manager in managers_of(step.case.entity)
        if manager.pk != by.pk
    ]
    return queue_messages(by=system_user(), drafts=drafts) if drafts else []


@transaction.atomic
def ask_support(*, by: User, case: SuspensionCase, on: date, why: str) -> SuspensionStep:
    """Ask support to stop the service, or to bring it back: what the case's stage says."""
    require(by, "collections.view", case.entity)
    policy = policy_of(case.entity)
    if policy is None:
        raise NotSuspendable("Nobody has said to whom requests to support go. Settings, Suspensions.")
    restores = case.stage == Stage.RESTORING
    copies = [owner.person.email for owner in case.owners.select_related("person")]
    draft = Draft(
        kind=RESTORE if restores else SUSPEND,
        key=str(case.pk),
        customer=case.customer,
        recipients=Recipients(to=(policy.support_email,), cc=tuple(dict.fromkeys(copies)), name=policy.support_name),
        document_url=reverse("collections:suspension", args=[case.pk]),
        context={"case": case.pk, "why": why},
    )
    [message] = queue_messages(by=system_user(), drafts=[draft])
    kind = Kind.RESTORE if restores else Kind.REQUESTED
    step = note_step(by=by, case=case, kind=kind, on=on, note=why, message=message)
    if restores:
        tell_managers(by=by, step=step)
    return step


@transaction.atomic
def close_suspension(
    *, by: User, case: SuspensionCase, ending: Ending, on: date, note: str, kinds: Sequence[SuspensionStep.Kind] = ()
) -> SuspensionCase:
    """End a case for good, and let the ladders of its documents go on."""
    require(by, "collections.view", case.entity)
    case.stage, case.ending, case.ended_on = Stage.ENDED, ending, on
    case.save(update_fields=["stage", "ending", "ended_on", "position"])
    for part in case.items.select_related("hold__entity", "hold__customer__entity"):
        if part.hold.lifted_on is None:
            lift_hold(by=system_user(), hold=part.hold, reason=f"{case}: {ending.label.lower()}", lifted_on=on)
    for kind in (*kinds, Kind.ENDED):
        step = note_step(by=by, case=case, kind=kind, on=on, note=note or ending.label)
    tell_managers(by=by, step=step)
    return case
