"""What collections hears of invoices: which reached nobody, which are finals or recurring."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from core import clock
from core.models import User
from customers.models import Customer
from invoicing.actions import issue_invoice, record_access
from invoicing.collection_source import InvoiceSource
from invoicing.models import Invoice, InvoiceLink
from messaging.models import Message
from messaging.sender import deliver

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]


def undelivered(customer: Customer) -> dict[int, str]:
    return dict(InvoiceSource().undelivered([customer.pk]))


def test_an_invoice_counts_as_arrived_once_its_mail_left(issued: Issued, acme: Customer, system: User) -> None:
    invoice = issued(acme)
    assert invoice.item_id is not None
    assert undelivered(acme) == {invoice.item_id: f"{invoice.number} never arrived"}

    Message.objects.filter(state="queued").update(not_before=clock.now())
    deliver(by=system)

    assert undelivered(acme) == {}


def test_or_once_they_opened_it(issued: Issued, acme: Customer, system: User) -> None:
    issued(acme)
    Message.objects.filter(state="queued").update(state="cancelled")
    link = InvoiceLink.objects.get()
    facts: dict[str, Any] = {"by": system, "link": link, "network": "", "user_agent": "", "colleague": None}

    record_access(**facts, kind="refused")
    assert undelivered(acme)
    record_access(**facts, kind="opened")
    assert undelivered(acme) == {}


def test_finals_and_recurring_invoices_are_told_apart(
    issued: Issued, drafted: Issued, acme: Customer, clerk: User
) -> None:
    issued(acme)
    recurring = issued(acme, kind=Invoice.Kind.RECURRING)
    draft = drafted(acme, kind=Invoice.Kind.RECURRING)
    Invoice.objects.filter(pk=draft.pk).update(is_final=True)
    final = issue_invoice(by=clerk, entity=acme.entity, invoice=draft, issued_on=date(2026, 5, 4))

    assert InvoiceSource().kinds([acme.pk]) == {recurring.item_id: "recurring", final.item_id: "final"}
