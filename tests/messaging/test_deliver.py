"""Delivering: what the mail server says decides what becomes of a message."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from core import clock
from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from customers.models import Contact, Customer
from messaging.actions import cancel_message, claim_messages, prepare_message, record_outcome, recover_messages
from messaging.actions.sending import LEASE, RETRY_AFTER
from messaging.models import DeliveryEvent, Message
from messaging.outcomes import Outcome, Verdict
from messaging.sender import Tally, deliver
from messaging.transport import SmtpTransport
from tests.messaging.conftest import new_customer
from tests.messaging.sink import Sink, listening

Queue = Callable[..., Message]
Send = Callable[[], Tally]


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def by_smtp(sink: Sink, settings: Any, system: User) -> Iterator[Send]:
    """One round of a sender that talks to the sink."""
    with listening(sink) as (host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
        yield lambda: deliver(by=system, transport=SmtpTransport())


def only_mail(folder: Path) -> EmailMessage:
    [path] = folder.glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def events_of(message: Message) -> list[str]:
    return list(message.events.values_list("kind", flat=True))


def due_again(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(not_before=clock.now())


# What arrives -----------------------------------------------------------------------------------------------------


def test_the_mail_says_who_from_whom_how_much_and_by_when(queued: Queue, send: Send, mail_folder: Path) -> None:
    message = queued("INV-7", pdf="the invoice")

    assert send().sent == 1

    mail = only_mail(mail_folder)
    assert mail["From"].addresses[0].display_name == "Brightwater"
    assert mail["To"] == "Jane Doe <accounts@acme.example>"
    assert mail["Reply-To"].addresses[0].addr_spec == "accounts@brightwater.example"
    assert mail["Subject"] == "Invoice INV-7 from Brightwater: £1,200.00, due 31 May 2026"
    assert mail["Message-ID"] == message.message_id
    text = mail.get_body(("plain",))
    assert text is not None and "Payment reference: RF18539007547034" in text.get_content()
    page = mail.get_body(("html",))
    assert page is not None and "<strong>INV-7</strong>" in page.get_content()
    [pdf] = mail.iter_attachments()
    assert pdf.get_filename() == "INV-7.pdf"
    assert pdf.get_content() == b"%PDF-1.7 the invoice"


def test_without_a_portal_there_is_no_link_in_the_mail(queued: Queue, send: Send, mail_folder: Path) -> None:
    queued()
    send()

    assert "http" not in only_mail(mail_folder).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert 'class="button"' not in only_mail(mail_folder).get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_what_was_sent_is_kept_as_it_left(queued: Queue, send: Send) -> None:
    message = queued(pdf="x")
    send()
    message.refresh_from_db()

    assert message.state == "sent"
    assert message.sent_at is not None
    assert message.text.startswith("Hello Jane Doe,\n\nInvoice INV-1 for Acme Ltd")
    assert message.template_version is not None and message.template_version.number == 1
    assert message.attachments.get().file.name == "INV-1.pdf"
    assert events_of(message) == ["handed_over", "sent"]


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("de", "Rechnung INV-1 von Brightwater: 1.200,00 £, fällig am 31. Mai 2026"),
        ("fr", "Facture INV-1 de Brightwater : 1 200,00 £GB, échéance 31 mai 2026"),
        ("es", "Factura INV-1 de Brightwater: 1.200,00 GBP, vence el 31 de mayo de 2026"),
        ("fi", "Invoice INV-1 from Brightwater: £1,200.00, due 31 May 2026"),
    ],
)
def test_the_mail_is_in_the_readers_language(
    queued: Queue, send: Send, acme: Customer, mail_folder: Path, language: str, subject: str
) -> None:
    Contact.objects.update(language=language)
    queued()
    send()

    assert " ".join(only_mail(mail_folder)["Subject"].split()) == subject


def test_names_in_any_script_arrive_and_headers_can_not_be_injected(
    uk: LegalEntity, queued: Queue, send: Send, mail_folder: Path
) -> None:
    customer = new_customer(uk, "C-9", "Łódź & Söhne\r\nBcc: spy@evil.example <b>")
    Contact.objects.filter(customer=customer).update(
        name="Ωλυμπία\r\nBcc: spy@evil.example", email="zahlung@müller.example"
    )
    queued("INV-1\r\nBcc: spy@evil.example", customer)
    send()

    mail = only_mail(mail_folder)
    assert mail["Bcc"] is None
    assert mail["To"].addresses[0].addr_spec == "zahlung@xn--mller-kva.example"
    assert mail["To"].addresses[0].display_name.startswith("Ωλυμπία")
    assert "\n" not in mail["Subject"]
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "Łódź &amp; Söhne" in page and "<b>" not in page


def test_a_message_that_mail_servers_would_not_take_fails_with_a_sentence(
    queued: Queue, send: Send, settings: Any
) -> None:
    settings.MAIL_MAX_BYTES = 100_000
    message = queued(pdf="x" * 100_000)
    send()
    message.refresh_from_db()

    assert message.state == "failed"
    assert "INV-1 is 0.1 MB with its files" in message.reason


# The truth at that second -----------------------------------------------------------------------------------------


def test_what_is_not_true_any_more_is_not_sent(queued: Queue, send: Send, mail_folder: Path) -> None:
    message = queued(paid=True)
    send()
    message.refresh_from_db()

    assert (message.state, message.reason) == ("cancelled", "It was paid meanwhile.")
    assert not list(mail_folder.glob("*.eml"))


def test_one_broken_message_stops_no_other(queued: Queue, send: Send) -> None:
    broken, whole = queued("INV-1", broken=True), queued("INV-2")
    tally = send()
    broken.refresh_from_db()
    whole.refresh_from_db()

    assert (tally.sent, tally.not_sent) == (1, 1)
    assert (broken.state, broken.attempts) == ("queued", 1)
    assert "the invoice can't be read" in broken.reason
    assert whole.state == "sent"


# What the mail server says ----------------------------------------------------------------------------------------


def test_many_messages_go_over_one_connection(queued: Queue, by_smtp: Send, sink: Sink) -> None:
    messages = [queued(f"INV-{n}") for n in range(5)]

    assert by_smtp().sent == 5
    assert sink.message_ids == [message.message_id for message in messages]
    assert sink.envelopes[0] == ("receivables@localhost", ["accounts@acme.example"])


def test_a_server_that_asks_for_patience_gets_it(queued: Queue, by_smtp: Send, sink: Sink) -> None:
    message = queued()
    sink.answer_to_text = "451 4.7.1 Greylisted, come back later"
    by_smtp()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 1)
    assert "Greylisted" in message.reason
    assert message.not_before - clock.now() > timedelta(seconds=50)

    sink.answer_to_text = "250 OK"
    assert by_smtp().sent == 0
    due_again(message)
    assert by_smtp().sent == 1
    assert sink.message_ids == [message.message_id]


def test_patience_ends(queued: Queue, by_smtp: Send, sink: Sink) -> None:
    message = queued()
    sink.answer_to_text = "451 4.3.0 Not now"
    for _ in range(len(RETRY_AFTER) + 1):
        due_again(message)
        by_smtp()
    message.refresh_from_db()

    assert message.state == "failed"
    assert AuditEvent.objects.filter(event="message.failed", object_id=str(message.pk)).count() == 1


def test_an_address_that_nobody_has_bounces(queued: Queue, by_smtp: Send, sink: Sink) -> None:
    sink.answer_to = {"accounts@acme.example": "550 5.1.1 No such user"}
    message, other = queued(), queued("INV-2")
    Message.objects.filter(pk=other.pk).update(to_addresses=["jane@acme.example"])

    by_smtp()

    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, other.state) == ("bounced", "sent")
    refused = message.events.get(kind="refused")
    assert (refused.address, refused.detail) == ("accounts@acme.example", "550 5.1.1 No such user")
    assert AuditEvent.objects.filter(event="message.bounced").count() == 1


def test_one_bad_address_of_two_is_known_and_the_other_gets_the_mail(queued: Queue, by_smtp: Send, sink: Sink) -> None:
    sink.answer_to = {"gone@acme.example": "550 5.1.1 No such user"}
    message = queued()
    Message.objects.filter(pk=message.pk).update(cc_addresses=["gone@acme.example"])
    by_smtp()
    message.refresh_from_db()

    assert message.state == "sent"
    assert sink.envelopes[0][1] == ["accounts@acme.example"]
    assert message.events.get(kind="refused").address == "gone@acme.example"
    assert AuditEvent.objects.filter(event="message.address_refused").count() == 1


def test_a_server_that_says_no_for_good_fails_the_message(queued: Queue, by_smtp: Send, sink: Sink) -> None:
    sink.answer_to_text = "554 5.7.1 Looks like spam"
    message = queued()
    by_smtp()
    message.refresh_from_db()

    assert (message.state, message.reason) == ("failed", "554 5.7.1 Looks like spam")


def test_a_connection_that_breaks_while_the_server_takes_the_text_leaves_it_unconfirmed(
    queued: Queue, by_smtp: Send, sink: Sink
) -> None:
    message = queued()
    sink.hang_up_after_text = True
    by_smtp()
    sink.hang_up_after_text = False
    message.refresh_from_db()
    assert message.state == "unconfirmed"

    by_smtp()
    assert sink.message_ids == [message.message_id]
    assert AuditEvent.objects.filter(event="message.lost").count() == 1


def test_without_a_mail_server_everything_waits_and_no_attempt_is_counted(
    queued: Queue, settings: Any, system: User
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = queued()

    assert "can't be reached" in deliver(by=system, transport=SmtpTransport()).trouble
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 0)


# Two at a time, and the dead that come back -----------------------------------------------------------------------


def test_a_sender_whose_claim_ran_out_can_not_begin_to_send(queued: Queue, system: User) -> None:
    message = queued()
    [slow] = claim_messages(by=system, sender="slow", at=clock.now(), limit=1)
    recover_messages(by=system, at=clock.now() + LEASE * 2)
    due_again(message)
    claim_messages(by=system, sender="quick", at=clock.now(), limit=1)

    assert prepare_message(by=system, message=slow, sender="slow", at=clock.now()) is None
    assert prepare_message(by=system, message=slow, sender="quick", at=clock.now()) is not None


def test_a_sender_that_was_believed_dead_may_still_tell_that_it_sent(queued: Queue, system: User) -> None:
    message = queued()
    claim_messages(by=system, sender="slow", at=clock.now(), limit=1)
    prepare_message(by=system, message=message, sender="slow", at=clock.now())
    recover_messages(by=system, at=clock.now() + LEASE * 2)
    message.refresh_from_db()
    assert message.state == "unconfirmed"

    taken = Outcome(Verdict.TAKEN, "250 OK")
    told = record_outcome(by=system, message=message, sender="slow", outcome=taken, at=clock.now())
    assert told is not None and told.state == "sent"


def test_a_message_at_which_every_sender_dies_is_given_up(queued: Queue, system: User) -> None:
    message = queued()
    for _ in range(len(RETRY_AFTER) + 1):
        due_again(message)
        claim_messages(by=system, sender="doomed", at=clock.now(), limit=1)
        recover_messages(by=system, at=clock.now() + LEASE * 2)
    message.refresh_from_db()

    assert message.state == "failed"


def test_a_message_that_is_held_back_while_it_is_prepared_does_not_leave(
    queued: Queue, system: User, clerk: User
) -> None:
    message = queued()
    claim_messages(by=system, sender="one", at=clock.now(), limit=1)
    cancel_message(by=clerk, message=message)

    assert prepare_message(by=system, message=message, sender="one", at=clock.now()) is None
    message.refresh_from_db()
    assert message.state == "cancelled"


def test_only_the_system_sends(clerk: User) -> None:
    with pytest.raises(NotAllowed):
        claim_messages(by=clerk, sender="me", at=clock.now(), limit=1)


# What the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("back_to", ["queued", "claimed", "sending", "cancelled"])
def test_a_sent_message_never_goes_back(queued: Queue, send: Send, back_to: str) -> None:
    message = queued()
    send()

    with pytest.raises(DatabaseError, match="a message that is sent cannot become"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state=back_to, claimed_by="x")


def test_a_queued_message_can_not_begin_to_send_without_a_claim(queued: Queue) -> None:
    message = queued()

    with pytest.raises(DatabaseError, match="cannot become sending"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(state="sending", claimed_by="x")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"text": "We never wrote this."}, "not written anew"),
        ({"to_addresses": ["other@acme.example"]}, "not written anew"),
        ({"key": "other"}, "keep what they were made with"),
        ({"message_id": "<other@localhost>"}, "keep what they were made with"),
    ],
)
def test_what_was_sent_is_not_written_anew(queued: Queue, send: Send, change: dict[str, Any], refusal: str) -> None:
    message = queued()
    send()

    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**change)


def test_messages_and_their_log_are_never_deleted(queued: Queue, send: Send) -> None:
    message = queued()
    send()

    with pytest.raises(DatabaseError), transaction.atomic():
        DeliveryEvent.objects.filter(message=message).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.filter(pk=message.pk)._raw_delete("default")
