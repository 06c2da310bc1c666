"""Sending a statement: once for a day, by mail with PDF and workbook, and only while there is something to state."""

from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from ar_collections.actions import NothingToState, send_statement
from core import clock
from core.errors import NotAllowed
from core.models import AuditEvent, User
from customers.models import Contact, Customer
from messaging.models import Message
from messaging.sender import Tally
from tests.collections.books import Books, brightwater

TODAY = date(2026, 11, 20)
Send = Callable[[], Tally]


def let_go() -> None:
    """The ten seconds are over."""
    Message.objects.filter(state="queued").update(not_before=clock.now())


def test_the_customer_gets_the_statement_as_pdf_and_workbook(
    account: Books, hotels: Customer, collector: User, send: Send, mail_folder: Path
) -> None:
    brightwater(account)
    message = send_statement(by=collector, customer=hotels, as_of=TODAY)
    let_go()

    assert send().sent == 1

    [path] = mail_folder.glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail["To"] == "Priya Nair <ap@hotels.example>"
    assert mail["Subject"] == "Statement of account as at 20 November 2026 from Brightwater"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Balance: £45,147.00, of which overdue £32,271.40" in text
    assert "Payment reference: RF98 C104 20" in text
    names = [part.get_filename() for part in mail.iter_attachments()]
    assert names == ["statement-UK-C-10420-2026-11-20.pdf", "statement-UK-C-10420-2026-11-20.xlsx"]
    message.refresh_from_db()
    assert message.document_url == f"/customers/{hotels.pk}/statement/?as_at=2026-11-20"
    assert AuditEvent.objects.filter(event="statement.sent").count() == 1


def test_the_mail_never_calls_more_overdue_than_the_balance(
    account: Books, hotels: Customer, collector: User, send: Send
) -> None:
    account.invoice("INV-1", "100.00", date(2026, 5, 4), date(2026, 6, 3))
    account.receipt("RC-1", "30.00", date(2026, 6, 5))
    message = send_statement(by=collector, customer=hotels, as_of=TODAY)
    let_go()
    send()
    message.refresh_from_db()

    assert "Balance: £70.00, of which overdue £70.00" in message.text


def test_asking_twice_sends_once(account: Books, hotels: Customer, collector: User, clerk: User) -> None:
    brightwater(account)
    first = send_statement(by=collector, customer=hotels, as_of=TODAY)
    again = send_statement(by=clerk, customer=hotels, as_of=TODAY)
    with_movements = send_statement(by=clerk, customer=hotels, as_of=TODAY, starts_on=date(2026, 11, 1))

    assert first == again != with_movements
    assert AuditEvent.objects.filter(event="statement.sent").count() == 2


def test_an_account_without_anything_is_not_stated(hotels: Customer, collector: User) -> None:
    with pytest.raises(NothingToState, match="Nothing is open on the account of Brightwater Hotels Group"):
        send_statement(by=collector, customer=hotels, as_of=TODAY)


def test_what_was_settled_before_the_mail_left_is_not_stated(
    account: Books, hotels: Customer, collector: User, send: Send, mail_folder: Path
) -> None:
    invoice = account.invoice("INV-1", "100.00", date(2026, 11, 2), date(2026, 12, 2))
    message = send_statement(by=collector, customer=hotels, as_of=TODAY)
    account.apply(account.receipt("RC-1", "100.00", TODAY), invoice, "100.00", TODAY)
    let_go()
    send()
    message.refresh_from_db()

    assert (message.state, message.reason) == ("cancelled", "Nothing is open on the account any more.")
    assert not list(mail_folder.glob("*.eml"))


def test_a_customer_who_wants_paper_gets_a_letter(
    account: Books, hotels: Customer, collector: User, send: Send
) -> None:
    brightwater(account)
    Customer.objects.filter(pk=hotels.pk).update(delivery="print")
    message = send_statement(by=collector, customer=hotels, as_of=TODAY)
    let_go()
    send()
    message.refresh_from_db()

    assert message.state == "to_print"
    assert message.attachments.filter(file__content_type="application/pdf").count() == 1


def test_a_customer_without_an_address_shows_as_failed(account: Books, hotels: Customer, collector: User) -> None:
    brightwater(account)
    Contact.objects.update(receives_statements=False, email="")

    assert send_statement(by=collector, customer=hotels, as_of=TODAY).state == "failed"


def test_who_may_not_send_a_statement(account: Books, hotels: Customer, auditor: User, stranger: User) -> None:
    brightwater(account)
    for person in (auditor, stranger):
        with pytest.raises(NotAllowed):
            send_statement(by=person, customer=hotels, as_of=TODAY)
