"""What customers require of their invoices."""

from collections.abc import Iterable

from core.reading import read, unsaved
from customers.models import BillingRequirements, Customer


def requirements_of(customers: Iterable[Customer]) -> dict[int, BillingRequirements]:
    """By customer, in one statement; the defaults where nothing is written down."""
    keys = list({customer.pk for customer in customers})
    written = {row.customer_id: row for row in read(BillingRequirements, "customer_id = ANY(%(keys)s)", keys=keys)}
    return {key: written.get(key) or unsaved(BillingRequirements, customer_id=key) for key in keys}
