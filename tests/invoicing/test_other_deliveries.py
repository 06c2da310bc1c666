"""A document that reached its customer without our mails and letters, and one that did not after all."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, User
from customers.models import Customer
from invoicing.actions import record_delivery, take_back_delivery
from invoicing.actions.deliveries import NotDelivered
from invoicing.actions.errors import NotIssued
from invoicing.collection_source import InvoiceSource
from invoicing.models import Invoice, OtherDelivery, UploadTask
from invoicing.queries.delivered import deliveries_of, undelivered
from invoicing.queries.uploads import uploads
from messaging.actions import Report, record_report
from messaging.models import Message
from messaging.sender import deliver

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
Made = Callable[..., Customer]
SignedIn = Callable[[User], Client]
TODAY = date(2026, 5, 20)
QUEUE = reverse("invoicing:undelivered")


@pytest.fixture
def stuck(issued: Issued, acme: Customer, system: User) -> Invoice:
    """An invoice whose mail came back."""
    invoice = issued(acme)
    Message.objects.update(not_before=clock.now())
    deliver(by=system)
    message = Message.objects.get()
    facts: dict[str, Any] = {
        "source": "mailbox",
        "key": "1",
        "kind": "bounced",
        "address": "ap@acme.example",
        "detail": "550 no such user",
    }
    record_report(by=system, report=Report(**facts, message_id=message.message_id, happened_at=clock.now()))
    return invoice


def reminded(invoice: Invoice) -> bool:
    """Whether collections may ask for it."""
    return invoice.item_id not in InvoiceSource().undelivered([invoice.customer_id])


def test_what_was_handed_over_leaves_the_queue_and_may_be_asked_for(
    stuck: Invoice, clerk: User, auditor: User, signed_in: SignedIn, acme: Customer
) -> None:
    assert [row.document for row in undelivered(acme.entity, TODAY)] == [stuck] and not reminded(stuck)
    assert "arrived another way" not in signed_in(auditor).get(QUEUE).content.decode()
    browser = signed_in(clerk)
    assert "arrived another way" in browser.get(QUEUE).content.decode()
    form = {"document": f"invoice-{stuck.pk}", "way": "Handed to Ann at the fair", "delivered_on": "2026-05-05"}
    unticked = browser.post(reverse("invoicing:record_delivery"), {**form, "document": "invoice-0"}, follow=True)
    assert "Tick the documents that arrived" in unticked.content.decode()
    early = browser.post(reverse("invoicing:record_delivery"), {**form, "delivered_on": "2026-05-01"}, follow=True)
    assert "it arrived between that day and today" in early.content.decode()

    for _ in range(2):
        said = browser.post(reverse("invoicing:record_delivery"), form, follow=True).content.decode()
        assert "1 document counts as delivered" in said

    one = OtherDelivery.objects.get()
    assert (one.way, one.recorded_by) == ("Handed to Ann at the fair", clerk)
    assert undelivered(acme.entity, TODAY) == [] and reminded(stuck)
    assert deliveries_of([stuck])[stuck.pk].label == "Delivered otherwise"
    assert AuditEvent.objects.filter(event="invoice.delivered_otherwise", object_id=str(stuck.pk)).count() == 1
    page = browser.get(reverse("invoicing:invoice", args=[stuck.pk])).content.decode()
    assert "Handed to Ann at the fair" in page and "It did not arrive" in page and "It arrived another way" not in page

    address = reverse("invoicing:take_back_delivery", args=[one.pk])
    browser.post(address, {"reason": " "})
    assert OtherDelivery.objects.get().ended_at is None, "without a reason nothing is taken back"
    browser.post(address, {"reason": "Ann says she never had it"})

    assert [row.document for row in undelivered(acme.entity, TODAY)] == [stuck] and not reminded(stuck)
    assert "Ann says she never had it" in browser.get(reverse("invoicing:invoice", args=[stuck.pk])).content.decode()
    record_delivery(by=clerk, entity=acme.entity, documents=[stuck], delivered_on=TODAY, way="By courier", today=TODAY)
    assert reminded(stuck) and OtherDelivery.objects.count() == 2


def test_what_can_not_have_arrived_is_refused(
    stuck: Invoice, drafted: Issued, acme: Customer, clerk: User, auditor: User, stranger: User, de: LegalEntity
) -> None:
    facts: dict[str, Any] = {
        "entity": acme.entity,
        "documents": [stuck],
        "delivered_on": TODAY,
        "way": "By hand",
        "today": TODAY,
    }
    with pytest.raises(NotAllowed):
        record_delivery(by=auditor, **facts)
    with pytest.raises(NotDelivered, match="no document of Halden"):
        record_delivery(by=stranger, **{**facts, "entity": de})
    with pytest.raises(NotDelivered, match="how it reached"):
        record_delivery(by=clerk, **{**facts, "way": " "})
    with pytest.raises(NotDelivered, match="between that day and today"):
        record_delivery(by=clerk, **{**facts, "delivered_on": date(2026, 5, 21)})
    with pytest.raises(NotIssued, match="not issued yet"):
        record_delivery(by=clerk, **{**facts, "documents": [stuck, drafted(acme)]})
    assert not OtherDelivery.objects.exists(), "of several documents, all or none"

    [one] = record_delivery(by=clerk, **facts)
    with pytest.raises(NotAllowed):
        take_back_delivery(by=auditor, delivery=one, reason="No")
    with pytest.raises(Refused, match="Say why"):
        take_back_delivery(by=clerk, delivery=one, reason="")
    taken = take_back_delivery(by=clerk, delivery=one, reason="It came back")
    assert take_back_delivery(by=clerk, delivery=one, reason="Again").end_reason == taken.end_reason
    for change in ({"way": "By air"}, {"delivered_on": date(2026, 5, 6)}):
        with pytest.raises(DatabaseError, match="keep what they were made with"), transaction.atomic():
            OtherDelivery.objects.filter(pk=one.pk).update(**change)


def test_what_was_handed_over_needs_no_upload(issued: Issued, customer: Made, clerk: User) -> None:
    invoice = issued(customer("Gate Rail", delivery="portal"))
    entity, waiting = invoice.entity, UploadTask.State.OPEN
    assert [task.document for task in uploads(entity, waiting)] == [invoice]

    facts: dict[str, Any] = {"entity": entity, "documents": [invoice], "delivered_on": TODAY, "today": TODAY}
    [one] = record_delivery(by=clerk, way="By courier", **facts)
    assert not uploads(entity, waiting) and reminded(invoice)

    take_back_delivery(by=clerk, delivery=one, reason="The courier brought it back")
    assert [task.document for task in uploads(entity, waiting)] == [invoice] and not reminded(invoice)


def test_a_mail_that_left_needs_nobodys_word(issued: Issued, acme: Customer, clerk: User, system: User) -> None:
    invoice = issued(acme)
    Message.objects.update(not_before=clock.now())
    deliver(by=system)

    record_delivery(by=clerk, entity=acme.entity, documents=[invoice], delivered_on=TODAY, way="By hand", today=TODAY)

    assert deliveries_of([invoice])[invoice.pk].name == "otherwise"
    assert reminded(invoice)
