"""Invoices and credit notes over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.actions import issue_token
from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.models import Invoice, TaxRate

pytestmark = pytest.mark.django_db
INVOICES, CREDIT_NOTES = "/api/v1/invoices/", "/api/v1/credit-notes/"
SCOPES = ["invoices:read", "invoices:write", "credit_notes:read", "credit_notes:write"]


@pytest.fixture
def api(books: LegalEntity, standard: TaxRate) -> Callable[..., Any]:
    """A program that acts for somebody: api(clerk), or api(clerk, "invoices:read")."""

    def client_for(by: User, *scopes: str) -> Any:
        _, secret = issue_token(by=by, name="Test", scopes=list(scopes or SCOPES))
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return client_for


def bill(customer: Customer, price: str = "100.00") -> dict[str, Any]:
    line = {"description": "Licence", "quantity": "2", "unit_price": price, "tax_rate": "S20"}
    return {"customer": customer.code, "purchase_order": "PO 7", "lines": [line]}


def test_a_program_drafts_issues_and_reads_an_invoice(api: Callable[..., Any], clerk: User, acme: Customer) -> None:
    client = api(clerk)

    draft = client.post(INVOICES, bill(acme))
    assert (draft.status_code, draft.data["number"], draft.data["gross"]) == (201, None, "240.00"), draft.data
    issued = client.post(f"{INVOICES}{draft.data['id']}/issue/", {"issued_on": "2026-05-04"})
    assert (issued.status_code, issued.data["number"], issued.data["due_on"]) == (200, "INV-2026-000001", "2026-06-03")
    assert issued.data["taxes"] == [
        {"tax_rate": "S20", "category": "S", "percent": "20.000", "net": "200.00", "tax": "40.00"}
    ]

    listed = client.get(INVOICES, {"state": "open", "customer": acme.code}).data["results"]
    assert [(row["number"], row["open_amount"]) for row in listed] == [("INV-2026-000001", "240.00")]
    assert client.get(INVOICES, {"state": "draft"}).data["results"] == []


def test_a_program_credits_part_of_an_invoice_within_its_persons_authority(
    api: Callable[..., Any], manager: User, system: User, books: LegalEntity, acme: Customer, issued: Callable[..., Any]
) -> None:
    client = api(manager)
    invoice = issued(acme)
    facts = {"invoice": invoice.pk, "reason_code": "price", "reason": "Agreed price", "amount": "12.00"}

    draft = client.post(CREDIT_NOTES, facts)
    assert (draft.status_code, draft.data["net"], draft.data["tax"]) == (201, "10.00", "2.00"), draft.data
    done = client.post(f"{CREDIT_NOTES}{draft.data['id']}/issue/", {})
    assert (done.status_code, done.data["invoice"], done.data["open_amount"]) == (200, invoice.number, "0.00")
    too_much = client.post(CREDIT_NOTES, {**facts, "amount": "200.00"})
    assert (too_much.status_code, too_much.data["code"]) == (409, "over_credited")


def test_the_same_request_twice_drafts_one_invoice(api: Callable[..., Any], clerk: User, acme: Customer) -> None:
    client = api(clerk)

    answers = [client.post(INVOICES, bill(acme), headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    other = client.post(INVOICES, bill(acme, "5.00"), headers={"Idempotency-Key": "k1"})

    assert answers[0].data["id"] == answers[1].data["id"]
    assert other.status_code == 409
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"customer": "NOBODY"}, 400, "has no customer NOBODY"),
        ({"currency": "XXX"}, 409, "is not a currency"),
        ({"lines": []}, 400, "empty"),
        ({"lines": [{"description": "x", "unit_price": "-1", "tax_rate": "S20"}]}, 409, "is negative"),
        ({"lines": [{"description": "x", "unit_price": "1", "tax_rate": "S99"}]}, 400, "charges no rate S99"),
        ({"lines": [{"description": "x", "unit_price": "abc", "tax_rate": "S20"}]}, 400, "valid number"),
    ],
)
def test_what_cannot_be_billed_is_refused_with_a_sentence(
    api: Callable[..., Any], clerk: User, acme: Customer, change: dict[str, Any], status: int, says: str
) -> None:
    answer = api(clerk).post(INVOICES, {**bill(acme), **change})

    assert answer.status_code == status
    assert says in str(answer.data)
    assert not Invoice.objects.exists()


def test_a_check_that_stops_is_a_409(api: Callable[..., Any], clerk: User, acme: Customer) -> None:
    client = api(clerk)
    Customer.objects.filter(pk=acme.pk).update(purchase_order_required=True)
    draft = client.post(INVOICES, {**bill(acme), "purchase_order": ""} | {"purchase_order": " "})

    stopped = client.post(INVOICES, {key: value for key, value in bill(acme).items() if key != "purchase_order"})
    answer = client.post(f"{INVOICES}{stopped.data['id']}/issue/", {})

    assert draft.status_code == 400
    assert (answer.status_code, answer.data["code"]) == (409, "not_ready")


def test_tokens_reach_no_further_than_their_scopes_their_person_and_their_company(
    api: Callable[..., Any], clerk: User, collector: User, stranger: User, acme: Customer, issued: Callable[..., Any]
) -> None:
    invoice = issued(acme)

    assert api(clerk, "invoices:read").post(INVOICES, bill(acme)).status_code == 403
    assert api(clerk, "credit_notes:read").get(INVOICES).status_code == 403
    assert api(collector).post(INVOICES, bill(acme)).data["code"] == "not_allowed"
    assert api(stranger).get(f"{INVOICES}{invoice.pk}/").status_code == 404
    assert api(stranger).get(INVOICES).data["results"] == []
    assert APIClient().get(INVOICES).status_code == 401
