"""Mandates over the API: read by companies that a program's person may see, accounts by their last digits."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from rest_framework.test import APIClient

from core.actions import issue_token
from core.models import User
from customers.models import Customer
from tests.directdebit.conftest import NUMBER, Live


def program(by: User, *scopes: str) -> APIClient:
    _, secret = issue_token(by=by, name="Billing", scopes=list(scopes))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_mandates_are_listed_by_customer_and_state_and_no_account_is_told(
    live: Live,
    customer_named: Callable[[str], Customer],
    clerk: User,
    stranger: User,
    django_assert_max_num_queries: Any,
) -> None:
    mandates = [live(customer_named(f"Payer{number} Ltd")) for number in range(4)]
    link, address = program(clerk, "mandates:read"), reverse("mandate-list")

    with django_assert_max_num_queries(10):
        listed = link.get(address, {"state": "active"}).json()["results"]
    assert [each["reference"] for each in listed] == [each.reference for each in mandates]
    (one,) = link.get(address, {"customer": mandates[2].customer.code}).json()["results"]
    assert (one["account"], one["scheme"], one["creditor"]) == (f"…{NUMBER[-4:]}", "bacs", "BACS-UK")
    assert NUMBER not in link.get(reverse("mandate-detail", args=[mandates[0].pk])).content.decode()

    assert link.get(address, {"sate": "active"}).status_code == 400
    assert program(clerk, "customers:read").get(address).status_code == 403
    assert program(stranger, "mandates:read").get(address).json()["results"] == []
    assert program(stranger, "mandates:read").get(reverse("mandate-detail", args=[mandates[0].pk])).status_code == 404
