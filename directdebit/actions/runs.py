"""Collection runs: prepared with their notices by one person, submitted by another, dropped before that."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from core import clock
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.models import User
from core.permissions import require
from core.series import take_numbers
from customers.models import take_turns
from directdebit.announcing import announce
from directdebit.errors import CollectionRefused, RunRefused
from directdebit.models import Collection, CollectionEvent, CollectionPart, CollectionRun, LeftOut
from directdebit.planning import Plan, Planned, Wanted
from directdebit.queries.planning import plan_of
from directdebit.queries.runs import may_be_cancelled
from directdebit.steps import step_collections

State = Collection.State


@transaction.atomic
def prepare_run(*, by: User, wanted: Wanted, request_id: str, without: Sequence[int] = ()) -> CollectionRun:
    """Gather what is due into collections and queue the notices; items in `without` are left for another run."""
    creditor = wanted.creditor
    require(by, "directdebit.prepare_run", creditor.entity)
    take_turns(plan.mandate.customer for plan in plan_of(wanted).planned)
    if (known := _prepared_before(wanted, request_id)) is not None:
        return known
    found = plan_of(wanted)
    planned = [kept for each in found.planned if (kept := _without(each, set(without))) is not None]
    _refuse(wanted, planned)

    run = CollectionRun.objects.create(
        entity=creditor.entity,
        creditor=creditor,
        due_until=wanted.due_until,
        collect_on=wanted.collect_on,
        prepared_on=wanted.prepared_on,
        request_id=request_id,
        prepared_by=by,
    )
    collections = _write(by, run, planned, wanted.prepared_on)
    _write_left(run, found, planned, set(without))
    announce(by, collections)

    after = {"collections": len(collections), "left_out": run.left_out.count(), "creditor": str(creditor)}
    audit(by, "run.prepared", run, entity=run.entity, after=after)
    return run


def _prepared_before(wanted: Wanted, request_id: str) -> CollectionRun | None:
    known = CollectionRun.objects.filter(creditor=wanted.creditor, request_id=request_id).first()
    if known is not None and (known.due_until, known.collect_on) != (wanted.due_until, wanted.collect_on):
        raise SameKeyOtherContent("This form was sent before with other days. Open it anew.")
    return known


def _refuse(wanted: Wanted, planned: Sequence[Planned]) -> None:
    if not wanted.creditor.is_active:
        raise RunRefused(f"{wanted.creditor} isn't used any more.")
    if not planned:
        raise RunRefused(
            f"Nothing is to be collected: no item due until {wanted.due_until:%d %b %Y} is left that may be drawn."
        )


def _without(planned: Planned, refused: set[int]) -> Planned | None:
    items = [item for item in planned.items if item.pk not in refused]
    if not items:
        return None
    return Planned(planned.mandate, items, planned.collect_on, planned.sequence, planned.moved_reason)


def _write(by: User, run: CollectionRun, planned: Sequence[Planned], on: date) -> list[Collection]:
    numbers = take_numbers(run.entity, "collection", on, len(planned))
    collections = Collection.objects.bulk_create(
        Collection(
            entity=run.entity,
            run=run,
            mandate=each.mandate,
            customer=each.mandate.customer,
            reference=number,
            amount=each.money.amount,
            currency=each.money.currency,
            collect_on=each.collect_on,
            moved_reason=each.moved_reason,
            sequence=each.sequence,
        )
        for each, number in zip(planned, numbers, strict=True)
    )
    CollectionPart.objects.bulk_create(
        CollectionPart(collection=collection, item=item, amount=item.open_amount)
        for collection, each in zip(collections, planned, strict=True)
        for item in each.items
    )
    CollectionEvent.objects.bulk_create(
        CollectionEvent(collection=collection, state=State.PLANNED, on=on, by=by) for collection in collections
    )
    return collections


def _write_left(run: CollectionRun, found: Plan, planned: Sequence[Planned], without: set[int]) -> None:
    taken = {item.pk for each in planned for item in each.items}
    rows = [LeftOut(run=run, item=left.item, reason=left.reason[:200]) for left in found.left]
    rows += [
        LeftOut(run=run, item=item, reason="Taken out by hand.")
        for each in found.planned
        for item in each.items
        if item.pk in without - taken
    ]
    for row in rows:
        row.amount, row.currency = row.item.open_amount, row.item.currency
    LeftOut.objects.bulk_create(rows)


@transaction.atomic
def cancel_collection(*, by: User, collection: Collection, cancelled_on: date, reason: str) -> Collection:
    """Take a collection back before its file has left, or once its provider refused it. Its items are free again."""
    require(by, "directdebit.cancel_collection", collection.entity)
    take_turns([collection.customer])
    collection = Collection.objects.select_related("entity", "customer", "mandate").get(pk=collection.pk)
    if collection.state == State.CANCELLED:
        return collection
    if not may_be_cancelled(collection):
        raise CollectionRefused(
            f"{collection} of {collection.money} is {collection.get_state_display().lower()} already."
        )
    if not reason.strip():
        raise CollectionRefused(f"Say why {collection} is cancelled.")

    step_collections(by, [collection], State.CANCELLED, cancelled_on, reason=reason)

    audit(by, "collection.cancelled", collection, entity=collection.entity, reason=reason.strip())
    return collection


@transaction.atomic
def drop_run(*, by: User, run: CollectionRun, dropped_on: date, reason: str) -> CollectionRun:
    """Take a whole run back: what of it has not left is cancelled."""
    require(by, "directdebit.drop_run", run.entity)
    waiting = run.collections.filter(state__in=(State.PLANNED, State.NOTIFIED)).select_related("customer__entity")
    take_turns(collection.customer for collection in waiting)
    run = CollectionRun.objects.select_related("entity").get(pk=run.pk)
    if run.dropped_at is not None:
        return run
    if run.submissions.exists():
        raise RunRefused(f"A file of {run} has left already; cancel the others one by one.")
    if not reason.strip():
        raise RunRefused("Say why the run is dropped.")

    step_collections(by, list(waiting), State.CANCELLED, dropped_on, reason=reason)
    run.dropped_by, run.dropped_at = by, clock.now()
    run.save(update_fields=["dropped_by", "dropped_at"])

    audit(by, "run.dropped", run, entity=run.entity, reason=reason.strip())
    return run
