"""Contracts, amendments and usage over the API."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.actions import issue_token
from core.models import User
from customers.models import Customer
from invoicing.contract_drafts import ContractLineDraft
from invoicing.models import Amendment, Contract, Product, UsageReading
from tests.invoicing.contracts.conftest import Agreed, shape_of

CONTRACTS, USAGE = "/api/v1/contracts/", "/api/v1/usage/"
SCOPES = ["contracts:read", "contracts:write", "usage:read", "usage:write"]
Api = Callable[..., Any]


@pytest.fixture
def api() -> Api:
    """A program that acts for somebody."""

    def client_for(by: User, *scopes: str) -> Any:
        _, secret = issue_token(by=by, name="Test", scopes=list(scopes or SCOPES))
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return client_for


def order(customer: Customer, **facts: object) -> dict[str, Any]:
    line = {"product": "SEAT", "quantity": "20", "tiering": "volume"}
    tiers = [{"from_quantity": "0", "unit_price": "120"}, {"from_quantity": "50", "unit_price": "100"}]
    return {
        "customer": customer.code, "source": "salesforce", "source_id": "006-1", "starts_on": "2026-01-15",
        "ends_on": "2027-01-14", "renews": True, "lines": [{**line, "tiers": tiers}], **facts,
    }  # fmt: skip


@pytest.mark.usefixtures("seats")
def test_a_program_drafts_activates_and_amends_a_contract(api: Api, clerk: User, acme: Customer) -> None:
    client = api(clerk)

    made = client.post(CONTRACTS, order(acme))
    active = client.post(f"{CONTRACTS}{made.data['id']}/activate/")
    change = {"kind": "add", "effective_on": "2026-07-01", "position": 1, "quantity": "40", "source_id": "A-1"}
    amended = client.post(f"{CONTRACTS}{made.data['id']}/amendments/", change)
    renewed = client.post(f"{CONTRACTS}{made.data['id']}/amendments/", {"kind": "renewal", "source_id": "A-2"})

    assert (made.status_code, made.data["is_active"], active.data["is_active"]) == (201, False, True), made.data
    assert (amended.status_code, amended.data["lines_ended"], amended.data["lines_made"]) == (201, [1], [2])
    assert renewed.status_code == 201, renewed.data
    contract = Contract.objects.get()
    assert [row[1] for row in shape_of(contract)] == [Decimal(20), Decimal(60), Decimal(60)]
    listed = client.get(CONTRACTS, {"source_id": "006-1", "state": "active"}).data["results"]
    assert [line["follows"] for line in listed[0]["lines"]] == [None, 1, 2]
    assert [row["kind"] for row in client.get(f"{CONTRACTS}{contract.pk}/amendments/").data] == ["add", "renewal"]


@pytest.mark.usefixtures("seats")
def test_the_same_id_is_the_same_contract_and_other_content_is_refused(api: Api, clerk: User, acme: Customer) -> None:
    client = api(clerk)
    first = client.post(CONTRACTS, order(acme))

    again = client.post(CONTRACTS, order(acme))
    other = client.post(CONTRACTS, order(acme, purchase_order="PO 8"))

    assert again.data["id"] == first.data["id"]
    assert (other.status_code, other.data["code"]) == (409, "same_key_other_content")


def test_an_idempotency_key_answers_as_the_first_time(api: Api, clerk: User, agreed: Agreed) -> None:
    client, contract = api(clerk), agreed()
    change = {"kind": "price", "effective_on": "2026-07-01", "percent": "3", "source_id": "A-1"}
    address = f"{CONTRACTS}{contract.pk}/amendments/"

    first = client.post(address, change, HTTP_IDEMPOTENCY_KEY="k1")
    again = client.post(address, change, HTTP_IDEMPOTENCY_KEY="k1")

    assert (again.status_code, again.data["id"]) == (201, first.data["id"])
    assert Amendment.objects.count() == 1


def test_readings_come_in_by_the_hundred_and_each_once(api: Api, clerk: User, agreed: Agreed, calls: Product) -> None:
    client = api(clerk)
    contract = agreed(ContractLineDraft(calls, unit_price=Decimal("0.05"), cycle="usage", timing="arrears"))
    one = {"contract": contract.number, "quantity": "3"}
    days = [date(2026, 2, 1 + number % 28) for number in range(100)]
    readings = [{**one, "used_on": f"{day}", "source_id": f"{number}"} for number, day in enumerate(days)]

    made = client.post(USAGE, {"source": "meter", "readings": readings})
    client.post(USAGE, {"source": "meter", "readings": readings})
    changed = client.post(USAGE, {"source": "meter", "readings": [{**readings[0], "quantity": "4"}]})

    assert (made.status_code, len(made.data), UsageReading.objects.count()) == (201, 100, 100)
    assert changed.data["code"] == "same_key_other_content"
    assert len(client.get(USAGE, {"contract": contract.number}).data["results"]) == 100


@pytest.mark.usefixtures("seats")
def test_what_is_wrong_is_told_by_field_or_as_a_refusal(
    api: Api, clerk: User, acme: Customer, agreed: Agreed
) -> None:  # fmt: skip
    client, contract = api(clerk), agreed()
    address = f"{CONTRACTS}{contract.pk}/amendments/"

    unknown = client.post(CONTRACTS, order(acme, lines=[{"product": "NOPE"}]))
    undated = client.post(address, {"kind": "add", "source_id": "A-1"})
    refused = client.post(address, {"kind": "buy_out", "effective_on": "2026-07-01", "source_id": "A-1"})
    nowhere = {"contract": "K-0", "used_on": "2026-02-01", "quantity": "1", "source_id": "1"}

    assert "no product NOPE" in str(unknown.data)
    assert (undated.status_code, list(undated.data)) == (400, ["effective_on"])
    assert (refused.status_code, refused.data["code"]) == (409, "amendment_refused")
    assert client.post(USAGE, {"readings": [nowhere]}).status_code == 400
    assert client.get(CONTRACTS, {"state": "odd"}).status_code == 400


def test_tokens_reach_no_further_than_their_scopes_and_their_company(
    api: Api, clerk: User, collector: User, stranger: User, agreed: Agreed
) -> None:
    contract = agreed()

    assert api(clerk, "usage:read").get(CONTRACTS).status_code == 403
    assert api(clerk, "contracts:read").post(CONTRACTS, {}).status_code == 403
    assert api(collector).post(f"{CONTRACTS}{contract.pk}/amendments/", {}).status_code == 403
    assert api(stranger).get(f"{CONTRACTS}{contract.pk}/").status_code == 404
