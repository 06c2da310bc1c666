"""What people wait for: server time of pages, and one statement's values."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count
from django.test import Client

from ar_collections.queries import customer_statement
from bench.measures import Measure, best_of
from core.models import LegalEntity, RoleGrant, User
from core.permissions import system_user
from customers.models import Customer

TIMES = 15
EMAIL = "reader@o2c.example"


def measure_pages(entity: LegalEntity, as_of: date) -> Iterator[Measure]:
    """The invoice list, the page of a customer with much on it, and its statement."""
    client = signed_in(entity, "ar_manager")
    customer = busiest_customer(entity)
    query = f"?entity={entity.code}&as_at={as_of}"
    yield _page(client, "invoice list", f"/invoices/{query}", 40)
    yield _page(client, "customer page", f"/customers/{customer.pk}/{query}", 150)
    taken = best_of(TIMES, lambda: customer_statement(customer=customer, as_of=as_of)) * 1000
    yield Measure("one statement's values", "ms", taken, None, "", "≤ 30 ms", taken <= 30)


def busiest_customer(entity: LegalEntity) -> Customer:
    """The one with the most items: the hardest page."""
    return Customer.objects.filter(entity=entity).annotate(items=Count("open_items")).latest("items")


def _page(client: Client, work: str, path: str, most: int) -> Measure:
    response = client.get(path, HTTP_HOST="localhost")
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}; there is nothing to measure.")
    taken = best_of(TIMES, lambda: client.get(path, HTTP_HOST="localhost")) * 1000
    return Measure(work, "ms", taken, None, "", f"≤ {most} ms", taken <= most)


def signed_in(entity: LegalEntity, role: str) -> Client:
    """Somebody who works in the company in that role."""
    person, _ = User.objects.get_or_create(email=EMAIL, defaults={"name": "Reader"})
    grant = {"user": person, "entity": entity, "role": role}
    RoleGrant.objects.get_or_create(**grant, defaults={"granted_by": system_user()})
    client = Client()
    client.force_login(person)
    return client
