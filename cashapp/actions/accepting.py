"""Accepting many proposals at once: the list that a person saw, posted line by line in a run."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from cashapp.actions.desk import Verdict, match_line
from cashapp.errors import NothingChosen, StaleProposal
from cashapp.models import Acceptance, AcceptedLine, MatchTask, Receipt
from cashapp.queries.accepting import proposed
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, Run, User
from core.permissions import require
from core.runs import start_run
from ledger.models import OpenItem

KIND = "accept_proposals"
MOST_LINES = 500


@transaction.atomic
def accept_proposals(*, by: User, entity: LegalEntity, seen: Mapping[int, int], on: date, request_id: UUID) -> Run:
    """Start posting the proposals of a list that was looked at; `seen` is the version of each line by its key."""
    require(by, "cashapp.accept_proposals", entity)
    if known := Acceptance.objects.filter(request_id=request_id).select_related("run").first():
        return known.run
    tasks = list(MatchTask.objects.filter(entity=entity, pk__in=list(seen), proposed_at__isnull=False).order_by("pk"))
    if not tasks or len(tasks) > MOST_LINES:
        raise NothingChosen(f"Choose at least one line and at most {MOST_LINES}; {len(tasks)} were chosen.")

    run, _ = start_run(
        by,
        entity,
        KIND,
        on,
        title=f"Matching {len(tasks)} lines as proposed",
        part=str(request_id),
        total=len(tasks),
        link=reverse("cashapp:desk"),
    )
    acceptance = Acceptance.objects.create(entity=entity, request_id=request_id, run=run, accepted_by=by)
    AcceptedLine.objects.bulk_create(
        AcceptedLine(acceptance=acceptance, task=task, seen=seen[task.pk], proposed_at=_moment(task)) for task in tasks
    )

    audit(by, "proposals.accepted", acceptance, entity=entity, after={"lines": len(tasks)})
    return run


@transaction.atomic
def match_accepted(*, by: User, accepted: AcceptedLine) -> Receipt | None:
    """Post one line of an accepted list as it was seen; refused by itself when anything changed since."""
    entity = accepted.acceptance.entity
    require(by, "cashapp.match_accepted", entity)
    accepted = AcceptedLine.objects.select_for_update(no_key=True, of=("self",)).get(pk=accepted.pk)
    if accepted.done_at is not None:
        return None
    task = MatchTask.objects.select_related("line__bank_account__entity", "customer__entity", "customer__terms").get(
        pk=accepted.task_id
    )
    items = {item.pk: item for item in OpenItem.objects.filter(pk__in=[each["item"] for each in task.applied])}
    now = proposed(task, items)
    if task.proposed_at != accepted.proposed_at:
        raise StaleProposal("The line was matched anew since you looked at it. Look at its proposal again.")
    if task.version == accepted.seen and now.refusal:
        raise Refused(now.refusal)
    if task.customer is None:
        raise StaleProposal("Nothing is proposed for the line any more.")

    verdict = Verdict(customer=task.customer, pays=now.pays, seen=accepted.seen)
    receipt = match_line(by=by, line=task.line, verdict=verdict)
    accepted.done_at = clock.now()
    accepted.save(update_fields=["done_at"])
    return receipt


@transaction.atomic
def leave_out_accepted(*, by: User, accepted: AcceptedLine, refusal: str) -> AcceptedLine:
    """Keep why a line of an accepted list was not posted."""
    require(by, "cashapp.leave_out_accepted", accepted.acceptance.entity)
    accepted.refusal, accepted.done_at = refusal[:400], clock.now()
    accepted.save(update_fields=["refusal", "done_at"])
    audit(by, "proposal.left_out", accepted, entity=accepted.acceptance.entity, reason=refusal)
    return accepted


def _moment(task: MatchTask) -> datetime:
    if task.proposed_at is None:
        raise Refused("Nothing was proposed for the line yet.")
    return task.proposed_at
