"""Mail comes back: reports and plain texts are read, the address is marked, and nobody is written to in vain."""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from core.errors import NotAllowed, Refused
from core.models import User
from customers.actions import change_contact, resolve_task
from customers.models import Contact, Customer, DataQualityTask
from messaging.actions import Report, record_report
from messaging.bounces import bounces_in
from messaging.mailbox import Tally as Read
from messaging.mailbox import take_in
from messaging.models import MailReport, Message
from messaging.sender import Tally
from messaging.tasks import read_returned_mail

Queue = Callable[..., Message]
Send = Callable[[], Tally]
JANE = "accounts@acme.example"
DAEMON = "MAILER-DAEMON@mx.example"


REPORT = """\
From: MAILER-DAEMON@mx.example
To: receivables@o2c.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="parts"

--parts
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example. I could not deliver your message.

--parts
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon,  4 May 2026 10:00:00 +0000

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.acme.example
Diagnostic-Code: smtp; 550 {status} No such user
    here

--parts
Content-Type: text/rfc822-headers

From: receivables@o2c.example
Message-ID: {message_id}
Subject: Invoice

--parts--
"""


def report_about(message_id: str, address: str = JANE, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery status notification as RFC 3464 has it."""
    return REPORT.format(message_id=message_id, address=address, action=action, status=status).encode()


def plain(text: str, *, sender: str = DAEMON, subject: str = "failure notice", **more: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, subject
    for name, value in more.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


QMAIL = f"""Hi. This is the qmail-send program at mx.example.

<{JANE}>:
550 5.1.1 sorry, no mailbox here by that name

--- Below this line is a copy of the message.

Message-ID: <one@o2c.example>
To: somebody.else@acme.example
"""
EXIM = f"""A message that you sent could not be delivered to one or more of its recipients.

  {JANE}
    host mx.acme.example [192.0.2.1]: 452 4.2.2 mailbox full

------ This is a copy of the message, including all the headers. ------

Message-ID: <one@o2c.example>
"""


def test_a_report_names_the_message_the_address_and_why() -> None:
    [bounce] = bounces_in(report_about("<one@o2c.example>"))
    assert (bounce.message_id, bounce.address, bounce.status) == ("<one@o2c.example>", JANE, "5.1.1")
    assert bounce.is_permanent and bounce.detail == "550 5.1.1 No such user here"


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("failed", "4.2.2")])
def test_a_full_mailbox_is_not_a_wrong_address(action: str, status: str) -> None:
    [bounce] = bounces_in(report_about("<one@o2c.example>", action=action, status=status))
    assert not bounce.is_permanent


@pytest.mark.parametrize(
    ("mail", "is_permanent"),
    [
        (plain(QMAIL), True),
        (plain(EXIM, subject="Mail delivery failed: returning message to sender", X_Failed_Recipients=JANE), False),
        (plain(EXIM.replace("452 4.2.2", "550 5.1.1"), subject="Mail delivery failed"), True),
        (plain(QMAIL, sender="postmaster@acme.example", subject="Unzustellbar: Rechnung"), True),
    ],
)
def test_plain_forms_are_read_too(mail: bytes, is_permanent: bool) -> None:
    [bounce] = bounces_in(mail)
    assert (bounce.address, bounce.message_id, bounce.is_permanent) == (JANE, "<one@o2c.example>", is_permanent)


@pytest.mark.parametrize(
    "mail",
    [
        plain("I am on holiday.", sender=JANE, subject="Out of office", Auto_Submitted="auto-replied"),
        plain("Please resend the undeliverable invoice.", sender=JANE, subject="Undeliverable?"),
        report_about("<one@o2c.example>", action="delivered", status="2.0.0"),
        b"\xff\xfe no mail at all",
    ],
)
def test_what_is_no_bounce_is_left_alone(mail: bytes) -> None:
    assert bounces_in(mail) == []


@pytest.fixture
def sent(queued: Queue, send: Send) -> Message:
    message = queued("INV-1")
    send()
    message.refresh_from_db()
    return message


def test_a_bounce_marks_message_contact_and_opens_one_task(sent: Message, system: User, acme: Customer) -> None:
    tally = Read()
    for _ in range(2):
        take_in(system, report_about(sent.message_id), tally)

    sent.refresh_from_db()
    task = DataQualityTask.objects.get()
    assert (tally.mails, tally.bounces, tally.ours) == (2, 2, 2)
    assert sent.state == "bounced" and "No such user" in sent.reason
    assert (task.address, task.contact) == (JANE, Contact.objects.get())
    assert Contact.objects.get().bounced_at and MailReport.objects.count() == 1


def test_nothing_goes_to_a_marked_address_until_it_is_corrected(
    sent: Message, system: User, clerk: User, acme: Customer, queued: Queue, send: Send
) -> None:
    take_in(system, report_about(sent.message_id), Read())
    second = queued("INV-2")
    send()
    second.refresh_from_db()
    assert second.state == "failed" and f"Mail to {JANE} comes back since" in second.reason

    change_contact(by=clerk, contact=Contact.objects.get(), email="ap@acme.example")
    third = queued("INV-3")
    send()
    third.refresh_from_db()
    assert third.state == "sent" and third.to_addresses == ["ap@acme.example"]
    assert DataQualityTask.objects.get().resolution == "Corrected to ap@acme.example."
    assert Contact.objects.get().bounced_at is None


def test_the_others_still_get_it_when_one_address_returns_mail(
    sent: Message, system: User, acme: Customer, queued: Queue, send: Send
) -> None:
    Contact.objects.create(customer=acme, name="Bob", email="bob@acme.example", receives_invoices=True)
    take_in(system, report_about(sent.message_id), Read())
    second = queued("INV-2")
    send()
    second.refresh_from_db()
    assert second.state == "sent" and second.to_addresses == ["bob@acme.example"]
    assert second.events.filter(kind="refused", address=JANE).exists()


def test_a_task_is_closed_by_hand_with_a_reason(sent: Message, system: User, clerk: User, auditor: User) -> None:
    take_in(system, report_about(sent.message_id), Read())
    task = DataQualityTask.objects.get()
    with pytest.raises(Refused):
        resolve_task(by=clerk, task=task, reason=" ")
    with pytest.raises(NotAllowed):
        resolve_task(by=auditor, task=task, reason="x")
    assert resolve_task(by=clerk, task=task, reason="Their server was being moved.").resolved_by == clerk
    assert resolve_task(by=clerk, task=task, reason="Again.").resolution == "Their server was being moved."
    assert Contact.objects.get().bounced_at is None


def test_a_forged_bounce_stops_nothing(sent: Message, system: User) -> None:
    tally = Read()
    take_in(system, report_about("<made-up@evil.example>"), tally)
    take_in(system, report_about("", JANE), tally)
    take_in(system, report_about(sent.message_id, "never.written@acme.example"), tally)

    sent.refresh_from_db()
    assert sent.state == "sent" and tally.ours == 0 and not DataQualityTask.objects.exists()


def test_files_and_a_folder_are_read(sent: Message, tmp_path: Path, settings: Any, capsys: Any) -> None:
    (tmp_path / "one.eml").write_bytes(report_about(sent.message_id))
    call_command("read_bounces", str(tmp_path / "one.eml"), "--json")
    assert '"ours": 1' in capsys.readouterr().out

    settings.BOUNCE_FOLDER = str(tmp_path)
    read_returned_mail()
    assert (tmp_path / "read" / "one.eml").exists() and MailReport.objects.count() == 1


def test_only_the_system_says_what_became_of_mails(sent: Message, clerk: User) -> None:
    told = Report(
        source="mailbox",
        key="1",
        kind="bounced",
        message_id=sent.message_id,
        address=JANE,
        detail="",
        happened_at=datetime.fromisoformat("2026-05-04T10:00:00+00:00"),
    )
    with pytest.raises(NotAllowed):
        record_report(by=clerk, report=told)


def test_the_queue_of_addresses_is_shown_exported_and_worked(
    sent: Message, system: User, clerk: User, signed_in: Callable[[User], Client]
) -> None:
    browser, page = signed_in(clerk), reverse("customers:data_quality")
    assert "Every address takes mail" in browser.get(page).content.decode()
    take_in(system, report_about(sent.message_id), Read())

    assert JANE in browser.get(page).content.decode()
    assert browser.get(page, {"format": "xlsx"}).status_code == 200
    browser.post(reverse("customers:resolve_task", args=[DataQualityTask.objects.get().pk]), {"reason": "It works."})
    assert "Every address takes mail" in browser.get(page).content.decode()
    assert "It works." in browser.get(page, {"view": "done"}).content.decode()
