"""A payment provider's program tells of payments over the API, and they are posted with what they paid."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cashapp.models import ElectronicPayment, PaymentProvider
from core.models import User
from customers.models import Customer
from tests.cashapp.queues.conftest import bank_account as bank_account
from tests.cashapp.queues.conftest import books as books
from tests.cashapp.queues.conftest import castle as castle
from tests.cashapp.queues.conftest import invoice as invoice
from tests.cashapp.queues.conftest import stripe as stripe
from tests.cashapp.receipts.conftest import open_amounts
from tests.cashapp.receipts.test_api import api

Make = Callable[..., Any]
Day = Callable[[int], date]
PAYMENTS = "/api/v1/electronic-payments/"
SCOPES = ("payments:read", "payments:write")


def told(**more: Any) -> dict[str, Any]:
    """What Stripe says of a card payment of 120.00."""
    return {
        "method": "card",
        "reference": "pi_7",
        "provider": "stripe",
        "customer": "C-10001",
        "amount": "120.00",
        "currency": "GBP",
        "received_at": "2026-05-12T09:00:00Z",
        "documents": [{"number": "INV-1001"}],
        **more,
    }


def test_a_program_takes_in_tells_and_collects(
    clerk: User, castle: Customer, stripe: PaymentProvider, invoice: Make, may: Day
) -> None:
    item, client = invoice(castle, "INV-1001", "120.00", may(1)), api(clerk, *SCOPES)

    made = client.post(PAYMENTS, told(), format="json")
    assert made.status_code == 201, made.data
    assert (made.data["state"], made.data["amount"], made.data["surcharge"]) == ("Received", "120.00", "0.00")
    one = f"{PAYMENTS}{made.data['id']}/"

    captured = client.post(f"{one}tell/", {"kind": "captured", "reference": "evt_1"}, format="json")
    assert (captured.status_code, captured.data["state"]) == (200, "Captured")
    assert open_amounts([item]) == ["120.00"], "what is told posts nothing"

    answers = [client.post(f"{one}collect/") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (answers[0].data["state"], open_amounts([item])) == ("Posted", ["0.00"])
    posted = [fact for fact in answers[1].data["facts"] if fact["kind"] == "posted"]
    assert [fact["receipt"] for fact in posted] == ["RC-2026-000001"]
    assert client.get(PAYMENTS, {"reference": "pi_7"}).data["results"] == [answers[1].data]
    assert client.get(PAYMENTS, {"reference": "pi_8"}).data["results"] == []


def test_the_same_id_is_the_same_payment_and_another_amount_is_refused(
    clerk: User, castle: Customer, stripe: PaymentProvider
) -> None:
    client = api(clerk, *SCOPES)
    answers = [client.post(PAYMENTS, told(), format="json") for _ in range(2)]
    assert answers[0].data["id"] == answers[1].data["id"]

    other = client.post(PAYMENTS, told(amount="121.00"), format="json")
    assert (other.status_code, other.data["code"]) == (409, "same_key_other_content")
    assert ElectronicPayment.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"customer": "C-1"}, "There is no customer C-1"),
        ({"provider": "adyen"}, "has no provider adyen"),
        ({"method": "shells"}, "not a valid choice"),
        ({"amount": "-1.00"}, "greater than or equal to 0"),
        ({"received_at": "noon"}, "Datetime has wrong format"),
    ],
)
def test_what_makes_no_sense_is_named(
    facts: dict[str, Any], words: str, clerk: User, castle: Customer, stripe: PaymentProvider
) -> None:
    answer = api(clerk, *SCOPES).post(PAYMENTS, told(**facts), format="json")

    assert (answer.status_code, words in str(answer.data)) == (400, True), answer.data
    assert not ElectronicPayment.objects.exists()


def test_a_surcharge_that_no_rule_charges_keeps_it_from_being_posted(
    clerk: User, castle: Customer, stripe: PaymentProvider, invoice: Make, may: Day
) -> None:
    item, client = invoice(castle, "INV-1001", "120.00", may(1)), api(clerk, *SCOPES)
    made = client.post(PAYMENTS, told(surcharge="2.00"), format="json")

    answer = client.post(f"{PAYMENTS}{made.data['id']}/collect/")

    assert (answer.status_code, open_amounts([item])) == (409, ["120.00"])
    assert "collected 2.00 GBP on top" in answer.data["message"]


def test_who_may_not(
    clerk: User, collector: User, administrator: User, stranger: User, castle: Customer, stripe: PaymentProvider
) -> None:
    made = api(clerk, *SCOPES).post(PAYMENTS, told(), format="json")
    one = f"{PAYMENTS}{made.data['id']}/"

    assert api(clerk, "payments:read").post(PAYMENTS, told(), format="json").status_code == 403
    for address, body in (
        (PAYMENTS, told(reference="pi_8")),
        (f"{one}tell/", {"kind": "failed"}),
        (f"{one}collect/", {}),
    ):
        assert api(collector, *SCOPES).post(address, body, format="json").status_code == 403
    for person in (stranger, administrator):
        assert api(person, *SCOPES).get(one).status_code == 404
        assert api(person, *SCOPES).get(PAYMENTS).data["results"] == []
    assert ElectronicPayment.objects.count() == 1
