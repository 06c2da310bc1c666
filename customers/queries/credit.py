"""Which customers are on credit hold, and what that stops."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from core.models import LegalEntity
from core.reading import read
from customers.models import CreditHold, CreditPolicy, CreditRelease, CreditStop, Customer

# Every invoice asks this, so it is not built anew each time.
KNOWN_ON = """
    customer_id = ANY(%(customers)s) AND (until IS NULL OR until >= %(on)s)
    AND NOT EXISTS (
        SELECT FROM customers_creditrelease r
        WHERE r.hold_id = customers_credithold.id AND (r.until IS NULL OR r.until >= %(on)s)
    )
    ORDER BY customer_id, id DESC
"""


def policy_of(entity: LegalEntity) -> CreditPolicy:
    """What holds stop in a company; the defaults until somebody changes them."""
    return CreditPolicy.objects.filter(entity=entity).first() or CreditPolicy(entity=entity)


def holds_in_force(*, as_of: date) -> QuerySet[CreditHold]:
    """Holds that count at the end of a day."""
    releases = CreditRelease.objects.filter(_not_over(as_of), hold=OuterRef("pk"), released_on__lte=as_of)
    return CreditHold.objects.filter(_not_over(as_of), ~Exists(releases), placed_on__lte=as_of)


def holds_stopping(*, entity: LegalEntity, customers: Iterable[int], stop: CreditStop, on: date) -> list[CreditHold]:
    """Holds that keep these customers from something; none where the company's policy lets it pass."""
    holds = holds_known_on(customers=customers, on=on)
    return holds if holds and policy_of(entity).stops(stop) else []


def holds_of(customer: Customer) -> list[CreditHold]:
    """Every hold there ever was, the newest first, each with its releases."""
    releases = Prefetch("releases", CreditRelease.objects.select_related("released_by"))
    return list(customer.credit_holds.select_related("placed_by").prefetch_related(releases))


def holds_known_on(*, customers: Iterable[int], on: date) -> list[CreditHold]:
    """Holds on these customers for what is dated so, whenever they were placed: what comes now is stopped now."""
    holds = read(CreditHold, KNOWN_ON, customers=list(customers), on=on)
    if holds:
        prefetch_related_objects(holds, "customer", "placed_by")
    return holds


def _not_over(on: date) -> Q:
    return Q(until=None) | Q(until__gte=on)
