"""A customer's master data as its page shows it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from core.models import AuditEvent, User
from core.permissions import may
from customers.models import (
    Address,
    Contact,
    Customer,
    CustomerBankAccount,
    CustomerFile,
    CustomerNote,
    TaxCertificate,
)

SHOWN_EVENTS = 30
SHOWN_CHILDREN = 50


@dataclass(frozen=True)
class CustomerDetails:
    """Everything on the page; each list is one statement."""

    customer: Customer
    parent: Customer | None
    parent_is_hidden: bool
    children: list[Customer]
    contacts: list[Contact]
    addresses: list[Address]
    certificates: list[TaxCertificate]
    accounts: list[CustomerBankAccount]
    files: list[CustomerFile]
    notes: list[CustomerNote]
    history: list[AuditEvent]


def details_of(*, by: User, customer: Customer) -> CustomerDetails:
    """The customer with what belongs to it; group members of companies that the person doesn't see stay away."""
    parent = customer.parent
    sees_parent = parent is not None and may(by, "customers.view", parent.entity)
    children = customer.children.filter(entity__in=_entities(by, customer)).order_by("name")
    return CustomerDetails(
        customer=customer,
        parent=parent if sees_parent else None,
        parent_is_hidden=parent is not None and not sees_parent,
        children=list(children[:SHOWN_CHILDREN]),
        contacts=list(customer.contacts.filter(is_active=True)),
        addresses=list(customer.addresses.filter(is_active=True)),
        certificates=list(customer.tax_certificates.select_related("file")),
        accounts=list(customer.bank_accounts.filter(is_active=True)),
        files=list(customer.files.select_related("file", "attached_by")),
        notes=list(customer.notes.select_related("written_by")),
        history=list(history_of(customer)[:SHOWN_EVENTS]),
    )


def _entities(by: User, customer: Customer) -> list[int]:
    if by.is_system:
        return [customer.entity_id]
    return [pk for pk in by.roles_by_entity if "customers.view" in by.permissions_in(pk)]


def history_of(customer: Customer) -> QuerySet[AuditEvent]:
    """Every change of the customer and of what belongs to it, the newest first."""
    rows = AuditEvent.objects.filter(object_type=customer._meta.label_lower, object_id=str(customer.pk))
    return rows.select_related("by").order_by("-pk")
