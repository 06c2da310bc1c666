"""Another system hears of invoices issued, credited, paid and overdue: signed, once, and again after a fault."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cashapp.actions.receipts import post_receipt
from cashapp.money_in import Incoming, Payment
from core import clock
from core.errors import NotAllowed, Refused
from core.models import LegalEntity, User
from customers.models import Customer
from integrations.actions.webhooks import add_endpoint, change_endpoint, renew_secret, replay_delivery
from integrations.models import EventKind, WebhookDelivery, WebhookEndpoint, WebhookEvent
from integrations.posts import UnsafeAddress, checked, is_public, post
from integrations.webhooks import tell
from invoicing.actions import cancel_invoice, issue_invoice
from invoicing.models import Invoice
from messaging.models import Message
from tests.integrations.listener import Listener, listening

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    settings.WEBHOOKS_LOCAL = True
    with listening() as found:
        yield found


@pytest.fixture
def endpoint(books: LegalEntity, administrator: User, listener: Listener) -> WebhookEndpoint:
    return add_endpoint(by=administrator, entity=books, url=listener.url, events=EventKind.values)


def due_now() -> None:
    WebhookDelivery.objects.update(due_at=clock.now())


def test_an_issued_invoice_is_told_once_and_signed(
    endpoint: WebhookEndpoint, listener: Listener, issued: Issued, acme: Customer, system: User
) -> None:
    invoice = issued(acme)
    for _ in range(3):
        tell(by=system)

    kinds = [json.loads(body)["type"] for _, body in listener.told]
    assert sorted(kinds) == ["invoice.issued", "invoice.overdue"] or kinds == ["invoice.issued"]
    headers, body = next(one for one in listener.told if json.loads(one[1])["type"] == "invoice.issued")
    signed = f"{headers['O2C-Timestamp']}.".encode() + body
    mine = hmac.new(endpoint.secret.encode(), signed, hashlib.sha256).hexdigest()
    told = json.loads(body)
    assert headers["O2C-Signature"] == f"v1={mine}"
    assert told["id"] == headers["O2C-Event-Id"] and told["data"]["invoice"] == invoice.number
    assert told["data"]["gross"] == "120.000" and told["data"]["customer"] == acme.code


def test_a_credited_invoice_is_told_and_is_not_paid(
    endpoint: WebhookEndpoint, listener: Listener, issued: Issued, acme: Customer, system: User, manager: User
) -> None:
    note = cancel_invoice(
        by=system, invoice=issued(acme), issued_on=date(2026, 5, 6), reason_code="BILL", reason="Wrong one"
    )
    tell(by=system)

    told = {json.loads(body)["type"]: json.loads(body)["data"] for _, body in listener.told}
    assert told["invoice.credited"]["credit_note"] == note.number
    assert "invoice.paid" not in told


def test_a_paid_invoice_is_told(
    endpoint: WebhookEndpoint, listener: Listener, issued: Issued, acme: Customer, system: User, clerk: User
) -> None:
    invoice = issued(acme)
    assert invoice.item
    incoming = Incoming(money=invoice.money, received_on=clock.today(acme.entity), key="cheque 1")
    post_receipt(by=clerk, customer=acme, incoming=incoming, pays=[Payment(invoice.item, invoice.gross)])
    tell(by=system), tell(by=system)

    told = [json.loads(body) for _, body in listener.told]
    [paid] = [one["data"] for one in told if one["type"] == "invoice.paid"]
    assert paid["invoice"] == invoice.number and paid["open_amount"] == "0.000"


def test_what_was_due_yesterday_is_overdue_once(
    endpoint: WebhookEndpoint, listener: Listener, drafted: Issued, acme: Customer, system: User, clerk: User
) -> None:
    late = clock.today(acme.entity) - timedelta(days=31)
    invoice = issue_invoice(by=clerk, entity=acme.entity, invoice=drafted(acme), issued_on=late)
    tell(by=system), tell(by=system)
    kinds = [json.loads(body)["type"] for _, body in listener.told]
    assert kinds.count("invoice.overdue") == 1 and invoice.due_on == late + timedelta(days=30)


def test_only_what_was_asked_for_and_only_of_one_company(
    books: LegalEntity, de: LegalEntity, administrator: User, listener: Listener, issued: Issued, acme: Customer,
    system: User,
) -> None:  # fmt: skip
    add_endpoint(by=administrator, entity=books, url=listener.url, events=["invoice.paid"])
    issued(acme)
    tell(by=system)
    assert listener.told == [] and not WebhookEvent.objects.exists()


def test_a_refusal_is_tried_again_with_the_same_id_and_every_try_is_kept(
    endpoint: WebhookEndpoint, listener: Listener, issued: Issued, acme: Customer, system: User
) -> None:
    change_endpoint(by=system, endpoint=endpoint, events=["invoice.issued"])
    listener.answer = 503
    issued(acme)
    tell(by=system)
    tell(by=system)
    assert len(listener.told) == 1, "not before its time"

    listener.answer = 200
    due_now()
    tell(by=system)
    delivery = WebhookDelivery.objects.get()
    assert delivery.state == "delivered" and len(set(listener.ids)) == 1
    assert [attempt.status for attempt in delivery.attempts.order_by("pk")] == [503, 200]
    assert delivery.attempts.order_by("pk")[0].answer == "thank you"


def test_after_days_of_failing_it_is_switched_off_and_administrators_hear(
    endpoint: WebhookEndpoint, listener: Listener, issued: Issued, acme: Customer, system: User, administrator: User
) -> None:
    listener.answer = 500
    issued(acme)
    tell(by=system)
    WebhookEndpoint.objects.update(failing_since=clock.now() - timedelta(days=6))
    due_now()
    tell(by=system)

    endpoint.refresh_from_db()
    mail = Message.objects.get(kind="webhook_given_up")
    assert not endpoint.is_active and endpoint.disabled_at and mail.to_addresses == [administrator.email]
    with pytest.raises(Refused, match="switched off"):
        replay_delivery(by=administrator, delivery=WebhookDelivery.objects.all()[0])


def test_a_delivery_is_sent_again_by_hand_under_the_same_id(
    endpoint: WebhookEndpoint, listener: Listener, issued: Issued, acme: Customer, system: User, administrator: User
) -> None:
    change_endpoint(by=administrator, endpoint=endpoint, events=["invoice.issued"])
    issued(acme)
    tell(by=system)
    replay_delivery(by=administrator, delivery=WebhookDelivery.objects.get())
    tell(by=system)
    assert len(listener.told) == 2 and len(set(listener.ids)) == 1


def test_another_secret_signs_from_then_on(endpoint: WebhookEndpoint, administrator: User) -> None:
    before = endpoint.secret
    assert renew_secret(by=administrator, endpoint=endpoint).secret != before
    assert before not in str(WebhookEndpoint.objects.values().get())


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example/hook",
        "ftp://erp.example/",
        "https://user:secret@erp.example/",
        "https:///hook",
        "https://erp.example:0/",
    ],
)
def test_an_unfit_address_is_refused(books: LegalEntity, administrator: User, url: str) -> None:
    with pytest.raises(UnsafeAddress):
        add_endpoint(by=administrator, entity=books, url=url, events=["invoice.paid"])


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.8", "169.254.169.254", "192.168.1.1", "0.0.0.1", "::1", "fe80::1%eth0", "::ffff:10.0.0.1",
     "64:ff9b::a00:1", "2002:a00:1::", "fd00::1", "224.0.0.1"],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are(db: None) -> None:
    assert is_public("93.184.216.34") and is_public("2606:4700::1111")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433"])
def test_a_name_that_leads_inside_is_not_connected_to(host: str) -> None:
    answer = post(f"https://{host}/", b"{}", {}, allow_local=False)
    assert answer.status is None and "not on the public internet" in answer.error


def test_a_redirect_is_not_followed(listener: Listener) -> None:
    listener.answer, listener.location = 302, "http://169.254.169.254/"
    assert post(listener.url, b"{}", {}, allow_local=True).status == 302
    assert len(listener.told) == 1 and checked(listener.url, allow_local=True)


def test_who_may_not_adds_and_replays_nothing(
    endpoint: WebhookEndpoint, clerk: User, auditor: User, books: LegalEntity
) -> None:
    for person in (clerk, auditor):
        with pytest.raises(NotAllowed):
            add_endpoint(by=person, entity=books, url="https://erp.example/", events=["invoice.paid"])
        with pytest.raises(NotAllowed):
            renew_secret(by=person, endpoint=endpoint)
    with pytest.raises(NotAllowed):
        tell(by=clerk)


def test_the_pages_show_the_secret_once_and_every_attempt(
    books: LegalEntity, administrator: User, listener: Listener, issued: Issued, acme: Customer, system: User,
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    browser = signed_in(administrator)
    assert "No other system is told" in browser.get(reverse("integrations:endpoints")).content.decode()
    made = browser.post(
        reverse("integrations:add_endpoint"), {"url": listener.url, "events": ["invoice.issued"]}
    ).content.decode()
    endpoint = WebhookEndpoint.objects.get()
    page = reverse("integrations:endpoint", args=[endpoint.pk])
    assert endpoint.secret in made and endpoint.secret not in browser.get(page).content.decode()

    issued(acme)
    tell(by=system)
    assert "thank you" in browser.get(page).content.decode()
    delivery = WebhookDelivery.objects.get()
    browser.post(reverse("integrations:replay_delivery", args=[delivery.pk]))
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    twice = browser.post(reverse("integrations:add_endpoint"), {"url": listener.url, "events": ["invoice.issued"]})
    assert twice.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_post_and_record_tells_again_under_the_same_id(
    endpoint: WebhookEndpoint, listener: Listener, issued: Issued, acme: Customer, system: User
) -> None:
    """At least once, and the receiver can tell: nothing better can be promised over a network."""
    change_endpoint(by=system, endpoint=endpoint, events=["invoice.issued"])
    issued(acme)
    listener.go_on.clear()
    environment = {**os.environ, "O2C_TEST_DATABASE": str(connection.settings_dict["NAME"])}
    worker = subprocess.Popen([sys.executable, "-m", "tests.integrations.one_teller"], cwd=ROOT, env=environment)
    assert listener.heard.wait(90)
    worker.kill()
    worker.wait()
    listener.go_on.set()

    tell(by=system)
    assert len(listener.told) == 1, "the dead worker's claim holds for a while"
    due_now()
    tell(by=system)
    assert len(listener.told) == 2 and len(set(listener.ids)) == 1
    assert WebhookDelivery.objects.get().state == "delivered"
