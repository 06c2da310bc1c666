"""Presenting again what came back, with the next run."""

from datetime import date

from django.db import transaction

from core.audit import audit
from core.errors import Refused
from core.models import User
from core.permissions import require
from core.series import take_numbers
from customers.models import take_turns
from directdebit.announcing import announce
from directdebit.models import Collection, CollectionEvent, CollectionPart, CollectionRun
from directdebit.planning import Wanted, collection_day
from directdebit.queries.representing import Proposal, proposals
from directdebit.steps import step_collections

State = Collection.State


class NothingToPresent(Refused):
    """Nothing that came back may be presented again on that day."""

    code = "nothing_to_present"


@transaction.atomic
def present_again(*, by: User, run: CollectionRun, on: date) -> list[Collection]:
    """Add to a prepared run what came back and may be presented again: same amount, same documents."""
    require(by, "directdebit.present_again", run.entity)
    take_turns(each.collection.customer for each in proposals(run.creditor, run.collect_on))
    if run.submissions.exists() or run.dropped_at is not None:
        raise NothingToPresent(f"{run} has left or was dropped. Prepare another run.")
    found = [each for each in proposals(run.creditor, run.collect_on) if _day(run, each, on) is not None]
    if not found:
        raise NothingToPresent(f"Nothing that came back may be presented again with {run}.")

    numbers = take_numbers(run.entity, "collection", on, len(found))
    made = [_write(by, run, each, number, on) for each, number in zip(found, numbers, strict=True)]
    announce(by, made)

    audit(by, "run.presented_again", run, entity=run.entity, after={"collections": [str(each) for each in made]})
    return made


def _day(run: CollectionRun, proposal: Proposal, on: date) -> date | None:
    """The first day that keeps the notice, if the scheme still lets it be presented then."""
    wanted = Wanted(run.creditor, run.due_until, run.collect_on, on)
    day, _ = collection_day(wanted, proposal.collection.mandate)
    return day if proposal.until is None or day <= proposal.until else None


def _write(by: User, run: CollectionRun, proposal: Proposal, number: str, on: date) -> Collection:
    old = proposal.collection
    collection = Collection.objects.create(
        entity=run.entity,
        run=run,
        mandate=old.mandate,
        customer=old.customer,
        reference=number,
        amount=old.amount,
        currency=old.currency,
        collect_on=_day(run, proposal, on) or run.collect_on,
        sequence=Collection.Sequence.RE_PRESENTED,
        re_presents=old,
    )
    CollectionPart.objects.bulk_create(
        CollectionPart(collection=collection, item=part.item, amount=part.amount)
        for part in old.parts.select_related("item")
    )
    CollectionEvent.objects.create(collection=collection, state=State.PLANNED, on=on, by=by)
    step_collections(by, [old], State.RE_PRESENTED, on, reason=f"Presented again as {number}.")
    follow_up = proposal.follow_up
    follow_up.done_on, follow_up.done_by, follow_up.outcome = on, by, f"Presented again as {number}."
    follow_up.save(update_fields=["done_on", "done_by", "outcome"])
    return collection
