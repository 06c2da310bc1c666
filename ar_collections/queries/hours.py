"""When customers may be written to, by the country of their billing address."""

from collections.abc import Iterable

from ar_collections.contact_hours import ContactHours, hours_of
from core.calendars import calendar_of
from core.models import LegalEntity
from customers.models import Address, Customer


def countries_of(customers: Iterable[int]) -> dict[int, str]:
    """Where customers are, as far as an address says."""
    rows = Address.objects.filter(customer__in=list(customers), kind=Address.Kind.BILLING, is_active=True)
    return dict(rows.order_by().values_list("customer_id", "country"))


def hours_by_customer(entity: LegalEntity, customers: Iterable[Customer]) -> dict[int, ContactHours]:
    """The hours of each customer; our own where nothing is known."""
    keys = {customer.pk for customer in customers}
    home, countries = calendar_of(entity), countries_of(keys)
    return {key: hours_of(countries.get(key, ""), home=home, home_zone=entity.zone) for key in keys}
