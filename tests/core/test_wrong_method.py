"""Whoever types the address of a button is told where the button is."""

import pytest
from django.test import Client

from core.middleware import page_above

READ = {"accept": "text/html,*/*;q=0.8"}


@pytest.mark.django_db
def test_an_address_that_only_carries_out_a_step_says_so_and_leads_to_its_page(client: Client) -> None:
    typed = client.get("/invoices/7/send/", headers=READ)

    assert (typed.status_code, typed["Allow"]) == (405, "POST")
    assert "when its button is pressed" in typed.content.decode()
    assert 'href="/invoices/7/"' in typed.content.decode()


@pytest.mark.django_db
def test_programs_get_the_bare_answer(client: Client) -> None:
    assert client.get("/invoices/7/send/").content == b""
    assert "text/html" not in client.put("/api/v1/invoices/", headers=READ)["Content-Type"]


def test_the_page_above_is_the_nearest_address_that_there_is() -> None:
    assert page_above("/billing/7/start/") == "/billing/7/"
    assert page_above("/billing/exceptions/7/accept/") == "/billing/"
    assert page_above("/nowhere/") == ""
