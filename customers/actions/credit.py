"""Putting customers on credit hold and letting them go on."""

from datetime import date
from typing import Any

from django.db import transaction

from core.audit import audit, changes
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from customers.checks import refuse_invalid
from customers.models import CreditHold, CreditPolicy, CreditRelease, Customer, lock
from customers.queries.credit import holds_in_force, policy_of

SETTINGS = frozenset("stops_drafting stops_issuing stops_activating stops_renewing horizon_days".split())


class HoldRefused(Refused):
    """The hold is there already, or there is none to release."""

    code = "hold_refused"


@transaction.atomic
def place_credit_hold(
    *, by: User, customer: Customer, reason: str, placed_on: date, until: date | None = None
) -> CreditHold:
    """Stop selling to a customer on credit, as far as the company's policy says, until a day or until released."""
    require(by, "customers.place_credit_hold", customer.entity)
    customer = lock(customer)
    if not reason.strip():
        raise HoldRefused("Write why: whoever is stopped by the hold reads it first.")
    if (there := holds_in_force(as_of=placed_on).filter(customer=customer).first()) is not None:
        raise HoldRefused(f"{customer} is on hold since {there.placed_on:%d %b %Y} already: {there.reason}")

    hold = CreditHold(customer=customer, reason=reason.strip(), placed_on=placed_on, until=until, placed_by=by)
    refuse_invalid(hold)
    hold.save(force_insert=True)

    after = {"placed_on": placed_on, "until": until}
    audit(by, "credit_hold.placed", customer, entity=customer.entity, after=after, reason=hold.reason)
    return hold


@transaction.atomic
def release_credit_hold(
    *, by: User, customer: Customer, reason: str, released_on: date, until: date | None = None
) -> list[CreditRelease]:
    """Let a customer go on, for good or until a day after which its holds count again."""
    require(by, "customers.release_credit_hold", customer.entity)
    customer = lock(customer)
    if not reason.strip():
        raise HoldRefused("Write why: the auditor reads it.")
    holds = list(holds_in_force(as_of=released_on).filter(customer=customer))
    if not holds:
        raise HoldRefused(f"{customer} is not on hold on {released_on:%d %b %Y}.")

    releases = [
        CreditRelease(hold=hold, reason=reason.strip(), released_on=released_on, until=until, released_by=by)
        for hold in holds
    ]
    for release in releases:
        refuse_invalid(release)
    CreditRelease.objects.bulk_create(releases)

    after = {"released_on": released_on, "until": until}
    audit(by, "credit_hold.released", customer, entity=customer.entity, after=after, reason=reason.strip())
    return releases


@transaction.atomic
def change_credit_policy(*, by: User, entity: LegalEntity, **fields: Any) -> CreditPolicy:
    """Say what a hold stops in a company, and how far ahead unbilled orders count."""
    require(by, "customers.change_credit_policy", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    if unknown := sorted(set(fields) - SETTINGS):
        raise Refused(f"{', '.join(unknown)}: the credit policy has no such setting.")
    policy = policy_of(entity)
    before, after = changes(policy, fields)
    if not after:
        return policy

    for name, value in fields.items():
        setattr(policy, name, value)
    refuse_invalid(policy)
    policy.save()

    audit(by, "credit_policy.changed", policy, entity=entity, before=before, after=after)
    return policy
