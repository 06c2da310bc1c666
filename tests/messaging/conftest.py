from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import clock
from core.models import LegalEntity, User
from customers.models import Contact, Customer, PaymentTerms
from messaging.actions import Draft, queue_messages
from messaging.models import Message
from messaging.recipients import INVOICES, recipients_of
from messaging.sender import Tally, deliver


@pytest.fixture(autouse=True)
def mail_folder(settings: Any, tmp_path: Path) -> Path:
    """Mails go to a folder of the test, and invoices know what the tests say about them."""
    settings.MESSAGE_KINDS = {"invoice": "tests.messaging.kinds.InvoiceMessage"}
    settings.MAIL_DIR = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def acme(uk: LegalEntity) -> Customer:
    """Acme gets its invoices at accounts@acme.example."""
    return new_customer(uk, "C-1", "Acme Ltd")


def new_customer(entity: LegalEntity, code: str, name: str, **fields: Any) -> Customer:
    thirty = {"name": "30 days", "net_days": 30}
    terms, _ = PaymentTerms.objects.get_or_create(entity=entity, code="30", defaults=thirty)
    customer = Customer.objects.create(
        entity=entity, code=code, name=name, terms=terms, currency=entity.currency, **fields
    )
    Contact.objects.create(customer=customer, name="Jane Doe", email="accounts@acme.example", receives_invoices=True)
    return customer


@pytest.fixture
def queued(clerk: User, acme: Customer) -> Callable[..., Message]:
    """Queue an invoice: queued("INV-1", paid=True)."""

    def queue(document: str = "INV-1", customer: Customer = acme, **context: Any) -> Message:
        recipients = recipients_of([customer], INVOICES)[customer.pk]
        [message] = queue_messages(
            by=clerk,
            drafts=[
                Draft(
                    kind="invoice",
                    key=document,
                    customer=customer,
                    recipients=recipients,
                    document=document,
                    context=context,
                    not_before=message_time(),
                )
            ],
        )
        return message

    return queue


def message_time() -> Any:
    """A moment that has come already."""
    return clock.now()


@pytest.fixture
def send(system: User) -> Callable[[], Tally]:
    """One round of a sender."""
    return lambda: deliver(by=system)
