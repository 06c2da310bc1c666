"""Credits that may be refunded."""

from django.db.models import Q, QuerySet

from core.models import LegalEntity
from customers.models import Customer
from customers.queries import customers_found
from ledger.models import OpenItem


def credits_to_refund(entity: LegalEntity, text: str) -> QuerySet[OpenItem]:
    """Open credits of a company, the oldest first; narrowed to a document's number or a customer."""
    rows = OpenItem.objects.filter(entity=entity, side=OpenItem.Side.CREDIT, open_amount__gt=0)
    if text:
        customers = customers_found(Customer.objects.filter(entity=entity), text)
        rows = rows.filter(Q(number__istartswith=text) | Q(customer__in=customers.order_by().values("pk")))
    return rows.select_related("customer").order_by("posted_on", "pk")
