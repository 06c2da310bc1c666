"""Holds: nothing is asked of a customer, or for one item, until a day or until somebody lifts the hold."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from ar_collections.models import DunningHold
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import User
from core.permissions import require
from customers.models import Customer, lock
from ledger.models import OpenItem


class NotHeldSo(Refused):
    """A hold cannot be placed like that."""

    code = "not_held_so"


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """What is held back, why, and until when; without an item, everything of the customer."""

    kind: DunningHold.Kind
    reason: str
    item: OpenItem | None = None
    channel: str = ""
    until: date | None = None


@transaction.atomic
def place_hold(*, by: User, customer: Customer, facts: HoldFacts, placed_on: date) -> DunningHold:
    """Ask nothing of a customer, or for one item. A message that waits in the outbox is held back, too."""
    require(by, "collections.place_hold", customer.entity)
    customer = lock(customer)
    standing = DunningHold.objects.filter(
        customer=customer, item=facts.item, kind=facts.kind, channel=facts.channel, lifted_on=None
    )
    for hold in standing:
        if (hold.until, hold.reason) == (facts.until, facts.reason.strip()):
            return hold
    _refuse(customer, facts, placed_on)

    hold = DunningHold.objects.create(
        entity=customer.entity,
        customer=customer,
        item=facts.item,
        kind=facts.kind,
        channel=facts.channel,
        reason=facts.reason.strip()[:300],
        placed_on=placed_on,
        until=facts.until,
        placed_by=by,
        placed_at=clock.now(),
    )

    after = {"kind": hold.kind, "item": facts.item.number if facts.item else "", "until": facts.until}
    audit(by, "hold.placed", hold, entity=customer.entity, after=after, reason=hold.reason)
    return hold


@transaction.atomic
def lift_hold(*, by: User, hold: DunningHold, reason: str, lifted_on: date) -> DunningHold:
    """Let the ladder go on where it stood."""
    require(by, "collections.lift_hold", hold.entity)
    lock(hold.customer)
    hold = DunningHold.objects.select_for_update(no_key=True, of=("self",)).select_related("entity").get(pk=hold.pk)
    if hold.lifted_on is not None:
        return hold
    if not reason.strip():
        raise Refused("Say why the hold is lifted.")

    hold.lifted_on, hold.lifted_by = max(lifted_on, hold.placed_on), by
    hold.lift_reason = reason.strip()[:300]
    hold.save(update_fields=["lifted_on", "lifted_by", "lift_reason"])

    audit(by, "hold.lifted", hold, entity=hold.entity, reason=hold.lift_reason)
    return hold


def _refuse(customer: Customer, facts: HoldFacts, on: date) -> None:
    if not facts.reason.strip():
        raise NotHeldSo(f"Say why nothing is asked of {customer.name}.")
    if facts.item is not None and facts.item.customer_id != customer.pk:
        raise NotHeldSo(f"{facts.item.number} is no document of {customer.name}.")
    if facts.item is not None and facts.kind == DunningHold.Kind.DO_NOT_CONTACT:
        raise NotHeldSo("“Do not contact” is about a customer, not about one document.")
    if facts.channel and facts.kind != DunningHold.Kind.DO_NOT_CONTACT:
        raise NotHeldSo("Only “do not contact” is about one way of contact.")
    if facts.until is not None and facts.until < on:
        raise NotHeldSo(f"{facts.until:%d %b %Y} is over already; choose a later day.")
