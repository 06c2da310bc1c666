"""The outbox and the statement in a real browser: accessible, quiet, and fitting every window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from core import clock
from core.models import LegalEntity, User
from customers.models import Contact, Customer
from ledger.actions import set_up_ledger
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.outcomes import Outcome, Verdict
from messaging.recipients import INVOICES, recipients_of
from messaging.sender import deliver
from tests.browser.checks import Watched, assert_page_ok
from tests.collections.books import Books, brightwater
from tests.messaging.conftest import new_customer

SignIn = Callable[[User], None]


@pytest.fixture(autouse=True)
def mail_folder(settings: Any, tmp_path: Path) -> None:
    settings.MESSAGE_KINDS = {**settings.MESSAGE_KINDS, "invoice": "tests.messaging.kinds.InvoiceMessage"}
    settings.MAIL_DIR = tmp_path / "mail"


@pytest.fixture
def hotels(uk: LegalEntity, system: User) -> Customer:
    """A customer with an account, who receives invoices and statements."""
    set_up_ledger(by=system, entity=uk)
    customer = new_customer(uk, "C-10420", "Brightwater Hotels and Conference Centres of the South West")
    Contact.objects.update(receives_statements=True)
    brightwater(Books(system, customer))
    return customer


class Lost:
    """A way out on which messages get lost."""

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def hand_over(self, *args: object) -> Outcome:
        return Outcome(Verdict.UNKNOWN, "The connection broke while the server was taking the message.")


def queue(by: User, customer: Customer, document: str) -> Message:
    draft = Draft(
        kind="invoice",
        key=document,
        customer=customer,
        recipients=recipients_of([customer], INVOICES)[customer.pk],
        document=document,
        context={"pdf": "x"},
        not_before=clock.now(),
    )
    return queue_messages(by=by, drafts=[draft])[0]


@pytest.fixture
def messages(clerk: User, system: User, hotels: Customer) -> dict[str, Message]:
    """One sent, one unconfirmed, one to be printed, one queued."""
    sent = queue(clerk, hotels, "INV-1")
    deliver(by=system)
    lost = queue(clerk, hotels, "INV-2")
    deliver(by=system, transport=Lost())
    Customer.objects.filter(pk=hotels.pk).update(delivery="print")
    letter = queue(clerk, Customer.objects.get(pk=hotels.pk), "INV-3")
    deliver(by=system)
    return {"sent": sent, "lost": lost, "letter": letter, "queued": queue(clerk, hotels, "INV-4")}


def test_the_outbox_is_accessible_and_fits_every_window(
    page: Watched, sign_in: SignIn, clerk: User, messages: dict[str, Message]
) -> None:
    sign_in(clerk)
    for url in ("/messages/", "/messages/?view=attention", "/messages/letters/", "/messages/?q=nothing"):
        page.goto(url)
        assert_page_ok(page)
    for message in messages.values():
        page.goto(f"/messages/{message.pk}/")
        assert_page_ok(page)


def test_templates_are_accessible_and_fit_every_window(page: Watched, sign_in: SignIn, administrator: User) -> None:
    sign_in(administrator)
    for url in ("/messages/templates/", "/messages/templates/invoice/de/"):
        page.goto(url)
        assert_page_ok(page)


def test_a_statement_is_accessible_and_fits_every_window(
    page: Watched, sign_in: SignIn, collector: User, hotels: Customer
) -> None:
    sign_in(collector)
    for query in ("", "?as_at=2026-11-20&starts_on=2026-09-01", "?as_at=2020-01-01"):
        page.goto(f"/customers/{hotels.pk}/statement/{query}")
        assert_page_ok(page)


def test_a_clerk_decides_that_a_lost_message_did_leave(
    page: Watched, sign_in: SignIn, clerk: User, messages: dict[str, Message]
) -> None:
    sign_in(clerk)
    page.goto("/messages/?view=attention")
    page.get_by_role("link", name="INV-2").click()
    page.get_by_label("How do you know?").fill("The server's log has it at 14:02.")
    page.get_by_role("button", name="It left: mark as sent").click()

    expect(page.get_by_text("The message counts as sent.")).to_be_visible()
    messages["lost"].refresh_from_db()
    assert messages["lost"].state == "sent"


def test_letters_are_ticked_off(page: Watched, sign_in: SignIn, clerk: User, messages: dict[str, Message]) -> None:
    sign_in(clerk)
    page.goto("/messages/letters/")
    page.get_by_role("button", name="Posted").click()

    expect(page.get_by_text("No letters to print")).to_be_visible()


def test_a_collector_sends_a_statement(page: Watched, sign_in: SignIn, collector: User, hotels: Customer) -> None:
    sign_in(collector)
    page.goto(f"/customers/{hotels.pk}/statement/?as_at={date(2026, 11, 20)}")
    page.get_by_role("button", name="Send to Jane Doe").click()

    expect(page.get_by_role("heading", name="Statement 2026-11-20")).to_be_visible()
    assert Message.objects.get().document == "2026-11-20"
