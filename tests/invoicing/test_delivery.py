"""How documents leave: with their figures in words and their PDF, each once."""

import email
import email.policy
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core import clock
from core.errors import NotAllowed
from core.models import User
from customers.models import Customer
from invoicing.actions import cancel_invoice, send_credit_note, send_invoice, store_invoice_pdf
from invoicing.actions.errors import NotIssued
from invoicing.models import Invoice
from messaging.models import Message
from messaging.sender import deliver

pytestmark = pytest.mark.django_db
Issued = Callable[..., Invoice]
Made = Callable[..., Customer]
Post = Callable[[], list[EmailMessage]]


@pytest.fixture
def delivered(system: User, settings: Any, tmp_path: Path) -> Post:
    """Send everything that waits; returns the mails as they left."""
    settings.MAIL_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

    def send() -> list[EmailMessage]:
        Message.objects.filter(state="queued").update(not_before=clock.now())
        deliver(by=system)
        found = sorted((tmp_path / "mail").rglob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]

    return send


def attached(mail: EmailMessage) -> list[tuple[str | None, Any]]:
    return [(part.get_filename(), part.get_payload(decode=True)) for part in mail.iter_attachments()]


def test_the_mail_names_the_amount_and_carries_the_stored_pdf(
    acme: Customer, clerk: User, issued: Issued, delivered: Post
) -> None:
    invoice = issued(acme, purchase_order="PO 7")

    [mail] = delivered()

    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "ap@acme.example" in mail["To"]
    for said in ("INV-2026-000001", "£120.00", "3 June 2026", "PO 7", "RF94 INV2 0260 0000 1"):
        assert said in text
    stored = store_invoice_pdf(by=clerk, invoice=invoice)
    assert attached(mail) == [("INV-2026-000001.pdf", stored.read())]


def test_a_german_customer_is_written_to_in_german(customer: Made, issued: Issued, delivered: Post) -> None:
    issued(customer("Halle", language="de"))

    [mail] = delivered()

    assert mail["Subject"].startswith("Rechnung INV-2026-000001")


def test_a_credit_note_says_that_nothing_is_to_be_paid(
    acme: Customer, manager: User, issued: Issued, delivered: Post, may: Callable[[int], date]
) -> None:
    invoice = issued(acme)
    cancel_invoice(by=manager, invoice=invoice, issued_on=may(5), reason_code="other", reason="Wrong")

    mail = next(one for one in delivered() if one["Subject"].startswith("Credit note"))

    body = mail.get_body(("plain",))
    assert body is not None
    assert "There is nothing to pay" in body.get_content()
    assert [name for name, _ in attached(mail)] == ["CN-2026-00001.pdf"]


def test_a_letter_waits_to_be_printed_with_its_pdf(customer: Made, issued: Issued, delivered: Post) -> None:
    issued(customer("Paper", delivery="print"))

    assert delivered() == []
    assert Message.objects.get().state == "to_print"


def test_a_document_that_was_never_mailed_is_sent_when_somebody_asks(
    customer: Made, clerk: User, manager: User, issued: Issued, may: Callable[[int], date]
) -> None:
    invoice = issued(customer("Portal", delivery="portal"))
    note = cancel_invoice(by=manager, invoice=invoice, issued_on=may(5), reason_code="other", reason="Wrong")
    assert not Message.objects.exists()

    send_invoice(by=clerk, invoice=invoice, to=["boss@portal.example"], request_id=uuid4())
    send_credit_note(by=clerk, credit_note=note, to=["boss@portal.example"], request_id=uuid4())

    assert list(Message.objects.order_by("pk").values_list("kind", "to_addresses")) == [
        ("invoice", ["boss@portal.example"]),
        ("credit_note", ["boss@portal.example"]),
    ]


def test_a_draft_is_not_sent_and_an_auditor_sends_nothing(
    acme: Customer, clerk: User, auditor: User, drafted: Issued, issued: Issued
) -> None:
    with pytest.raises(NotIssued, match="nothing to send"):
        send_invoice(by=clerk, invoice=drafted(acme), to=["a@b.example"], request_id=uuid4())
    with pytest.raises(NotAllowed):
        send_invoice(by=auditor, invoice=issued(acme), to=["a@b.example"], request_id=uuid4())


def test_an_invoice_that_was_credited_in_full_before_it_left_stays_here(
    acme: Customer, manager: User, issued: Issued, delivered: Post, may: Callable[[int], date]
) -> None:
    invoice = issued(acme)
    cancel_invoice(by=manager, invoice=invoice, issued_on=may(5), reason_code="other", reason="Wrong")

    assert [mail["Subject"].split(" from")[0] for mail in delivered()] == ["Credit note CN-2026-00001"]
    held = Message.objects.get(kind="invoice")
    assert (held.state, held.reason) == ("cancelled", f"{invoice} was credited in full before it left.")


def test_a_copy_of_a_credited_invoice_leaves_when_somebody_asks_for_it(
    acme: Customer, manager: User, issued: Issued, delivered: Post, may: Callable[[int], date]
) -> None:
    invoice = issued(acme)
    delivered()
    cancel_invoice(by=manager, invoice=invoice, issued_on=may(5), reason_code="other", reason="Wrong")

    send_invoice(by=manager, invoice=invoice, to=["tax@acme.example"], request_id=uuid4())

    assert [mail["To"] for mail in delivered() if mail["Subject"].startswith("Invoice")].count("tax@acme.example") == 1
