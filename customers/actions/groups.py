"""Parent and child: customers that belong together."""

from django.db import connection, transaction

from core.audit import audit
from core.errors import NotAllowed, Refused
from core.models import User
from core.permissions import may, require
from customers.models import Customer, lock

GROUPS_LOCK = 7_201_401


class GroupCycle(Refused):
    """The parent would end up below its own child."""

    code = "group_cycle"


@transaction.atomic
def set_parent(*, by: User, customer: Customer, parent: Customer | None) -> Customer:
    """Put a customer below another one, or on its own feet with None. A group never goes in a circle."""
    require(by, "customers.set_parent", customer.entity)
    _take_turn_with_groups()
    customer = lock(customer)
    if parent is not None and not may(by, "customers.view", parent.entity):
        raise NotAllowed(f"You may not see the customers of {parent.entity.name}.")
    if customer.parent_id == (parent.pk if parent else None):
        return customer
    if parent is not None and customer.pk in _chain_above(parent):
        raise GroupCycle(f"{parent.name} belongs to {customer.name} already; a group can't go in a circle.")

    before = customer.parent
    customer.parent = parent
    customer.version += 1
    customer.save(update_fields=["parent", "version"])

    audit(
        by,
        "parent.set",
        customer,
        entity=customer.entity,
        before={"parent": str(before) if before else None},
        after={"parent": str(parent) if parent else None},
    )
    return customer


def _take_turn_with_groups() -> None:
    """Two changes of groups side by side could close a circle that neither sees alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [GROUPS_LOCK])


def _chain_above(customer: Customer) -> set[int]:
    """The customer and everybody above."""
    found: set[int] = set()
    current: int | None = customer.pk
    while current is not None and current not in found:
        found.add(current)
        current = Customer.objects.filter(pk=current).values_list("parent_id", flat=True).first()
    return found
