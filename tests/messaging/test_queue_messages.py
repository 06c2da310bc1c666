"""Queueing: each message once, in the transaction that decided it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from core import clock
from core.errors import NotAllowed
from core.files import store_file
from core.models import LegalEntity, User
from customers.models import Contact, Customer
from messaging.actions import Draft, queue_messages
from messaging.addresses import AddressRefused
from messaging.kinds import UnknownKind
from messaging.models import Message
from messaging.recipients import INVOICES, STATEMENTS, Recipients, recipients_of
from messaging.sender import Tally
from tests.messaging.conftest import new_customer

Queue = Callable[..., Message]


def draft_for(customer: Customer, key: str = "INV-1", **changed: object) -> Draft:
    recipients = recipients_of([customer], INVOICES)[customer.pk]
    return Draft(**{"kind": "invoice", "key": key, "customer": customer, "recipients": recipients, **changed})  # type: ignore[arg-type]


def test_a_message_waits_ten_seconds_so_that_it_can_be_held_back(
    clerk: User, acme: Customer, send: Callable[[], Tally]
) -> None:
    [message] = queue_messages(by=clerk, drafts=[draft_for(acme)])

    assert timedelta(seconds=8) < message.not_before - clock.now() <= timedelta(seconds=10)
    assert send().sent == 0
    assert message.to_addresses == ["accounts@acme.example"]
    assert message.to_name == "Jane Doe"
    assert message.reply_to == acme.entity.email


def test_the_same_key_twice_gives_the_first_message(clerk: User, acme: Customer) -> None:
    first = queue_messages(by=clerk, drafts=[draft_for(acme, document="INV-1")])
    again = queue_messages(by=clerk, drafts=[draft_for(acme, document="INV-1 again"), draft_for(acme, "INV-2")])

    assert again[0] == first[0]
    assert again[0].document == "INV-1"
    assert Message.objects.count() == 2


def test_the_same_key_twice_in_one_batch_is_one_message(clerk: User, acme: Customer) -> None:
    both = queue_messages(by=clerk, drafts=[draft_for(acme), draft_for(acme)])

    assert both[0] == both[1]
    assert Message.objects.count() == 1


def test_a_decision_that_is_rolled_back_leaves_no_message(clerk: User, acme: Customer) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue_messages(by=clerk, drafts=[draft_for(acme)])
        1 / 0  # noqa: B018 - anything that goes wrong afterwards

    assert not Message.objects.exists()


def test_a_thousand_messages_take_a_handful_of_statements(
    clerk: User, acme: Customer, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    file = store_file(clerk, acme.entity, "terms.pdf", b"%PDF-1.7 terms")
    recipients = recipients_of([acme], INVOICES)[acme.pk]
    drafts = [
        Draft(kind="invoice", key=f"INV-{n}", customer=acme, recipients=recipients, files=[file]) for n in range(1000)
    ]

    with django_assert_max_num_queries(7):
        queue_messages(by=clerk, drafts=drafts)

    assert Message.objects.filter(attachments__file=file).count() == 1000


def test_a_customer_nobody_of_whom_has_an_address_shows_as_failed(clerk: User, acme: Customer) -> None:
    Contact.objects.update(receives_invoices=False, email="")

    [message] = queue_messages(by=clerk, drafts=[draft_for(acme)])

    assert message.state == "failed"
    assert "Acme Ltd has an e-mail address" in message.reason


def test_who_receives_what_follows_the_contacts(uk: LegalEntity, acme: Customer) -> None:
    Contact.objects.create(customer=acme, name="Payments", email="pay@acme.example", role="payments")
    Contact.objects.create(
        customer=acme, name="Ida", email="ida@acme.example", role="billing", receives_statements=True, language="de"
    )
    Contact.objects.create(
        customer=acme, name="Gone", email="gone@acme.example", receives_invoices=True, is_active=False
    )
    lonely = new_customer(uk, "C-2", "Lonely")
    Contact.objects.filter(customer=lonely).update(receives_invoices=False, role="payments")

    invoices = recipients_of([acme, lonely], INVOICES)
    statements = recipients_of([acme], STATEMENTS)

    assert invoices[acme.pk].to == ("accounts@acme.example",)
    assert invoices[lonely.pk].to == ("accounts@acme.example",)
    assert statements[acme.pk] == Recipients(to=("ida@acme.example",), name="Ida", language="de")


def test_recipients_of_many_customers_take_one_query(
    uk: LegalEntity, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    customers = [new_customer(uk, f"C-{n}", f"Customer {n}") for n in range(30)]

    with django_assert_num_queries(1):
        recipients_of(customers, INVOICES)


@pytest.mark.parametrize(
    "address",
    ["nobody", "a@b@c.example", "a@x.example\nBcc: spy@evil.example", "a@x.example\r\nSubject: hi", "<a@x.example>"],
)
def test_what_is_no_address_is_refused(clerk: User, acme: Customer, address: str) -> None:
    with pytest.raises(AddressRefused):
        queue_messages(by=clerk, drafts=[draft_for(acme, recipients=Recipients(to=(address,)))])


def test_an_unknown_kind_is_refused(clerk: User, acme: Customer) -> None:
    with pytest.raises(UnknownKind):
        queue_messages(by=clerk, drafts=[draft_for(acme, kind="greeting_card")])


def test_who_may_not_queue(auditor: User, stranger: User, acme: Customer, mail_folder: Path) -> None:
    for person in (auditor, stranger):
        with pytest.raises(NotAllowed):
            queue_messages(by=person, drafts=[draft_for(acme)])
