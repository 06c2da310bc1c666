"""Contacts and addresses. They are ended, never deleted. Every change stands in the customer's own history."""

from typing import Any

from django.db import transaction

from core.audit import audit, changes
from core.errors import Refused
from core.models import User
from core.permissions import require
from customers.actions.data_quality import settle_tasks
from customers.checks import refuse_invalid
from customers.models import Address, Contact, Customer, DataQualityTask, lock

CONTACT_FIELDS = frozenset("name email phone role job_title language receives_invoices receives_statements".split())
ADDRESS_FIELDS = frozenset("kind lines postcode city region country".split())


@transaction.atomic
def add_contact(*, by: User, customer: Customer, name: str, **fields: Any) -> Contact:
    """Add a person or mailbox at the customer."""
    require(by, "customers.add_contact", customer.entity)
    customer = lock(customer)
    _refuse_unknown(fields, CONTACT_FIELDS)

    contact = Contact(customer=customer, name=name.strip(), **fields)
    refuse_invalid(contact)
    contact.save(force_insert=True)

    after = {field: getattr(contact, field) for field in sorted(CONTACT_FIELDS)}
    audit(by, "contact.added", customer, entity=customer.entity, after=_told({**after, "contact": contact.pk}))
    return contact


@transaction.atomic
def change_contact(*, by: User, contact: Contact, **fields: Any) -> Contact:
    """Change how somebody is reached and what they receive."""
    require(by, "customers.change_contact", contact.customer.entity)
    customer = lock(contact.customer)
    contact = Contact.objects.select_related("customer").get(pk=contact.pk)
    _refuse_unknown(fields, CONTACT_FIELDS)
    before, after = changes(contact, fields)
    if not after:
        return contact

    old_address = contact.email
    for name, value in fields.items():
        setattr(contact, name, value)
    refuse_invalid(contact)
    if "email" in after:
        contact.bounced_at = None
    contact.save()
    if "email" in after:
        _settle_bounces(by, customer, old_address, f"Corrected to {contact.email or 'no address'}.")

    named = {"contact": contact.name}
    audit(by, "contact.changed", customer, entity=customer.entity, before=named | before, after=named | after)
    return contact


@transaction.atomic
def end_contact(*, by: User, contact: Contact) -> Contact:
    """Take somebody off the list: nothing more is sent to them. What was sent still names them."""
    require(by, "customers.end_contact", contact.customer.entity)
    customer = lock(contact.customer)
    contact = Contact.objects.get(pk=contact.pk)
    if not contact.is_active:
        return contact

    contact.is_active = False
    contact.save(update_fields=["is_active"])
    _settle_bounces(by, customer, contact.email, f"{contact.name} is no contact any more.")

    audit(
        by, "contact.ended", customer, entity=customer.entity, before={"contact": f"{contact} {contact.email}".strip()}
    )
    return contact


@transaction.atomic
def add_address(*, by: User, customer: Customer, **fields: Any) -> Address:
    """Add a billing or shipping address."""
    require(by, "customers.add_address", customer.entity)
    customer = lock(customer)
    _refuse_unknown(fields, ADDRESS_FIELDS)

    address = Address(customer=customer, **fields)
    refuse_invalid(address)
    address.save(force_insert=True)

    after = {"kind": address.get_kind_display(), "address": str(address)}
    audit(by, "address.added", customer, entity=customer.entity, after=after)
    return address


@transaction.atomic
def change_address(*, by: User, address: Address, **fields: Any) -> Address:
    """Change an address; issued documents keep the one they were issued with."""
    require(by, "customers.change_address", address.customer.entity)
    customer = lock(address.customer)
    address = Address.objects.select_related("customer").get(pk=address.pk)
    _refuse_unknown(fields, ADDRESS_FIELDS)
    before, after = changes(address, fields)
    if not after:
        return address

    for name, value in fields.items():
        setattr(address, name, value)
    refuse_invalid(address)
    address.save()

    audit(by, "address.changed", customer, entity=customer.entity, before=before, after=after)
    return address


@transaction.atomic
def end_address(*, by: User, address: Address) -> Address:
    """Stop using an address."""
    require(by, "customers.end_address", address.customer.entity)
    customer = lock(address.customer)
    address = Address.objects.get(pk=address.pk)
    if not address.is_active:
        return address

    address.is_active = False
    address.save(update_fields=["is_active"])

    before = {"kind": address.get_kind_display(), "address": str(address)}
    audit(by, "address.ended", customer, entity=customer.entity, before=before)
    return address


def _settle_bounces(by: User, customer: Customer, address: str, reason: str) -> None:
    """Nobody at the customer uses the address any more, so it needn't be put right."""
    if address and not customer.contacts.filter(email__iexact=address, is_active=True).exists():
        tasks = DataQualityTask.objects.filter(customer=customer, address=address.lower(), resolved_at=None)
        settle_tasks(by=by, tasks=tasks.select_related("customer__entity"), reason=reason)


def _refuse_unknown(fields: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := sorted(set(fields) - known):
        raise Refused(f"{', '.join(unknown)}: this can't be set here.")


def _told(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in ("", None, False)}
