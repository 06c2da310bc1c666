"""Remittances over the API."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from cashapp.models import Remittance
from core.models import User
from customers.models import Customer
from tests.cashapp.receipts.test_api import api

Make = Callable[..., Any]
REMITTANCES = "/api/v1/remittances/"
SCOPES = ("remittances:read", "remittances:write")
TEXT = (
    "Payer: Castle Fibre Ltd\nCheck number: 4711042\nAmount paid: 120.00\nDate paid: 2026-05-12\nInvoices: INV-1001\n"
)


def test_a_program_sends_a_file_and_asks_what_became_of_it(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Any, matched: Make
) -> None:
    invoice(castle, "INV-1001", "120.00", may(1))
    client = api(clerk, *SCOPES)
    sent = client.post(REMITTANCES, {"name": "a.txt", "content": b64encode(TEXT.encode()).decode()}, format="json")
    assert (sent.status_code, sent.data[0]["state"], sent.data[0]["is_new"]) == (201, "waiting", True), sent.data

    matched(bank_line("120.00", "CHQ 4711042", on=may(12)))
    one = client.get(f"{REMITTANCES}{sent.data[0]['id']}/").data
    assert (one["state"], one["receipt"], one["customer"]) == ("booked", "RC-2026-000001", "C-10001")
    assert one["lines"][0]["document"] == "INV-1001"
    assert client.get(f"{REMITTANCES}?q=4711042").data["results"][0]["id"] == one["id"]


def test_the_same_remittance_twice_is_taken_in_once(clerk: User, castle: Customer) -> None:
    client = api(clerk, *SCOPES)
    first, again = (client.post(REMITTANCES, {"text": TEXT}, format="json") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.data[0]["id"], again.data[0]["is_new"]) == (first.data[0]["id"], False)
    assert Remittance.objects.get().source == "api"


def test_what_makes_no_sense_is_refused_with_a_sentence(clerk: User, auditor: User, castle: Customer) -> None:
    client = api(clerk, *SCOPES)
    for sent in ({}, {"text": TEXT, "content": "YQ=="}, {"content": "not base64"}):
        assert client.post(REMITTANCES, sent, format="json").status_code == 400, sent
    refused = client.post(REMITTANCES, {"text": "Good morning."}, format="json")
    assert (refused.status_code, refused.data["code"]) == (409, "remittance_refused")
    assert api(auditor, *SCOPES).post(REMITTANCES, {"text": TEXT}, format="json").status_code == 403
    assert api(clerk, "remittances:read").post(REMITTANCES, {"text": TEXT}, format="json").status_code == 403
