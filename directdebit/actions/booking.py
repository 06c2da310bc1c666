"""Booking what came back: each collection once, however often and by whichever way it is told.

What is not certain is never booked: it waits for a person, with the reason.
"""

from datetime import date

from django.db import transaction

from core import clock
from core.audit import audit
from core.calendars import calendar_of
from core.errors import Refused
from core.models import User
from core.permissions import require
from customers.models import lock
from directdebit.actions.effects import Effects
from directdebit.models import Collection, Mandate, ReturnedDebit
from directdebit.queries.finding import Found, Told, find_collection, find_mandate
from directdebit.returns import Kind
from directdebit.returns.reasons import reason_of
from ledger.actions import end_claim, open_claim

State = ReturnedDebit.State
OPEN = (State.NEW, State.WAITING)
PAID = (Collection.State.PRESUMED_PAID, Collection.State.CONFIRMED_PAID)
DAYS_UNTIL_A_CLAIM_IS_DEBITED = 14


class ReturnNotOpen(Refused):
    """The return was booked or set aside before, or cannot be what was chosen."""

    code = "return_not_open"


@transaction.atomic
def book_return(*, by: User, returned: ReturnedDebit, on: date) -> ReturnedDebit:
    """Carry out what a return means: receipt, documents, fees, mandate, follow-up. In doubt it waits for a person."""
    require(by, "directdebit.book_return", returned.entity)
    returned = _locked(returned)
    if returned.state not in OPEN:
        return returned

    reason = reason_of(returned.codes, returned.code)
    if reason is None or returned.kind == Kind.OTHER and not returned.mandate_reference:
        return _wait(by, returned, f"The code {returned.code} of {returned.codes} is not known. Say what it means.")
    found = _find(returned)
    if found.mandate is None or found.why_not:
        return _wait(by, returned, found.why_not, found.mandate)
    lock(found.mandate.customer)

    effects = Effects(by, returned, reason, on)
    returned.mandate, returned.collection = found.mandate, found.collection
    if found.collection is not None:
        return _book_money(effects, Collection.objects.get(pk=found.collection.pk), found)
    return _book_mandate(effects, Mandate.objects.get(pk=found.mandate.pk))


@transaction.atomic
def assign_return(*, by: User, returned: ReturnedDebit, collection: Collection, on: date) -> ReturnedDebit:
    """Say which collection came back, where the bank's words don't; it is booked at once."""
    require(by, "directdebit.assign_return", returned.entity)
    returned = _locked(returned)
    if returned.state not in OPEN:
        raise ReturnNotOpen(f"{returned} is {returned.get_state_display().lower()} already.")
    if not Kind(returned.kind).is_about_money:
        raise ReturnNotOpen(f"{returned} is about a mandate; no collection came back.")
    if collection.entity_id != returned.entity_id or returned.money and returned.money != collection.money:
        raise ReturnNotOpen(f"{collection} drew {collection.money}; {returned.money} came back.")

    ReturnedDebit.objects.filter(pk=returned.pk).update(collection=collection, mandate=collection.mandate)
    audit(by, "return.assigned", returned, entity=returned.entity, after={"collection": collection.reference})
    return book_return(by=by, returned=returned, on=on)


@transaction.atomic
def set_aside_return(*, by: User, returned: ReturnedDebit, reason: str) -> ReturnedDebit:
    """Say that a return is none of ours, or was dealt with otherwise: it waits no longer."""
    require(by, "directdebit.set_aside_return", returned.entity)
    returned = _locked(returned)
    if returned.state == State.SET_ASIDE:
        return returned
    if returned.state not in OPEN:
        raise ReturnNotOpen(f"{returned} is {returned.get_state_display().lower()} already.")
    if not reason.strip():
        raise ReturnNotOpen(f"Say why {returned} is set aside: auditors will ask.")

    returned.state, returned.why = State.SET_ASIDE, reason.strip()[:400]
    _decide(by, returned)

    audit(by, "return.set_aside", returned, entity=returned.entity, reason=reason)
    return returned


