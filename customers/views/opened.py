"""Opening a customer for a page, or a row that belongs to one."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from core.pages import PageRequest
from core.permissions import require
from customers.models import Address, Contact, Customer, CustomerBankAccount
from customers.queries import customer_for

Row = TypeVar("Row", Contact, Address, CustomerBankAccount)


def opened(request: PageRequest, pk: int, permission: str = "customers.view") -> Customer:
    """The customer, with the page turned to its company, whatever company was chosen before."""
    customer = customer_for(request.page.by, pk)
    request.page.entity = customer.entity
    require(request.page.by, permission, customer.entity)
    return customer


def opened_row(request: PageRequest, rows: QuerySet[Row], pk: int, permission: str) -> Row:
    """A contact, address or account in use, with the page turned to its customer's company."""
    row = rows.filter(pk=pk, is_active=True).first()
    if row is None:
        raise Http404("There is no such page, or it was ended.")
    row.customer = opened(request, row.customer_id, permission)
    return row
