"""Letting collections and instructions leave: the file is made, kept, and fetched for the bank."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from ar_collections.queries.disputes import disputed_amounts
from core import clock
from core.audit import audit
from core.files import store_file
from core.models import User
from core.money import ZERO, Money
from core.permissions import require
from customers.models import take_turns
from directdebit.announcing import note_notices
from directdebit.errors import MandateRefused, RunRefused, SecondPersonNeeded
from directdebit.models import Collection, CollectionRun, Creditor, Mandate, MandateEvent, Submission
from directdebit.output import Output, collections_file, instructions_file
from directdebit.schemes import days_for, earliest_by_notice, usable_from
from directdebit.steps import count_use, step_collections, step_mandate

State = Collection.State


@transaction.atomic
def submit_collections(*, by: User, run: CollectionRun, collect_on: date, submitted_on: date) -> Submission:
    """Let a day's collections of a run leave. Those that may not any more are cancelled, each with its reason."""
    require(by, "directdebit.submit_collections", run.entity)
    take_turns(each.customer for each in run.collections.select_related("customer__entity"))
    run = CollectionRun.objects.select_related("creditor__bank_account", "entity", "prepared_by").get(pk=run.pk)
    if (before := run.submissions.filter(collect_on=collect_on).first()) is not None:
        return before
    _refuse(by, run, collect_on, submitted_on)
    going = _still_going(by, run, collect_on, submitted_on)

    submission = _submission(by, run, going, collect_on)
    Collection.objects.filter(pk__in=[each.pk for each in going]).update(submission=submission)
    step_collections(by, going, State.SUBMITTED, submitted_on)
    count_use(by, going, submitted_on)

    after = {"count": submission.count, "amount": str(submission.money), "collect_on": collect_on}
    audit(by, "collections.submitted", submission, entity=run.entity, after=after)
    return submission


def _refuse(by: User, run: CollectionRun, collect_on: date, submitted_on: date) -> None:
    if run.prepared_by_id == by.pk:
        raise SecondPersonNeeded(f"You prepared {run} yourself; somebody else has to submit it.")
    if run.dropped_at is not None:
        raise RunRefused(f"{run} was dropped.")
    latest = days_for(run.creditor.scheme, collect_on).input_on
    if submitted_on > latest:
        raise RunRefused(
            f"A file for {collect_on:%d %b %Y} had to be in by {latest:%d %b %Y}. Drop what is left and prepare anew."
        )


def _still_going(by: User, run: CollectionRun, collect_on: date, on: date) -> list[Collection]:
    """The day's collections that may leave; the others are cancelled with the reason."""
    rows = run.collections.filter(collect_on=collect_on, state__in=(State.PLANNED, State.NOTIFIED))
    rows = rows.select_related("mandate__bank_account", "mandate__customer", "customer", "notice", "entity")
    going: list[Collection] = []
    stopped: list[tuple[Collection, str]] = []
    collections = list(rows.prefetch_related("parts__item"))
    note_notices(by, collections, on)
    items = [part.item_id for collection in collections for part in collection.parts.all()]
    contested = disputed_amounts(items, as_of=on)
    for collection in collections:
        if reason := _why_not(collection, run.creditor, contested):
            stopped.append((collection, reason))
        else:
            going.append(collection)
    for collection, reason in stopped:
        step_collections(by, [collection], State.CANCELLED, on, reason=reason)
    if not going:
        why = f" {stopped[0][0]}: {stopped[0][1]}" if stopped else ""
        raise RunRefused(f"Nothing of {run} can leave for {collect_on:%d %b %Y}.{why}")
    return going


def _why_not(collection: Collection, creditor: Creditor, contested: Mapping[int, Decimal]) -> str:
    """Why a collection must not leave, at the second of leaving."""
    mandate = collection.mandate
    if not mandate.is_live or mandate.is_paused:
        return f"Mandate {mandate} is {mandate.get_state_display().lower()}{', paused' if mandate.is_paused else ''}."
    if not mandate.bank_account.is_verified:
        return f"Account {mandate.bank_account} isn't verified any more."
    if collection.state != State.NOTIFIED or collection.notified_on is None:
        return "The payer's notice has not left."
    earliest = earliest_by_notice(creditor.scheme, collection.notified_on, creditor.notice_days)
    if collection.collect_on < earliest:
        return f"The notice left on {collection.notified_on:%d %b %Y}; it allows {earliest:%d %b %Y} at the earliest."
    if mandate.use == Mandate.Use.ONE_OFF and mandate.collections_made:
        return f"Mandate {mandate} was for one collection, which was made."
    left = {part: part.item.open_amount - contested.get(part.item_id, ZERO) for part in collection.parts.all()}
    changed = [part.item.number for part, amount in left.items() if amount < part.amount]
    return f"{', '.join(changed)} was settled or disputed meanwhile." if changed else ""


