"""Open items, allocations and ageing over the API."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from core.actions import issue_token
from core.models import User
from core.tokens import SCOPES as TOKEN_SCOPES
from customers.models import Customer

Day = Callable[[int], date]
SCOPES = ["open_items:read", "allocations:read", "ageing:read"]


def api(by: User, *scopes: str) -> Any:
    _, secret = issue_token(by=by, name="Test", scopes=list(scopes or SCOPES))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def story(acme: Customer, invoice: Any, receipt: Any, apply: Any, may: Day) -> None:
    bill, cash = invoice(acme, "INV-1", "120.00", may(1), may(10)), receipt(acme, "RC-1", "150.00", may(15))
    apply(cash, bill, "100.00", may(15))


def test_open_items_are_read_at_any_date(story: None, acme: Customer, auditor: User) -> None:
    client = api(auditor)

    rows = client.get("/api/v1/open-items/", {"as_of": "2026-05-20", "customer": acme.code}).data["results"]
    before = client.get("/api/v1/open-items/", {"as_of": "2026-05-14", "kind": "invoice"}).data["results"]

    assert [(row["number"], row["side"], row["open_amount"]) for row in rows] == [
        ("INV-1", "debit", "20.00"),
        ("RC-1", "credit", "50.00"),
    ]
    assert [(row["number"], row["open_amount"]) for row in before] == [("INV-1", "120.00")]


def test_allocations_are_read_by_document(story: None, auditor: User) -> None:
    client = api(auditor)
    rows = client.get("/api/v1/allocations/", {"as_of": "2026-05-20", "number": "RC-1"}).data["results"]
    assert [(row["debit_number"], row["credit_number"], row["amount"]) for row in rows] == [("INV-1", "RC-1", "100.00")]
    assert client.get("/api/v1/allocations/", {"as_of": "2026-05-14"}).data["results"] == []


def test_ageing_is_read_with_own_buckets(story: None, auditor: User) -> None:
    answer = api(auditor).get("/api/v1/ageing/", {"as_of": "2026-05-20", "buckets": "5,10", "group_by": "currency"})
    assert answer.data["rows"][0]["buckets"] == {"current": "0.00", "1-5": "0.00", "6-10": "20.00", "11+": "0.00"}
    assert (answer.data["rows"][0]["unapplied_cash"], answer.data["rows"][0]["net"]) == ("50.00", "-30.00")


@pytest.mark.parametrize("path", ["open-items", "allocations", "ageing"])
def test_questions_that_cannot_be_meant_are_refused(story: None, auditor: User, path: str) -> None:
    client = api(auditor)
    for question in (
        {"as_of": "31 May"},
        {"known_at": "then"},
        {"customer": "none"},
        {"buckets": "30,10"},
        {"by": "x"},
    ):
        answer = client.get(f"/api/v1/{path}/", question)
        assert answer.status_code == 400 or "buckets" in question, question


@pytest.mark.parametrize("path", ["open-items", "allocations", "ageing"])
def test_only_who_may_see_the_ledger_reads_it(
    story: None, auditor: User, stranger: User, administrator: User, path: str
) -> None:
    url = f"/api/v1/{path}/"
    assert api(auditor, "customers:read").get(url).status_code == 403
    assert api(administrator).get(url).status_code == 403
    assert api(stranger).get(url, {"entity": "UK"}).status_code == 400
    assert "INV-1" not in str(api(stranger).get(url).data)


def test_a_filter_that_is_misspelt_is_refused_rather_than_left_out(story: None, auditor: User) -> None:
    answer = api(auditor).get("/api/v1/open-items/", {"custommer": "C-10001"})
    assert answer.status_code == 400
    assert answer.data["custommer"][0].startswith("Nothing can be asked by custommer; choose of as_of, ")


def test_an_address_that_is_not_there_is_answered_as_json(auditor: User) -> None:
    answer = api(auditor).get("/api/v1/no-such-thing/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_nobody_is_offered_a_scope_that_leads_nowhere() -> None:
    assert "ageing:read" in TOKEN_SCOPES
    assert not {"ageing:write", "open_items:write", "allocations:write"} & set(TOKEN_SCOPES)
