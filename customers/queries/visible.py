"""The one way to customers for a person: those of companies in which their role shows customers."""

from django.db.models import QuerySet
from django.http import Http404

from core.models import User
from customers.models import Customer


def visible_customers(by: User) -> QuerySet[Customer]:
    """Customers of every company in which the person may see customers."""
    return Customer.objects.visible_to(by)


def customer_for(by: User, pk: int) -> Customer:
    """One customer with company, terms and parent; as absent as a missing one to who may not see it."""
    rows = visible_customers(by).select_related("entity", "terms", "parent__entity")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such customer, or it belongs to a company whose customers you don't see.")
    return found