def _submission(by: User, run: CollectionRun, going: Sequence[Collection], collect_on: date) -> Submission:
    creditor = run.creditor
    days, serial = days_for(creditor.scheme, collect_on), _take_serial(creditor)
    name = _name(creditor, f"{collect_on:%y%m%d}-{serial}")
    output = Output(creditor, serial, name, clock.now().astimezone(run.entity.zone), days.processed_on, collect_on)
    content = collections_file(output, going) if creditor.writes_files else None
    ending = "xml" if creditor.scheme.startswith("sepa") else "txt"
    total = sum((each.amount for each in going), ZERO)
    return Submission.objects.create(
        entity=run.entity,
        creditor=creditor,
        kind=Submission.Kind.COLLECTIONS,
        run=run,
        collect_on=collect_on,
        input_on=days.input_on,
        processed_on=days.processed_on,
        serial=serial,
        name=name,
        count=len(going),
        amount=total,
        currency=creditor.currency,
        file=store_file(by, run.entity, f"{name}.{ending}", content, is_sealed=True) if content else None,
        prepared_by=run.prepared_by,
        approved_by=by,
    )


def _name(creditor: Creditor, rest: str) -> str:
    """What the file is called, in letters that every scheme carries back."""
    return f"{creditor.code.replace('_', '-')}-{rest}"[:35]


def _take_serial(creditor: Creditor) -> int:
    """The next number of a file of the creditor's; the last lock of an action."""
    locked = Creditor.objects.select_for_update(no_key=True).get(pk=creditor.pk)
    Creditor.objects.filter(pk=creditor.pk).update(next_serial=F("next_serial") + 1)
    return locked.next_serial


@transaction.atomic
def lodge_mandates(*, by: User, creditor: Creditor, lodged_on: date) -> Submission:
    """Make the file that lodges new instructions and cancels ended ones with the payers' banks."""
    require(by, "directdebit.lodge_mandates", creditor.entity)
    rows = creditor.mandates.select_related("customer__entity", "bank_account", "creditor", "entity")
    take_turns(mandate.customer for mandate in rows.filter(state=Mandate.State.PENDING_LODGEMENT))
    new = list(rows.filter(state=Mandate.State.PENDING_LODGEMENT))
    ended = list(rows.filter(cancellation_due=True))
    _refuse_lodging(creditor, new, ended)

    submission = _instructions(by, creditor, new, ended, lodged_on)
    for mandate in new:
        mandate.lodged_on, mandate.usable_from = lodged_on, usable_from(creditor.scheme, lodged_on)
        reason = f"Lodged by {submission.name}."
        step_mandate(by, mandate, Mandate.State.LODGED, lodged_on, reason=reason, source=MandateEvent.Source.FILE)
    creditor.mandates.filter(pk__in=[mandate.pk for mandate in ended]).update(cancellation_due=False)

    after = {"lodged": len(new), "cancelled": len(ended)}
    audit(by, "mandates.lodged", submission, entity=creditor.entity, after=after)
    return submission


def _refuse_lodging(creditor: Creditor, new: Sequence[Mandate], ended: Sequence[Mandate]) -> None:
    if not creditor.rules.lodged_before or not creditor.writes_files:
        raise MandateRefused(f"{creditor} needs no file of instructions.")
    if not new and not ended:
        raise MandateRefused("No mandate waits to be lodged or cancelled.")
    for mandate in new:
        if not mandate.bank_account.is_verified:
            raise MandateRefused(f"Mandate {mandate}: account {mandate.bank_account} isn't verified any more.")


def _instructions(
    by: User, creditor: Creditor, new: Sequence[Mandate], ended: Sequence[Mandate], on: date
) -> Submission:
    entity, calendar = creditor.entity, creditor.rules.calendar
    input_on, serial = calendar.roll_forward(on), _take_serial(creditor)
    processed_on = calendar.add_business_days(input_on, 1)
    name = _name(creditor, f"AUDDIS-{on:%y%m%d}-{serial}")
    output = Output(creditor, serial, name, clock.now().astimezone(entity.zone), processed_on, processed_on)
    return Submission.objects.create(
        entity=entity,
        creditor=creditor,
        kind=Submission.Kind.INSTRUCTIONS,
        input_on=input_on,
        processed_on=processed_on,
        serial=serial,
        name=name,
        count=len(new) + len(ended),
        amount=Money(ZERO, creditor.currency).amount,
        currency=creditor.currency,
        file=store_file(by, entity, f"{name}.txt", instructions_file(output, new, ended), is_sealed=True),
        prepared_by=by,
        approved_by=by,
    )


@transaction.atomic
def take_submission(*, by: User, submission: Submission) -> Submission:
    """Fetch the file for the bank. The first time is marked, so that nobody hands it in twice unaware."""
    require(by, "directdebit.take_submission", submission.entity)
    submission = Submission.objects.select_for_update(of=("self",), no_key=True).get(pk=submission.pk)
    if submission.file_id is None:
        raise RunRefused(f"{submission} went through a provider; there is no file.")
    if submission.taken_at is None:
        submission.taken_by, submission.taken_at = by, clock.now()
        submission.save(update_fields=["taken_by", "taken_at"])
    audit(by, "submission.taken", submission, entity=submission.entity)
    return submission
