"""Tax rules and what they ask about customers, many at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from core.models import LegalEntity
from core.reading import read
from customers.models import Address, Customer, TaxCertificate
from invoicing.models import TaxRate, TaxRule
from invoicing.queries.pages import rates_charged
from invoicing.taxing import Buyer, TaxTable, place_of


def tax_rate_for(*, entity: LegalEntity, customer: Customer, tax_class: str, on: date) -> TaxRate:
    """The rate of a sale to a customer on a day; raises TaxUnclear with a sentence where no rule decides."""
    return tax_table(entity, [customer], on).rate_for(customer, tax_class)


def tax_table(entity: LegalEntity, customers: Iterable[Customer], on: date) -> TaxTable:
    """The rules and rates of a day with all that they ask about these customers, in four questions."""
    return TaxTable(
        entity=entity,
        on=on,
        rules=list(rules_in_force(entity.pk, on)),
        rates=list(rates_charged(entity.pk, on)),
        buyers=buyers_of(customers),
    )


def rules_in_force(entity_id: int, on: date) -> QuerySet[TaxRule]:
    """The rules that hold on a day."""
    rows = TaxRule.objects.filter(entity=entity_id, valid_from__lte=on)
    return rows.filter(Q(valid_until=None) | Q(valid_until__gte=on))


def buyers_of(customers: Iterable[Customer]) -> dict[int, Buyer]:
    """Where customers are and what they hold, by customer; those without a billing address are left out."""
    rows = {customer.pk: customer for customer in customers}
    places: dict[int, dict[str, Address]] = defaultdict(dict)
    for address in read(Address, "customer_id = ANY(%(keys)s) AND is_active ORDER BY id DESC", keys=list(rows)):
        places[address.customer_id][address.kind] = address
    exempt = [pk for pk, customer in rows.items() if customer.tax_status == Customer.TaxStatus.EXEMPT]
    held = defaultdict(list)
    for one in TaxCertificate.objects.filter(customer__in=exempt) if exempt else ():
        held[one.customer_id].append(one)
    return {
        pk: Buyer(
            place=place_of(known[Address.Kind.BILLING]),
            ship_to=place_of(known.get(Address.Kind.SHIPPING, known[Address.Kind.BILLING])),
            certificates=held[pk],
        )
        for pk, known in places.items()
        if Address.Kind.BILLING in known
    }
