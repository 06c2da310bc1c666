"""Customers over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from core.actions import issue_token
from core.models import AuditEvent, LegalEntity, RoleGrant, User
from customers.models import Customer, PaymentTerms

NewCustomer = Callable[..., Customer]
ADDRESS = "/api/v1/customers/"
BETA = {
    "name": "Beta Ltd",
    "terms": "NET30",
    "credit_limit": "5000.00",
    "contacts": [{"name": "Ap", "email": "ap@beta.example", "receives_invoices": True}],
    "addresses": [{"kind": "billing", "city": "Hull", "country": "GB"}],
}


def api(by: User, *scopes: str) -> Any:
    _, secret = issue_token(by=by, name="Test", scopes=list(scopes or ("customers:read", "customers:write")))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_a_program_opens_reads_and_changes_a_customer(manager: User, net_30: PaymentTerms) -> None:
    client = api(manager)

    made = client.post(ADDRESS, BETA)
    assert made.status_code == 201, made.data
    one = f"{ADDRESS}{made.data['id']}/"
    read = client.get(one).data
    assert (read["code"], read["entity"], read["currency"], read["terms"]) == ("C-00001", "UK", "GBP", "NET30")
    assert read["contacts"][0]["email"] == "ap@beta.example"

    changed = client.patch(one, {"segment": "Retail", "version": read["version"]})
    assert (changed.status_code, changed.data["segment"], changed.data["version"]) == (200, "Retail", 2)
    late = client.patch(one, {"segment": "Export", "version": read["version"]})
    assert (late.status_code, late.data["code"]) == (409, "changed_meanwhile")
    assert AuditEvent.objects.filter(event="customer.changed").get().by == manager


def test_the_same_request_twice_opens_one_customer(manager: User, net_30: PaymentTerms) -> None:
    client = api(manager)

    answers = [client.post(ADDRESS, BETA, headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    other = client.post(ADDRESS, {**BETA, "name": "Other"}, headers={"Idempotency-Key": "k1"})

    assert answers[0].data["id"] == answers[1].data["id"]
    assert answers[1].headers["Idempotent-Replay"] == "true"
    assert other.status_code == 409
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"name": ""}, 400, "may not be blank"),
        ({"terms": "NET99"}, 400, "has no terms NET99"),
        ({"credit_limit": "-1"}, 400, "greater than or equal to 0"),
        ({"currency": "QQQ"}, 409, "is not a currency"),
        ({"tax_number": "GB123456789"}, 409, "is not a tax number"),
        ({"tax_status": "reverse_charge"}, 409, "needs a tax number"),
        ({"contacts": [{"name": "X", "receives_invoices": True}]}, 409, "needs an e-mail address"),
        ({"entity": "DE"}, 400, "Name one of UK"),
        ({"code": "=1"}, 409, "letters, digits"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    manager: User, net_30: PaymentTerms, changed: dict[str, Any], status: int, words: str
) -> None:
    answer = api(manager).post(ADDRESS, {**BETA, **changed})

    assert (answer.status_code, words in str(answer.data)) == (status, True), answer.data
    assert not Customer.objects.exists()


def test_contacts_are_not_changed_by_the_way(manager: User, acme: Customer) -> None:
    answer = api(manager).patch(f"{ADDRESS}{acme.pk}/", {"contacts": []})

    assert answer.status_code == 400
    assert acme.contacts.count() == 1


def test_a_token_reads_and_writes_within_its_scopes_and_its_persons_roles(
    manager: User, clerk: User, net_30: PaymentTerms, acme: Customer
) -> None:
    assert api(manager, "customers:read").post(ADDRESS, BETA).status_code == 403
    assert api(manager, "invoices:read").get(ADDRESS).status_code == 403
    assert api(clerk).post(ADDRESS, BETA).status_code == 403
    assert api(clerk).get(ADDRESS).status_code == 200
    assert APIClient().get(ADDRESS).status_code == 401


def test_customers_of_another_company_are_not_there(
    person: Callable[..., User], de: LegalEntity, acme: Customer, foreign: Customer
) -> None:
    client = api(person("Dieter", de, "ar_manager"))

    assert [row["name"] for row in client.get(ADDRESS).data["results"]] == ["Nordsee Handel GmbH"]
    assert client.get(f"{ADDRESS}{acme.pk}/").status_code == 404
    assert client.patch(f"{ADDRESS}{acme.pk}/", {"name": "Mine"}).status_code == 404
    assert client.get(f"{ADDRESS}?entity=UK").status_code == 400


def test_the_list_is_found_in_narrowed_and_paged(
    manager: User,
    de: LegalEntity,
    system: User,
    acme: Customer,
    foreign: Customer,
    new_customer: NewCustomer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    RoleGrant.objects.create(user=manager, entity=de, role="auditor", granted_by=system)
    for number in range(5):
        new_customer(f"Other {number}")
    client = api(manager)

    def names(query: str) -> list[str]:
        return [row["name"] for row in client.get(f"{ADDRESS}?{query}").data["results"]]

    assert names("q=pat@acme") == ["Acme Trading Ltd"]
    assert names("entity=DE") == ["Nordsee Handel GmbH"]
    assert len(names("page_size=3")) == 3
    with django_assert_max_num_queries(12):
        assert len(names("status=active")) == 7


def test_the_schema_and_its_page_name_every_address(manager: User, signed_in: Callable[[User], Any]) -> None:
    desk = signed_in(manager)

    assert "/api/v1/customers/{id}/" in desk.get("/api/schema/").content.decode()
    page = desk.get("/api/docs/").content.decode()
    assert "/api/v1/customers/{id}/" in page
    assert "credit_limit" in page
    assert APIClient().get("/api/schema/").status_code in {401, 403}


def test_who_may_not_is_told_so_before_the_content_is_read(collector: User, acme: Customer) -> None:
    client = api(collector)

    for answer in (client.post(ADDRESS, {}), client.patch(f"{ADDRESS}{acme.pk}/", {"currency": "no such"})):
        assert (answer.status_code, answer.data["code"]) == (403, "not_allowed")
        assert "You may not c" in answer.data["message"]