@transaction.atomic
def leave_waiting(*, by: User, returned: ReturnedDebit, why: str) -> ReturnedDebit:
    """Booking was refused: it waits for a person, with the refusal."""
    require(by, "directdebit.leave_waiting", returned.entity)
    returned = _locked(returned)
    return _wait(by, returned, why, returned.mandate) if returned.state in OPEN else returned


@transaction.atomic
def debit_claim(*, by: User, returned: ReturnedDebit, on: date) -> ReturnedDebit:
    """The bank takes the money of a claim: the receipt is undone, the debt stays what it was."""
    require(by, "directdebit.debit_claim", returned.entity)
    returned = _locked(returned)
    claim, collection = returned.claim, returned.collection
    reason = reason_of(returned.codes, returned.code)
    if claim is None or collection is None or reason is None or claim.ended_on is not None:
        return returned
    lock(collection.customer)

    Effects(by, returned, reason, on).take_back(collection, Collection.State.CLAIMED)
    end_claim(by=by, claim=claim, ended_on=on, outcome="The bank took the money back.")
    returned.why = ""
    returned.save(update_fields=["receipt", "why"])

    audit(by, "claim.debited", returned, entity=returned.entity, after={"on": on, "amount": collection.amount})
    return returned


@transaction.atomic
def defer_claim(*, by: User, returned: ReturnedDebit, why: str) -> ReturnedDebit:
    """The money of a claim could not be taken off the books yet: the return says why until it can."""
    require(by, "directdebit.defer_claim", returned.entity)
    returned = _locked(returned)
    if returned.why == why[:400]:
        return returned

    returned.why = why[:400]
    returned.save(update_fields=["why"])

    audit(by, "claim.deferred", returned, entity=returned.entity, reason=why)
    return returned


# Booking -------------------------------------------------------------------------------------------------------------


def _find(returned: ReturnedDebit) -> Found:
    if returned.collection is not None:
        return Found(returned.collection.mandate, returned.collection)
    told = Told.of(returned)
    return find_collection(told) if Kind(returned.kind).is_about_money else find_mandate(told)


def _book_money(effects: Effects, collection: Collection, found: Found) -> ReturnedDebit:
    by, returned = effects.by, effects.returned
    if returned.kind == Kind.CLAIM_CANCELLED:
        return _end_claim(effects, collection)
    first = _told_before(returned, collection)
    if first is not None:
        return _same_as(by, returned, first)
    if found.came_back or collection.state not in (Collection.State.SUBMITTED, *PAID):
        return _wait(by, returned, f"{collection} is {collection.get_state_display().lower()} already.", found.mandate)
    if returned.kind == Kind.CLAIMED:
        return _open_claim(effects, collection)

    effects.take_back(collection, Collection.State.RETURNED)
    effects.charge_fees(collection)
    return _booked(effects, collection.mandate, collection)


def _open_claim(effects: Effects, collection: Collection) -> ReturnedDebit:
    """Nothing of the customer is refunded from now on; the money goes when the bank says so."""
    returned, receipt = effects.returned, collection.receipt
    if receipt is None or not receipt.is_live:
        return _wait(
            effects.by, returned, f"{collection} has no receipt that could be claimed back.", collection.mandate
        )
    if returned.effective_on is None:
        calendar = calendar_of(returned.entity)
        returned.debit_on = calendar.add_business_days(effects.on, DAYS_UNTIL_A_CLAIM_IS_DEBITED)
    else:
        returned.debit_on = returned.effective_on
    returned.receipt = receipt
    returned.claim = open_claim(
        by=effects.by,
        item=receipt.item,
        reference=returned.claim_reference or f"{returned.codes} {returned.pk}",
        reason=effects.sentence,
        claimed_on=effects.on,
    )
    booked = _booked(effects, collection.mandate, collection)
    if booked.debit_on and booked.debit_on <= effects.on:
        return debit_claim(by=effects.by, returned=booked, on=effects.on)
    return booked


