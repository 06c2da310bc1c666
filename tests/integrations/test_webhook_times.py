"""When a webhook hears of what: only of what happens while it listens, once, and never behind one that is slow."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cashapp.actions.applying import unapply_receipt
from cashapp.actions.ending import return_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.models import Receipt
from cashapp.money_in import Incoming, Payment
from core import clock
from core.errors import NotAllowed, Refused
from core.models import LegalEntity, User
from customers.models import Customer
from integrations import posts
from integrations.actions.webhooks import (
    add_endpoint,
    change_endpoint,
    claim_delivery,
    switch_endpoint_off,
    switch_endpoint_on,
)
from integrations.models import EventKind, WebhookDelivery, WebhookEndpoint, WebhookScan
from integrations.posts import post
from integrations.webhooks import tell
from invoicing.actions import cancel_invoice, issue_invoice
from invoicing.models import Invoice
from tests.integrations.listener import Listener, listening

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
Added = Callable[..., WebhookEndpoint]


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    settings.WEBHOOKS_LOCAL = True
    with listening() as found:
        yield found


@pytest.fixture
def added(books: LegalEntity, administrator: User, listener: Listener) -> Added:
    """An address of the other system: added("erp"), added("bank", "invoice.paid")."""

    def add(name: str, *events: str) -> WebhookEndpoint:
        url = f"{listener.url}/{name}"
        return add_endpoint(by=administrator, entity=books, url=url, events=events or EventKind.values)

    return add


@pytest.fixture
def paid(clerk: User, acme: Customer) -> Callable[[Invoice], Receipt]:
    """Acme pays an invoice in full, today."""

    def pay(invoice: Invoice) -> Receipt:
        assert invoice.item
        day = clock.today(acme.entity)
        incoming = Incoming(money=invoice.money, received_on=day, key=f"cheque for {invoice.number}")
        return post_receipt(by=clerk, customer=acme, incoming=incoming, pays=[Payment(invoice.item, invoice.gross)])

    return pay


def heard(endpoint: WebhookEndpoint) -> list[tuple[str, str]]:
    """What an endpoint was told of, by kind and document."""
    rows = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("event__kind", "event__document")
    return list(rows.values_list("event__kind", "event__document"))


def issued_of(*invoices: Invoice) -> list[tuple[str, str]]:
    return [("invoice.issued", str(invoice.number)) for invoice in invoices]


# While it listens ----------------------------------------------------------------------------------------------------


def test_what_happened_while_it_was_off_it_never_hears_whoever_else_listened(
    added: Added, administrator: User, issued: Issued, acme: Customer, system: User
) -> None:
    """The schedule stood still meanwhile, so one look finds what came before, during and after."""
    erp, bank = added("erp", "invoice.issued"), added("bank", "invoice.issued")
    before = issued(acme)
    tell(by=system)
    switch_endpoint_off(by=administrator, endpoint=erp)
    meanwhile = issued(acme)
    switch_endpoint_on(by=administrator, endpoint=erp)
    after = issued(acme)
    tell(by=system), tell(by=system)

    assert heard(bank) == issued_of(before, meanwhile, after)
    assert heard(erp) == issued_of(before, after)


def test_of_a_kind_that_is_chosen_later_it_hears_what_happens_later(
    added: Added, administrator: User, issued: Issued, acme: Customer, system: User, paid: Callable[[Invoice], Receipt]
) -> None:
    erp = added("erp", "invoice.issued")
    first, second, third = issued(acme), issued(acme), issued(acme)
    paid(first)
    tell(by=system)

    change_endpoint(by=administrator, endpoint=erp, events=["invoice.issued", "invoice.paid"])
    fourth = issued(acme)
    paid(second)
    change_endpoint(by=administrator, endpoint=erp, events=["invoice.paid"])
    paid(third)
    tell(by=system)

    told = [("invoice.paid", str(one.number)) for one in (second, third)]
    assert heard(erp) == issued_of(first, second, third) + told
    assert ("invoice.issued", str(fourth.number)) not in heard(erp), "it asked to hear no more of that"


def test_what_fell_due_before_it_was_switched_on_is_not_told_as_overdue(
    added: Added, administrator: User, drafted: Issued, acme: Customer, system: User, clerk: User
) -> None:
    erp = added("erp", "invoice.overdue")
    switch_endpoint_off(by=administrator, endpoint=erp)
    yesterday = clock.today(acme.entity) - timedelta(days=31)
    issue_invoice(by=clerk, entity=acme.entity, invoice=drafted(acme), issued_on=yesterday)
    switch_endpoint_on(by=administrator, endpoint=erp)
    tell(by=system)

    assert heard(erp) == []


def test_what_is_open_again_after_its_due_date_is_overdue_then(
    added: Added, drafted: Issued, acme: Customer, system: User, clerk: User, paid: Callable[[Invoice], Receipt]
) -> None:
    late = clock.today(acme.entity) - timedelta(days=31)
    invoice = issue_invoice(by=clerk, entity=acme.entity, invoice=drafted(acme), issued_on=late)
    receipt = paid(invoice)
    erp = added("erp", "invoice.overdue")
    tell(by=system)
    assert heard(erp) == []

    return_receipt(by=clerk, receipt=receipt, returned_on=clock.today(acme.entity), reason="Refer to drawer")
    tell(by=system), tell(by=system)

    assert heard(erp) == [("invoice.overdue", str(invoice.number))]


def test_what_was_paid_undone_and_then_credited_is_not_paid(
    added: Added, issued: Issued, acme: Customer, system: User, clerk: User, manager: User,
    paid: Callable[[Invoice], Receipt],
) -> None:  # fmt: skip
    invoice = issued(acme)
    day = clock.today(acme.entity)
    unapply_receipt(by=clerk, receipt=paid(invoice), unapplied_on=day, reason="Of another customer")
    erp = added("erp", "invoice.paid", "invoice.credited")

    note = cancel_invoice(by=manager, invoice=invoice, issued_on=day, reason_code="price", reason="Wrong price")
    tell(by=system)

    assert heard(erp) == [("invoice.credited", str(note.number))]


def test_on_and_off_are_once_and_for_administrators(
    added: Added, administrator: User, clerk: User, signed_in: Callable[[User], Client]
) -> None:
    erp = added("erp", "invoice.issued")
    since = erp.interests.get().since
    assert switch_endpoint_on(by=administrator, endpoint=erp).interests.get().since == since, "it was on already"
    with pytest.raises(Refused, match="Choose at least one event, or switch the endpoint off"):
        change_endpoint(by=administrator, endpoint=erp, events=[])
    for action in (switch_endpoint_off, switch_endpoint_on):
        with pytest.raises(NotAllowed):
            action(by=clerk, endpoint=erp)

    browser = signed_in(administrator)
    page = reverse("integrations:endpoint", args=[erp.pk])
    browser.post(reverse("integrations:switch_endpoint_off", args=[erp.pk]))
    assert "Switch on" in browser.get(page).content.decode()
    browser.post(reverse("integrations:switch_endpoint_on", args=[erp.pk]))
    assert "Switch off" in browser.get(page).content.decode()
    assert erp.interests.get().since > since


# Never behind one that is slow ---------------------------------------------------------------------------------------


def test_who_refuses_waits_for_the_next_round_and_holds_nobody_up(
    added: Added, listener: Listener, issued: Issued, acme: Customer, system: User
) -> None:
    added("erp", "invoice.issued"), added("bank", "invoice.issued")
    listener.refuses = "/erp"
    for _ in range(3):
        issued(acme)

    tally = tell(by=system)

    assert (tally.posted, tally.failed) == (3, 1)


def test_who_is_slow_waits_for_all_others(
    added: Added, listener: Listener, issued: Issued, acme: Customer, system: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = added("slow", "invoice.issued"), added("quick", "invoice.issued")
    monkeypatch.setattr("integrations.webhooks.SLOW", 100)
    listener.dawdles = "/slow"
    for _ in range(3):
        issued(acme)

    tell(by=system)

    names = [path.rpartition("/")[2] for path in listener.paths]
    assert names.count("slow") == names.count("quick") == 3 and names[-2:] == ["slow", "slow"]
    assert len(heard(slow)) == len(heard(quick)) == 3


def test_one_is_claimed_at_a_time_so_that_no_claim_runs_out_unposted(
    added: Added, issued: Issued, acme: Customer, system: User, listener: Listener
) -> None:
    added("erp", "invoice.issued")
    for _ in range(3):
        issued(acme)
    tell(by=system, seconds=0)

    assert claim_delivery(by=system, at=clock.now(), passing_over=[])

    states = WebhookDelivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["sending", "waiting", "waiting"] and WebhookScan.objects.exists()


@contextmanager
def dripping(beginning: bytes) -> Iterator[str]:
    """A receiver that goes on by a byte every tenth of a second, for ever."""
    server = socket.create_server(("127.0.0.1", 0))
    stopped = threading.Event()

    def drip() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.sendall(beginning)
            while not stopped.wait(0.1):
                connection.sendall(b"a")

    threading.Thread(target=drip, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.getsockname()[1]}"
    finally:
        stopped.set()
        server.close()


@pytest.mark.parametrize(
    ("scheme", "beginning"),
    [("http", b"HTTP/1.1 200 OK\r\nX-Slow: "), ("https", b"\x16\x03\x03\x40\x00")],
    ids=["a header without end", "a handshake without end"],
)
def test_an_answer_that_drips_is_cut_off_at_the_deadline(
    monkeypatch: pytest.MonkeyPatch, scheme: str, beginning: bytes
) -> None:
    """Each byte comes in time, the whole never does."""
    monkeypatch.setattr(posts, "SECONDS", 1)
    with dripping(beginning) as host:
        answer = post(f"{scheme}://{host}/", b"{}", {}, allow_local=True)

    assert (answer.status, answer.error) == (None, "No answer within 1 seconds.")
    assert 1_000 <= answer.milliseconds < 4_000
