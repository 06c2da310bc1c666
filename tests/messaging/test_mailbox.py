"""Mail that came back waits in a mailbox: it is fetched over IMAP, recorded once, and marked as read."""

import imaplib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from imap_tools import MailboxFolderSelectError, MailboxLoginError

from core.models import User
from customers.models import Customer, DataQualityTask
from messaging import mailbox
from messaging.mailbox import read_mailbox
from messaging.models import MailReport, Message
from messaging.sender import Tally
from messaging.tasks import read_returned_mail
from tests.messaging.imap import SEEN, Mailbox, serving
from tests.messaging.test_bounces import JANE, report_about

pytestmark = pytest.mark.django_db
LETTER = b"From: Ann\r\nSubject: Thank you\r\n\r\nWe got the invoice.\r\n"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with serving(Mailbox()) as found:
        yield found


@pytest.fixture
def sent(queued: Callable[..., Message], send: Callable[[], Tally]) -> Message:
    message = queued("INV-1")
    send()
    message.refresh_from_db()
    return message


def url_of(box: Mailbox, **other: str) -> str:
    """Signs in a name and a password may have are written as addresses write them."""
    facts = {"name": box.name, "password": box.password, "folder": box.folder, **other}
    name, password, folder = (quote(facts[key], safe="") for key in ("name", "password", "folder"))
    return f"imap://{name}:{password}@127.0.0.1:{box.port}/{folder}"


def test_unread_mail_is_recorded_once_and_marked_as_read(
    box: Mailbox, sent: Message, system: User, acme: Customer
) -> None:
    bounced = box.receive(report_about(sent.message_id))
    thanks = box.receive(LETTER)
    box.receive(report_about("<another@o2c.example>"), SEEN)

    first, again = read_mailbox(system, url_of(box)), read_mailbox(system, url_of(box))

    assert (first.mails, first.bounces, first.ours) == (2, 1, 1)
    assert again.mails == 0 and box.fetched == [1, 2]
    assert bounced.flags == thanks.flags == {SEEN}
    assert MailReport.objects.get().address == JANE
    assert DataQualityTask.objects.get().customer == acme
    assert sent.events.filter(kind="bounced", address=JANE).exists()


def test_a_connection_that_is_lost_before_the_mark_reads_the_mail_again_and_records_it_once(
    box: Mailbox, sent: Message, system: User
) -> None:
    mail = box.receive(report_about(sent.message_id))
    box.breaks_at = "STORE"
    with pytest.raises((imaplib.IMAP4.abort, OSError)):
        read_mailbox(system, url_of(box))
    assert mail.flags == set()

    read_mailbox(system, url_of(box))

    assert mail.flags == {SEEN} and box.fetched == [1, 1]
    assert MailReport.objects.count() == DataQualityTask.objects.count() == 1


def test_what_is_too_large_is_left_for_a_person(box: Mailbox, system: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 1_000)
    large = box.receive(LETTER + b"x" * 2_000)
    box.receive(LETTER)

    assert read_mailbox(system, url_of(box)).mails == 1

    assert large.flags == set() and box.fetched == [2]


def test_a_wrong_password_or_folder_is_told_and_reads_nothing(box: Mailbox, system: User) -> None:
    box.receive(LETTER)

    with pytest.raises(MailboxLoginError):
        read_mailbox(system, url_of(box, password="guessed"))  # noqa: S106 - the test's own server
    with pytest.raises(MailboxFolderSelectError):
        read_mailbox(system, url_of(box, folder="Elsewhere"))

    assert box.fetched == []


def test_the_schedule_reads_the_mailbox_of_the_settings(box: Mailbox, sent: Message, settings: Any) -> None:
    box.receive(report_about(sent.message_id))
    settings.BOUNCE_MAILBOX_URL = url_of(box)

    read_returned_mail()

    assert MailReport.objects.get().message == sent
