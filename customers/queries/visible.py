"""The one way to customers for a person: those of companies in which their role shows customers."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from core.models import User
from core.permissions import may
from customers.models import Customer


def visible_customers(by: User) -> QuerySet[Customer]:
    """Customers of every company in which the person may see customers."""
    if by.is_system:
        return Customer.objects.all()
    entities = [pk for pk in by.roles_by_entity if "customers.view" in by.permissions_in(pk)]
    return Customer.objects.filter(entity__in=entities)


def customer_for(by: User, pk: int) -> Customer:
    """One customer with company, terms and parent; as absent as a missing one to who may not see it."""
    rows = visible_customers(by).select_related("entity", "terms", "parent__entity")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such customer, or it belongs to a company whose customers you don't see.")
    return found


def shown(by: User, row: Any) -> Any:
    """A row that belongs to a customer, or 404 where the person may not see that customer."""
    if row is None or not may(by, "customers.view", row.customer.entity):
        raise Http404("There is no such page, or it belongs to a company whose customers you don't see.")
    return row