def _end_claim(effects: Effects, collection: Collection) -> ReturnedDebit:
    """The payer's bank gave the claim up: refunds are free again. What it had taken already comes in as money."""
    returned = effects.returned
    claims = ReturnedDebit.objects.filter(collection=collection, kind=Kind.CLAIMED, state=State.BOOKED)
    first = claims.select_related("claim__item__entity", "claim__item__customer").first()
    if first is None or first.claim is None:
        return _wait(effects.by, returned, f"No claim on {collection} is known.", collection.mandate)
    if first.claim.ended_on is not None:
        return _wait(
            effects.by, returned, f"{first.claim} was debited; the money comes back as a receipt.", collection.mandate
        )
    end_claim(by=effects.by, claim=first.claim, ended_on=effects.on, outcome="The payer's bank cancelled the claim.")
    returned.state, returned.why = State.BOOKED, ""
    _decide(effects.by, returned)
    audit(effects.by, "return.booked", returned, entity=returned.entity, after={"claim": str(first.claim)})
    return returned


def _book_mandate(effects: Effects, mandate: Mandate) -> ReturnedDebit:
    returned = effects.returned
    ended = {Kind.MANDATE_CANCELLED, Kind.MANDATE_REFUSED}
    if returned.kind in ended and mandate.is_ended:
        rows = ReturnedDebit.objects.filter(mandate=mandate, kind__in=ended, state=State.BOOKED)
        first = rows.exclude(pk=returned.pk).order_by("pk").first()
        if first is not None:
            return _same_as(effects.by, returned, first)
    if returned.kind == Kind.MANDATE_REINSTATED and _has_successor(mandate):
        return _wait(
            effects.by, returned, f"{mandate} is reinstated, but {mandate.customer.name} has a newer one.", mandate
        )
    return _booked(effects, mandate, None)


def _has_successor(mandate: Mandate) -> bool:
    rows = Mandate.objects.filter(creditor=mandate.creditor, customer=mandate.customer, state__in=Mandate.UNDER_WAY)
    return rows.exclude(pk=mandate.pk).exists()


def _booked(effects: Effects, mandate: Mandate, collection: Collection | None) -> ReturnedDebit:
    """Mandate, people, the row itself and the audit trail."""
    by, returned = effects.by, effects.returned
    effects.change_mandate(mandate)
    effects.tell_people(mandate, collection)
    returned.state, returned.why = State.BOOKED, ""
    _decide(by, returned)

    after = {"reason": effects.sentence, "mandate": mandate.reference, "collection": str(collection or "")}
    audit(by, "return.booked", returned, entity=returned.entity, after=after)
    return returned


def _told_before(returned: ReturnedDebit, collection: Collection) -> ReturnedDebit | None:
    rows = ReturnedDebit.objects.filter(collection=collection, kind=returned.kind, state=State.BOOKED)
    return rows.exclude(pk=returned.pk).first()


def _same_as(by: User, returned: ReturnedDebit, first: ReturnedDebit) -> ReturnedDebit:
    returned.state, returned.same_as, returned.why = State.TOLD_BEFORE, first, ""
    _decide(by, returned)
    audit(by, "return.told_before", returned, entity=returned.entity, after={"first": first.pk})
    return returned


def _wait(by: User, returned: ReturnedDebit, why: str, mandate: Mandate | None = None) -> ReturnedDebit:
    """Leave it to a person; asked again, it says the same without another trace."""
    if (returned.state, returned.why) == (State.WAITING, why[:400]):
        return returned
    returned.state, returned.why, returned.mandate, returned.collection = State.WAITING, why[:400], mandate, None
    returned.save(update_fields=["state", "why", "mandate", "collection"])
    audit(by, "return.waits", returned, entity=returned.entity, reason=why)
    return returned


def _decide(by: User, returned: ReturnedDebit) -> None:
    returned.decided_by, returned.decided_at = by, clock.now()
    returned.save()


def _locked(returned: ReturnedDebit) -> ReturnedDebit:
    rows = ReturnedDebit.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "entity", "collection__mandate__customer__entity", "collection__receipt__item", "claim__item__entity"
    )
    return rows.get(pk=returned.pk)
