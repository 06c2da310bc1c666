"""Receipts over the API."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from cashapp.models import Receipt
from core.actions import issue_token
from core.models import ExchangeRate, User
from customers.models import Customer
from tests.cashapp.receipts.conftest import open_amounts

Make = Callable[..., Any]
Day = Callable[[int], date]
RECEIPTS = "/api/v1/receipts/"


def api(by: User, *scopes: str) -> Any:
    _, secret = issue_token(by=by, name="Test", scopes=list(scopes or ("receipts:read", "receipts:write")))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def cheque(**more: Any) -> dict[str, Any]:
    facts = {"customer": "C-10001", "amount": "200.00", "currency": "GBP", "received_on": "2026-05-12", "key": "4711"}
    return {**facts, **more}


def test_a_program_posts_applies_and_undoes(clerk: User, castle: Customer, invoice: Make, may: Day) -> None:
    first, second = invoice(castle, "INV-1", "120.00", may(1)), invoice(castle, "INV-2", "60.00", may(1))
    client = api(clerk)

    made = client.post(RECEIPTS, cheque(pays=[{"number": "INV-1", "amount": "120.00"}]), format="json")
    assert made.status_code == 201, made.data
    assert (made.data["number"], made.data["on_account"]) == ("RC-2026-000001", "80.00")
    one = f"{RECEIPTS}{made.data['id']}/"

    applied = client.post(f"{one}apply/", {"pays": [{"number": "INV-2", "amount": "60.00"}]}, format="json")
    assert (applied.status_code, applied.data["on_account"]) == (200, "20.00")
    off = client.post(f"{one}unapply/", {"reason": "Wrong", "numbers": ["INV-1"]}, format="json")
    assert [each["number"] for each in off.data["pays"]] == ["INV-2"]
    assert open_amounts([first, second]) == ["120.00", "0.00"]

    back = client.post(f"{one}reverse/", {"reason": "Cheque bounced"}, format="json")
    assert (back.data["ending"], back.data["pays"]) == ("reversed", [])
    again = client.post(f"{one}reverse/", {"reason": "Cheque bounced"}, format="json")
    assert (again.status_code, again.data["code"]) == (409, "already_ended")


def test_a_receipt_is_moved_to_another_customer(clerk: User, castle: Customer, halden: Customer) -> None:
    client = api(clerk)
    made = client.post(RECEIPTS, cheque(), format="json").data
    facts = {"customer": "C-10002", "amount": "50.00", "reason": "Theirs"}
    moved = client.post(f"{RECEIPTS}{made['id']}/move/", facts, format="json")
    assert (moved.status_code, moved.data["customer"], moved.data["amount"]) == (201, "C-10002", "50.00")
    assert client.get(f"{RECEIPTS}?customer=C-10001").data["results"][0]["on_account"] == "150.00"


def test_the_same_key_twice_posts_once(clerk: User, castle: Customer) -> None:
    client = api(clerk)
    answers = [client.post(RECEIPTS, cheque(), format="json") for _ in range(2)]
    assert answers[0].data["id"] == answers[1].data["id"]
    other = client.post(RECEIPTS, cheque(amount="90.00"), format="json")
    assert (other.status_code, other.data["code"]) == (409, "same_key_other_content")
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"customer": "C-1"}, 400),
        ({"amount": "-5.00"}, 400),
        ({"amount": "0.00"}, 409),
        ({"amount": "1.001"}, 409),
        ({"currency": "XYZ"}, 409),
        ({"pays": [{"number": "INV-9", "amount": "1.00"}]}, 400),
        ({"bank_account": 0}, 400),
    ],
)
def test_what_makes_no_sense_is_refused(facts: dict[str, Any], status: int, clerk: User, castle: Customer) -> None:
    answer = api(clerk).post(RECEIPTS, cheque(**facts), format="json")
    assert (answer.status_code, Receipt.objects.count()) == (status, 0)


def test_who_may_not(
    clerk: User,
    collector: User,
    administrator: User,
    stranger: User,
    castle: Customer,
    received: Make,
    may: Day,
) -> None:
    receipt = received(castle, "120.00", may(12))
    one = f"{RECEIPTS}{receipt.pk}/"
    assert api(clerk, "receipts:read").post(f"{one}reverse/", {"reason": "x"}, format="json").status_code == 403
    assert api(collector).post(f"{one}reverse/", {"reason": "x"}, format="json").status_code == 403
    for person in (stranger, administrator):
        assert api(person).get(one).status_code == 404
        assert api(person).get(RECEIPTS).data["results"] == []
    assert api(clerk).get(RECEIPTS).data["results"][0]["number"] == "RC-2026-000001"


def test_a_program_settles_a_document_of_another_currency(
    clerk: User, auditor: User, castle: Customer, invoice: Make, may: Day
) -> None:
    ExchangeRate.objects.create(from_currency="USD", to_currency="GBP", on=may(1), rate=Decimal("0.80"))
    castle.currency = "USD"
    item = invoice(castle, "INV-US-1", "100.00", may(1))
    client = api(clerk)
    made = client.post(RECEIPTS, cheque(), format="json").data
    one = f"{RECEIPTS}{made['id']}/"
    asked = {"number": "INV-US-1", "amount": "50.00", "on": "2026-05-13"}

    assert api(auditor).post(f"{one}exchange/", asked, format="json").status_code == 403
    assert client.post(f"{one}exchange/", {**asked, "rate": "0"}, format="json").status_code == 400
    far = client.post(f"{one}exchange/", {**asked, "rate": "0.95"}, format="json")
    assert (far.status_code, far.data["code"]) == (409, "above_authority")
    key = {"HTTP_IDEMPOTENCY_KEY": "exchange-1"}
    for _ in range(2):
        done = client.post(f"{one}exchange/", asked, format="json", **key)
        assert (done.status_code, done.data["on_account"], len(done.data["pays"])) == (200, "160.00", 1)
    client.post(f"{one}unapply/", {"reason": "Wrong", "on": "2026-05-13"}, format="json")
    rest = client.post(f"{one}exchange/", {"number": "INV-US-1", "on": "2026-05-14"}, format="json")

    assert (open_amounts([item]), rest.data["on_account"]) == (["0.00"], "120.00")
    first, second = client.get(f"{one}exchanges/").data
    assert (first["used"], first["settled"], first["settled_currency"]) == ("40.00", "50.00", "USD")
    assert (first["rate_kind"], bool(first["ended_on"]), second["ended_on"]) == ("day", True, None)
