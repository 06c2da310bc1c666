"""How far documents have come: by mail, by post, into a customer's own portal; and what reached nobody."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import NotAllowed, Refused
from core.models import User
from customers.models import Customer
from invoicing.actions import confirm_upload, record_access, reopen_upload
from invoicing.actions.uploads import NotProved, NotUploaded
from invoicing.models import Invoice, InvoiceLink, UploadTask
from invoicing.queries.delivered import deliveries_of, undelivered
from messaging.actions import Report, cancel_message, confirm_letters, record_report
from messaging.models import Message
from messaging.sender import deliver

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
Made = Callable[..., Customer]
SignedIn = Callable[[User], Client]
TODAY = date(2026, 5, 20)


def state(invoice: Invoice) -> str:
    return deliveries_of([invoice])[invoice.pk].name


def send(system: User) -> None:
    Message.objects.filter(state="queued").update(not_before=clock.now())
    deliver(by=system)


def bounced(system: User, message: Message) -> None:
    report = Report(
        source="mailbox",
        key=f"{message.pk}",
        kind="bounced",
        message_id=message.message_id,
        address=message.to_addresses[0],
        detail="550 no such user",
        happened_at=clock.now(),
    )
    record_report(by=system, report=report)


@pytest.fixture
def gate(customer: Made) -> Customer:
    """Wants its invoices in its own portal."""
    return customer("Gate Rail", delivery="portal")


@pytest.fixture
def task(issued: Issued, gate: Customer) -> UploadTask:
    return UploadTask.objects.get(invoice=issued(gate))


def test_a_mailed_invoice_is_queued_sent_opened_and_downloaded(issued: Issued, acme: Customer, system: User) -> None:
    invoice = issued(acme)
    seen = [state(invoice)]
    send(system)
    seen.append(state(invoice))
    link = InvoiceLink.objects.get()
    for kind in ("refused", "opened", "pdf"):
        record_access(by=system, link=link, kind=kind, network="", user_agent="", colleague=None)
        seen.append(state(invoice))
    assert seen == ["queued", "sent", "sent", "opened", "downloaded"]


def test_a_colleague_opens_nothing_for_the_customer(issued: Issued, acme: Customer, system: User, clerk: User) -> None:
    invoice = issued(acme)
    send(system)
    link = InvoiceLink.objects.get()
    record_access(by=system, link=link, kind="pdf", network="", user_agent="", colleague=clerk)
    assert state(invoice) == "sent"
    with pytest.raises(NotAllowed):
        record_access(by=clerk, link=link, kind="pdf", network="", user_agent="", colleague=None)


def test_a_printed_invoice_is_to_print_and_then_posted(
    issued: Issued, customer: Made, system: User, clerk: User
) -> None:
    invoice = issued(customer("Paper Mill", delivery="print"))
    send(system)
    assert state(invoice) == "to_print"
    confirm_letters(by=clerk, entity=invoice.entity, messages=list(Message.objects.all()))
    assert state(invoice) == "printed"


def test_what_came_back_or_was_never_sent_is_a_queue(
    issued: Issued, acme: Customer, customer: Made, system: User, clerk: User, signed_in: SignedIn
) -> None:
    first, second = issued(acme), issued(customer("Birch"))
    Message.objects.filter(document=second.number).update(state="cancelled")
    send(system)
    bounced(system, Message.objects.get(document=first.number))

    assert (state(first), state(second)) == ("bounced", "failed")
    [row] = undelivered(acme.entity, TODAY)
    assert row.document == first and "550 no such user" in row.reason
    browser = signed_in(clerk)
    page = browser.get(reverse("invoicing:undelivered")).content.decode()
    assert str(first.number) in page and "550 no such user" in page and str(second.number) not in page
    assert browser.get(reverse("invoicing:undelivered"), {"format": "xlsx"}).status_code == 200


def test_the_list_shows_and_narrows_by_delivery_in_few_questions(
    issued: Issued,
    acme: Customer,
    system: User,
    clerk: User,
    signed_in: SignedIn,
    django_assert_max_num_queries: Callable[..., AbstractContextManager[Any]],
) -> None:
    first, second = issued(acme), issued(acme)
    send(system)
    bounced(system, Message.objects.get(document=first.number))
    browser, page = signed_in(clerk), reverse("invoicing:invoices")

    with django_assert_max_num_queries(24):
        narrowed = browser.get(page, {"delivery": "bounced"}).content.decode()
    assert str(first.number) in narrowed and str(second.number) not in narrowed
    assert str(second.number) in browser.get(page, {"delivery": "sent"}).content.decode()
    assert "No invoice fits" in browser.get(page, {"delivery": "opened"}).content.decode()


def test_an_upload_needs_proof(task: UploadTask, clerk: User, auditor: User) -> None:
    invoice = task.invoice
    assert invoice and state(invoice) == "to_upload" and not Message.objects.exists()
    with pytest.raises(NotProved, match="what the portal calls"):
        confirm_upload(by=clerk, task=task, uploaded_on=TODAY, reference=" ", today=TODAY)
    for wrong in (date(2026, 5, 3), date(2026, 5, 21)):
        with pytest.raises(NotProved, match="between that day and today"):
            confirm_upload(by=clerk, task=task, uploaded_on=wrong, reference="COUPA 9", today=TODAY)
    with pytest.raises(NotAllowed):
        confirm_upload(by=auditor, task=task, uploaded_on=TODAY, reference="COUPA 9", today=TODAY)

    confirm_upload(by=clerk, task=task, uploaded_on=TODAY, reference="COUPA 9", today=TODAY)
    again = confirm_upload(by=clerk, task=task, uploaded_on=TODAY, reference="other", today=TODAY)
    assert state(invoice) == "uploaded" and [step.reference for step in again.steps.all()] == ["COUPA 9"]


def test_an_upload_is_reopened_with_a_reason(task: UploadTask, clerk: User) -> None:
    with pytest.raises(NotUploaded):
        reopen_upload(by=clerk, task=task, reason="Refused there")
    confirm_upload(by=clerk, task=task, uploaded_on=TODAY, proof=("receipt.txt", b"accepted"), today=TODAY)
    with pytest.raises(Refused):
        reopen_upload(by=clerk, task=task, reason=" ")
    reopen_upload(by=clerk, task=task, reason="The order number was missing.")

    assert task.invoice and state(task.invoice) == "to_upload"
    assert [step.kind for step in task.steps.all()] == ["done", "reopened"]


def test_uploads_are_worked_on_their_pages(task: UploadTask, clerk: User, signed_in: SignedIn) -> None:
    browser = signed_in(clerk)
    number, page = str(task.document.number), reverse("invoicing:upload", args=[task.pk])
    assert number in browser.get(reverse("invoicing:uploads")).content.decode()
    confirm = reverse("invoicing:confirm_upload", args=[task.pk])
    nothing = browser.post(confirm, {"uploaded_on": "2026-05-20"})
    assert nothing.status_code == 422 and "attach its receipt" in nothing.content.decode()

    proof = SimpleUploadedFile("receipt.txt", BytesIO(b"accepted").getvalue())
    assert browser.post(confirm, {"uploaded_on": "2026-05-20", "proof": proof}).status_code == 302
    assert "receipt.txt" in browser.get(page).content.decode()
    assert "Nothing to upload" in browser.get(reverse("invoicing:uploads")).content.decode()
    assert number in browser.get(reverse("invoicing:uploads"), {"view": "done"}).content.decode()
    assert browser.get(reverse("invoicing:uploads"), {"format": "xlsx"}).status_code == 200
    browser.post(reverse("invoicing:reopen_upload", args=[task.pk]), {"reason": "Refused there"})
    assert "Refused there" in browser.get(page).content.decode()


def test_the_invoice_shows_its_link_and_who_used_it(
    issued: Issued, acme: Customer, system: User, clerk: User, signed_in: SignedIn
) -> None:
    invoice = issued(acme)
    cancel_message(by=clerk, message=Message.objects.get())
    link = InvoiceLink.objects.get()
    record_access(by=system, link=link, kind="opened", network="203.0.113.0/24", user_agent="Phone", colleague=None)
    browser, page = signed_in(clerk), reverse("invoicing:invoice", args=[invoice.pk])
    assert "203.0.113.0/24" in browser.get(page).content.decode()

    browser.post(reverse("invoicing:revoke_link", args=[link.pk]))
    assert "Revoked" in browser.get(page).content.decode()
    stream = browser.get(reverse("reporting:account", args=[acme.pk])).content.decode()
    assert f"Opened: {invoice.number}" in stream
