"""Calls: written down with what follows from them, told by the telephone system, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from ar_collections.actions.disputes import Claim, open_dispute
from ar_collections.actions.promises import Pledge, record_promise
from ar_collections.call_messages import DIFFICULT, MISSED_YOU
from ar_collections.calls import ANSWER_WITHIN, MOST_ATTEMPTS, TO_RETURN, CallOutcome, follows, may_try
from ar_collections.models import Call
from ar_collections.queries.calls import attempts_of, contact_with_number, managers_of
from ar_collections.queries.hours import hours_by_customer
from core import clock
from core.audit import audit
from core.calendars import calendar_of
from core.errors import Refused, SameKeyOtherContent
from core.models import LegalEntity, User
from core.permissions import require
from customers.actions import add_contact, change_contact
from customers.models import Contact, Customer, lock
from ledger.models import OpenItem
from messaging.actions import Draft, queue_messages
from messaging.recipients import STATEMENTS, Recipients, recipients_of

TIME_TO_HOLD_BACK = timedelta(minutes=15)
OLDEST_EVENT, CLOCKS_DIFFER = timedelta(days=3660), timedelta(days=1)


class NotLoggable(Refused):
    """The call cannot be written down so."""

    code = "not_loggable"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLog:
    """What is written down of a call. `correction` holds what was learnt about the contact; `told` is the call that
    the telephone system told of."""

    outcome: CallOutcome
    direction: Call.Direction = Call.Direction.OUT
    contact: Contact | None = None
    phone: str = ""
    seconds: int | None = None
    note: str = ""
    is_difficult: bool = False
    next_on: date | None = None
    pledge: Pledge | None = None
    claim: tuple[OpenItem, Claim] | None = None
    correction: Mapping[str, Any] = field(default_factory=dict)
    told: Call | None = None
    request_id: str | None = None


@transaction.atomic
def log_call(*, by: User, customer: Customer, log: CallLog, on: date) -> Call:
    """Write a call down with all that follows: the promise, the dispute, the contact put right, who is told."""
    require(by, "collections.log_call", customer.entity)
    customer = lock(customer)
    if (done := _done_before(customer, log)) is not None:
        return done
    if log.told is not None:
        told = Call.objects.select_for_update(no_key=True).get(pk=log.told.pk)
        log = replace(log, told=told)
        if _is_written_down(by, customer, log):
            return told
    tried, was_reached = attempts_of(customer, on=on, besides=log.told)
    _refuse(customer, log, on, tried, was_reached)

    contact = _corrected(by, customer, log)
    call = _row(by, customer, log, on, contact)
    call.attempt = tried + 1 if call.direction == Call.Direction.OUT else 0
    if log.pledge is not None:
        call.promise = record_promise(by=by, customer=customer, pledge=log.pledge, taken_on=on)
    if log.claim is not None:
        item, claim = log.claim
        call.dispute = open_dispute(by=by, item=item, claim=claim, opened_on=on)
    call.save()
    _answer(call, customer)

    after = {"outcome": call.outcome, "contact": str(contact or ""), "attempt": call.attempt, "next_on": call.next_on}
    audit(by, "call.logged", call, entity=customer.entity, after=after, reason=call.note)
    if call.attempt >= MOST_ATTEMPTS and not call.was_reached and not was_reached:
        _write_to(by, customer, on)
    if call.is_difficult or follows(call.outcome).tells_manager:
        _tell_managers(by, customer, call)
    return call


@transaction.atomic
def take_back_call(*, by: User, call: Call) -> Call:
    """Undo a call that was written down by mistake. A promise or dispute of it is withdrawn on its own page."""
    require(by, "collections.log_call", call.entity)
    call = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    if call.taken_back_at is not None:
        return call
    if call.promise_id or call.dispute_id:
        raise NotLoggable("A promise or dispute hangs on this call. Withdraw that; the call stays.")
    if call.agent_id != by.pk:
        raise NotLoggable("Only who wrote the call down takes it back.")
    call.taken_back_at, call.taken_back_by = clock.now(), by
    call.save(update_fields=["taken_back_at", "taken_back_by"])
    Call.objects.filter(returned_by=call).update(returned_by=None)

    audit(by, "call.taken_back", call, entity=call.entity)
    return call


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """What a telephone system tells of a call when it is over."""

    external_id: str
    direction: Call.Direction
    number: str
    started_at: datetime
    seconds: int
    is_answered: bool
    has_voicemail: bool = False
    agent: User | None = None


@transaction.atomic
def record_call_event(*, by: User, entity: LegalEntity, event: CallEvent) -> Call:
    """Take in what the telephone system tells, once: the customer by the number, the outcome as far as it is plain."""
    require(by, "collections.log_call", entity)
    if (found := Call.objects.filter(entity=entity, external_id=event.external_id).first()) is not None:
        return found
    _refuse_moment(event)
    contact = contact_with_number(entity, event.number)
    customer = lock(contact.customer) if contact else None
    on = event.started_at.astimezone(entity.zone).date()
    outcome = _plain_outcome(event, customer)
    call = Call(
        entity=entity,
        customer=customer,
        contact=contact,
        direction=event.direction,
        phone=event.number[:40],
        on=on,
        started_at=event.started_at,
        seconds=event.seconds,
        outcome=outcome,
        agent=event.agent,
        external_id=event.external_id,
    )
    if outcome in TO_RETURN:
        call.next_on = calendar_of(entity).add_business_days(on, ANSWER_WITHIN)
    if customer is not None and call.direction == Call.Direction.OUT:
        call.attempt = attempts_of(customer, on=on)[0] + 1
    if (kept := _told_once(call)) is not call:
        return kept
    if customer is not None:
        _answer(call, customer)

    audit(by, "call.told", call, entity=entity, after={"number": call.phone, "outcome": call.outcome})
    return call


def _done_before(customer: Customer, log: CallLog) -> Call | None:
    """What the same form gave before. A form that says something else now is refused."""
    found = Call.objects.filter(request_id=log.request_id).first() if log.request_id else None
    if found is not None and (found.customer_id, found.outcome) != (customer.pk, log.outcome):
        raise SameKeyOtherContent("This form has written a call down already. Load the page again.")
    return found


def _refuse_moment(event: CallEvent) -> None:
    now = clock.now()
    if not now - OLDEST_EVENT <= event.started_at <= now + CLOCKS_DIFFER:
        when = f"{event.started_at:%d %b %Y %H:%M}"
        raise NotLoggable(f"The call {event.external_id} can't have begun on {when}: look at the telephone's clock.")


def _is_written_down(by: User, customer: Customer, log: CallLog) -> bool:
    """Whether the same person wrote the same of a call that the telephone system told of: a form sent twice."""
    told, note = log.told, log.note.strip()[:1000]
    said = told and (told.agent_id, told.customer_id, told.outcome, told.note)
    return said == (by.pk, customer.pk, log.outcome, note)


def _told_once(call: Call) -> Call:
    """Keep it, or find what another hand of the telephone system has told at the same moment."""
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError:
        return Call.objects.get(entity=call.entity, external_id=call.external_id)
    return call


def _plain_outcome(event: CallEvent, customer: Customer | None) -> CallOutcome:
    if event.direction == Call.Direction.IN and not event.is_answered:
        return CallOutcome.VOICEMAIL if event.has_voicemail else CallOutcome.MISSED
    if event.direction == Call.Direction.OUT and not event.is_answered and customer is not None:
        return CallOutcome.NO_ANSWER
    return CallOutcome.UNKNOWN


def _row(by: User, customer: Customer, log: CallLog, on: date, contact: Contact | None) -> Call:
    now = clock.now()
    call = log.told or Call(
        entity=customer.entity,
        direction=log.direction,
        phone=(log.phone or (contact.phone if contact else ""))[:40],
        on=on,
        started_at=now,
        seconds=log.seconds,
        request_id=log.request_id,
    )
    call.customer, call.contact, call.agent = customer, contact or call.contact, by
    call.outcome, call.note, call.is_difficult = log.outcome, log.note.strip()[:1000], log.is_difficult
    call.next_on = log.next_on
    return call


def _refuse(customer: Customer, log: CallLog, on: date, tried: int, was_reached: bool) -> None:
    if log.contact is not None and log.contact.customer_id != customer.pk:
        raise NotLoggable(f"{log.contact.name} is no contact of {customer.name}.")
    if log.outcome == CallOutcome.UNKNOWN:
        raise NotLoggable("Say how the call ended.")
    is_out = log.direction == Call.Direction.OUT and log.told is None
    if is_out and not follows(log.outcome).reached and (why := may_try(tried, was_reached)):
        raise NotLoggable(f"{customer.name}: {why}")
    if log.outcome == CallOutcome.PROMISE and log.pledge is None:
        raise NotLoggable("Write what was promised: the amount and the day.")
    if log.outcome == CallOutcome.DISPUTE and log.claim is None:
        raise NotLoggable("Write what is disputed: the document, the amount and the reason.")
    if log.outcome == CallOutcome.CALLBACK and (log.next_on is None or log.next_on < on):
        raise NotLoggable("Write the day on which to call back.")
    if log.told is not None and log.told.outcome not in (CallOutcome.UNKNOWN, *TO_RETURN):
        raise NotLoggable("This call was written down already.")
    if log.told is not None and log.told.taken_back_at is not None:
        raise NotLoggable("This call was taken back.")


def _corrected(by: User, customer: Customer, log: CallLog) -> Contact | None:
    """The contact as it was put right, or a new one that somebody named."""
    fields = {name: value for name, value in log.correction.items() if value}
    if not fields:
        return log.contact
    if log.contact is not None:
        return change_contact(by=by, contact=log.contact, **fields)
    if "name" not in fields:
        raise NotLoggable("Write the name of the new contact.")
    return add_contact(by=by, customer=customer, role=Contact.Role.PAYMENTS, **fields)


def _answer(call: Call, customer: Customer) -> None:
    """A call to the customer returns what they left unanswered."""
    if call.outcome in TO_RETURN:
        return
    waiting = Call.objects.filter(customer=customer, outcome__in=TO_RETURN, returned_by=None, taken_back_at=None)
    waiting.filter(Q(started_at__lte=call.started_at)).exclude(pk=call.pk).update(returned_by=call)


def _write_to(by: User, customer: Customer, on: date) -> None:
    """The e-mail to whom nobody reached; it waits a little, so that it can be held back or written differently."""
    hours = hours_by_customer(customer.entity, [customer])[customer.pk]
    draft = Draft(
        kind=MISSED_YOU,
        key=str(on),
        customer=customer,
        recipients=recipients_of([customer], STATEMENTS)[customer.pk],
        document_url=reverse("collections:customer_calls", args=[customer.pk]),
        context={"on": on, "caller": by.name},
        not_before=hours.next_working(clock.now() + TIME_TO_HOLD_BACK),
    )
    queue_messages(by=by, drafts=[draft])


def _tell_managers(by: User, customer: Customer, call: Call) -> None:
    drafts = [
        Draft(
            kind=DIFFICULT,
            key=f"{call.pk}:{manager.pk}",
            customer=customer,
            recipients=Recipients(to=(manager.email,), name=manager.name),
            document_url=reverse("collections:customer_calls", args=[customer.pk]),
            context={"call": call.pk},
        )
        for manager in managers_of(customer.entity)
        if manager.pk != by.pk
    ]
    if drafts:
        queue_messages(by=by, drafts=drafts)
