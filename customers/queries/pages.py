"""A customer's master data as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from core.models import AuditEvent, User
from core.permissions import may
from customers.models import (
    Address,
    BillingRequirements,
    Contact,
    Customer,
    CustomerBankAccount,
    CustomerFile,
    CustomerNote,
    TaxCertificate,
)
from customers.queries.requirements import requirements_of

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
    history: list[ToldEvent]
    has_valid_certificate: bool
    requirements: BillingRequirements
    files_sent: list[CustomerFile]

    @property
    def invoice_contacts(self) -> list[Contact]:
        """Those who receive invoices."""
        return [contact for contact in self.contacts if contact.receives_invoices]


@dataclass(frozen=True)
class ToldEvent:
    """An audit event with each of its facts before and after."""

    event: str
    by: User
    at: datetime
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def told(self) -> list[tuple[str, Any, Any]]:
        """Each fact once, with what it was and what it became."""
        before, after = self.before or {}, self.after or {}
        return [(name, before.get(name, ""), after.get(name, "")) for name in {**before, **after}]


def details_of(*, by: User, customer: Customer, as_of: date) -> CustomerDetails:
    """The customer with what belongs to it; group members of companies that the person doesn't see stay away."""
    parent = customer.parent
    sees_parent = parent is not None and may(by, "customers.view", parent.entity)
    certificates = list(customer.tax_certificates.select_related("file"))
    children = customer.children.visible_to(by).order_by("name")
    requirements = requirements_of([customer])[customer.pk]
    return CustomerDetails(
        customer=customer,
        parent=parent if sees_parent else None,
        parent_is_hidden=parent is not None and not sees_parent,
        children=list(children[:SHOWN_CHILDREN]),
        contacts=list(customer.contacts.filter(is_active=True)),
        addresses=list(customer.addresses.filter(is_active=True)),
        certificates=certificates,
        accounts=list(customer.bank_accounts.filter(is_active=True).select_related("verified_by")),
        files=list(customer.files.select_related("file", "attached_by")),
        notes=list(customer.notes.select_related("written_by")),
        history=[_told(event) for event in history_of(customer)[:SHOWN_EVENTS]],
        requirements=requirements,
        files_sent=[] if requirements._state.adding else list(requirements.files.select_related("file")),
        has_valid_certificate=any(certificate.is_valid_on(as_of) for certificate in certificates),
    )


def _told(event: AuditEvent) -> ToldEvent:
    return ToldEvent(event.event, event.by, event.at, event.reason, event.before, event.after)


def history_of(customer: Customer) -> QuerySet[AuditEvent]:
    """Every change of the customer and of what belongs to it, the newest first."""
    rows = AuditEvent.objects.filter(object_type=customer._meta.label_lower, object_id=str(customer.pk))
    return rows.select_related("by").order_by("-pk")
