"""Which customers are on credit hold, and what that stops."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from core.models import LegalEntity
from customers.models import CreditHold, CreditPolicy, CreditRelease, CreditStop, Customer


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
    releases = CreditRelease.objects.filter(_not_over(on), hold=OuterRef("pk"))
    rows = CreditHold.objects.filter(_not_over(on), ~Exists(releases), customer__in=list(customers))
    return list(rows.select_related("customer", "placed_by").order_by("customer_id", "-pk"))


def _not_over(on: date) -> Q:
    return Q(until=None) | Q(until__gte=on)
