"""Declaring who may pay for whom, and ending it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from cashapp.errors import WrongDocument
from cashapp.models import PayerGroup, PayerGroupMember
from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from core.words import masked_account
from customers.models import Customer, lock


@dataclass(frozen=True, slots=True)
class Declared:
    """Who pays: by name, account, or as a customer of ours."""

    kind: PayerGroup.Kind
    name: str
    account: str = ""
    payer: Customer | None = None
    note: str = ""


@transaction.atomic
def declare_payer_group(*, by: User, entity: LegalEntity, declared: Declared) -> PayerGroup:
    """Declare an agent, a factor, a parent or a buying group who pays for customers."""
    require(by, "cashapp.declare_payer_group", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    name, account = declared.name.strip(), "".join(declared.account.split()).upper()
    if not name:
        raise Refused("Write the payer’s name as the bank writes it.")
    if declared.payer is not None and declared.payer.entity_id != entity.pk:
        raise WrongDocument(f"{declared.payer.name} is no customer of {entity.name}.")
    if found := PayerGroup.objects.filter(entity=entity, name=name, account=account).first():
        return found

    group = PayerGroup(
        entity=entity,
        kind=declared.kind,
        name=name,
        account=account,
        payer=declared.payer,
        note=declared.note.strip()[:400],
        declared_by=by,
        declared_at=clock.now(),
    )
    group.save(force_insert=True)

    after = {"kind": group.kind, "name": group.name, "account": masked_account(group.account)}
    audit(by, "payer_group.declared", group, entity=entity, after=after, reason=group.note)
    return group


@transaction.atomic
def add_to_payer_group(*, by: User, group: PayerGroup, customer: Customer, from_on: date) -> PayerGroupMember:
    """Let the payer of a group pay for one more customer from a day on."""
    require(by, "cashapp.add_to_payer_group", group.entity)
    lock(customer)
    if customer.entity_id != group.entity_id:
        raise WrongDocument(f"{customer.name} is no customer of {group.entity.name}.")
    if found := group.members.filter(customer=customer, until_on=None).first():
        return found

    member = PayerGroupMember(group=group, customer=customer, from_on=from_on, added_by=by, added_at=clock.now())
    member.save(force_insert=True)

    after = {"customer": customer.code, "from_on": from_on}
    audit(by, "payer_group.joined", group, entity=group.entity, after=after)
    return member


@transaction.atomic
def end_in_payer_group(*, by: User, member: PayerGroupMember, ended_on: date, reason: str) -> PayerGroupMember:
    """From a day on the payer no longer pays for a customer; what it paid before stays as it is."""
    require(by, "cashapp.end_in_payer_group", member.group.entity)
    lock(member.customer)
    member = PayerGroupMember.objects.select_related("group", "customer").get(pk=member.pk)
    if member.until_on is not None:
        return member
    if not reason.strip():
        raise Refused(f"Say why {member.group.name} no longer pays for {member.customer.name}.")

    # The day itself belongs to the new state: the last day that counts is the one before, or the first.
    member.until_on = max(ended_on - timedelta(days=1), member.from_on)
    member.ended_by = by
    member.save(update_fields=["until_on", "ended_by"])

    after = {"customer": member.customer.code, "until_on": member.until_on}
    audit(by, "payer_group.left", member.group, entity=member.group.entity, after=after, reason=reason)
    return member
