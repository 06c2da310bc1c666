"""Addresses that return mail: marked when a bounce comes in, free again when somebody has put them right."""

from collections.abc import Iterable

from django.db import transaction

from core import clock
from core.audit import audit
from core.errors import Refused
from core.models import LegalEntity, User
from core.permissions import require
from customers.models import Contact, Customer, DataQualityTask, lock, lock_many

BOUNCED = DataQualityTask.Kind.BOUNCED_ADDRESS


@transaction.atomic
def mark_bounced(
    *, by: User, entity: LegalEntity, customer: Customer, address: str, detail: str
) -> list[DataQualityTask]:
    """Mark an address that returns mail, at the customer who was written to and wherever else it is a contact's.

    Returns the tasks that are new; an address that is marked already stays as it is.
    """
    require(by, "customers.mark_bounced", entity)
    address = address.strip().lower()
    contacts = list(Contact.objects.filter(customer__entity=entity, email__iexact=address, is_active=True))
    customers = {row.pk: row for row in lock_many([customer, *(Customer(pk=one.customer_id) for one in contacts)])}

    marked = Contact.objects.filter(pk__in=[contact.pk for contact in contacts], bounced_at=None)
    marked.update(bounced_at=clock.now())
    by_customer = {contact.customer_id: contact for contact in reversed(contacts)}
    return [
        task
        for row in customers.values()
        if (task := _open_task(by, entity, row, by_customer.get(row.pk), address, detail))
    ]


@transaction.atomic
def resolve_task(*, by: User, task: DataQualityTask, reason: str) -> DataQualityTask:
    """Free an address again by hand, because it works after all or was replaced elsewhere."""
    require(by, "customers.resolve_task", task.customer.entity)
    customer = lock(task.customer)
    task = DataQualityTask.objects.select_related("customer__entity").get(pk=task.pk)
    if task.resolved_at:
        return task
    if not reason.strip():
        raise Refused(f"Say why {task.address} may be written to again.")

    settle_tasks(by=by, tasks=[task], reason=reason.strip())

    same = Contact.objects.filter(customer=customer, email__iexact=task.address)
    same.update(bounced_at=None)
    return task


@transaction.atomic
def settle_tasks(*, by: User, tasks: Iterable[DataQualityTask], reason: str) -> None:
    """Close tasks as part of an action that put the matter right."""
    for task in tasks:
        task.resolved_by, task.resolved_at, task.resolution = by, clock.now(), reason[:300]
        task.save(update_fields=["resolved_by", "resolved_at", "resolution"])
        customer = task.customer
        after = {"address": task.address}
        audit(by, "address.freed", customer, entity=customer.entity, after=after, reason=reason)


def _open_task(
    by: User, entity: LegalEntity, customer: Customer, contact: Contact | None, address: str, detail: str
) -> DataQualityTask | None:
    task, is_new = DataQualityTask.objects.get_or_create(
        customer=customer,
        kind=BOUNCED,
        address=address,
        resolved_at=None,
        defaults={"contact": contact, "detail": detail, "opened_by": by},
    )
    if not is_new:
        return None
    audit(by, "address.bounced", customer, entity=entity, after={"address": address}, reason=detail)
    return task
