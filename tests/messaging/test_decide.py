"""What people decide: hold back, confirm, release, send again, tick off letters."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from core import clock
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, User
from customers.models import Customer
from messaging.actions import (
    AlreadyLeft,
    NotResendable,
    NotUnconfirmed,
    cancel_message,
    claim_messages,
    confirm_letters,
    confirm_message,
    prepare_message,
    record_outcome,
    release_message,
    resend_message,
)
from messaging.addresses import AddressRefused
from messaging.models import Message
from messaging.outcomes import Outcome, Verdict
from messaging.sender import Tally

Queue = Callable[..., Message]
Send = Callable[[], Tally]


@pytest.fixture
def unconfirmed(queued: Queue, system: User) -> Message:
    """The connection broke while the server was taking this one."""
    message = queued()
    claim_messages(by=system, sender="one", at=clock.now(), limit=1)
    prepare_message(by=system, message=message, sender="one", at=clock.now())
    lost = Outcome(Verdict.UNKNOWN, "The connection broke.")
    record_outcome(by=system, message=message, sender="one", outcome=lost, at=clock.now())
    message.refresh_from_db()
    return message


def test_a_message_that_is_held_back_never_leaves(queued: Queue, clerk: User, send: Send, mail_folder: Path) -> None:
    message = cancel_message(by=clerk, message=queued(), reason="The invoice is wrong.")
    cancel_message(by=clerk, message=message, reason="Twice is once.")

    assert send().sent == 0
    assert (message.state, message.reason) == ("cancelled", "The invoice is wrong.")
    assert AuditEvent.objects.filter(event="message.cancelled").count() == 1


def test_a_message_that_left_can_not_be_held_back(queued: Queue, clerk: User, send: Send) -> None:
    message = queued("INV-7")
    send()

    with pytest.raises(AlreadyLeft, match="Invoice INV-7 is sent and can't be held back any more"):
        cancel_message(by=clerk, message=message)


def test_a_person_finds_that_it_left(unconfirmed: Message, clerk: User, send: Send) -> None:
    message = confirm_message(by=clerk, message=unconfirmed, reason="The server's log has it.")
    confirm_message(by=clerk, message=unconfirmed, reason="Twice is once.")

    assert message.state == "sent"
    assert message.sent_at == unconfirmed.claimed_at
    assert send().sent == 0
    assert AuditEvent.objects.get(event="message.confirmed").reason == "The server's log has it."


def test_a_person_finds_that_it_did_not_leave(unconfirmed: Message, clerk: User, send: Send) -> None:
    release_message(by=clerk, message=unconfirmed, reason="Jane doesn't have it.")
    release_message(by=clerk, message=unconfirmed, reason="Twice is once.")

    assert send().sent == 1
    assert send().sent == 0


def test_deciding_takes_a_reason(unconfirmed: Message, clerk: User) -> None:
    for decide in (confirm_message, release_message):
        with pytest.raises(Refused, match="Say how you know"):
            decide(by=clerk, message=unconfirmed, reason=" ")


def test_there_is_nothing_to_decide_about_a_message_that_waits(queued: Queue, clerk: User) -> None:
    with pytest.raises(NotUnconfirmed):
        confirm_message(by=clerk, message=queued(), reason="Why not.")


def test_another_copy_is_a_message_of_its_own(queued: Queue, clerk: User, send: Send, mail_folder: Path) -> None:
    message = queued("INV-7", pdf="x")
    send()
    request_id = uuid4()

    copy = resend_message(by=clerk, message=message, to=["boss@acme.example"], request_id=request_id)
    again = resend_message(by=clerk, message=message, to=["boss@acme.example"], request_id=request_id)

    assert copy == again
    assert (copy.resend_of, copy.to_addresses, copy.to_name) == (message, ["boss@acme.example"], "")
    assert copy.message_id != message.message_id
    assert send().sent == 1
    assert len(list(mail_folder.glob("*.eml"))) == 2


def test_a_copy_needs_an_address_and_a_message_whose_fate_is_known(queued: Queue, clerk: User, send: Send) -> None:
    message = queued()
    with pytest.raises(NotResendable, match="wait until that is settled"):
        resend_message(by=clerk, message=message, to=["a@acme.example"], request_id=uuid4())
    send()
    with pytest.raises(NotResendable, match="at least one address"):
        resend_message(by=clerk, message=message, to=[], request_id=uuid4())
    with pytest.raises(AddressRefused):
        resend_message(by=clerk, message=message, to=["a@acme.example\nBcc: x@y.example"], request_id=uuid4())


def test_letters_are_written_printed_and_ticked_off(
    queued: Queue, acme: Customer, clerk: User, send: Send, mail_folder: Path
) -> None:
    Customer.objects.filter(pk=acme.pk).update(delivery="print")
    acme.refresh_from_db()
    letter = queued("INV-7", acme, pdf="pages")

    assert send().prepared_letters == 1
    letter.refresh_from_db()
    assert letter.state == "to_print"
    assert letter.attachments.count() == 1
    assert not list(mail_folder.glob("*.eml"))

    confirm_letters(by=clerk, entity=acme.entity, messages=[letter])
    assert confirm_letters(by=clerk, entity=acme.entity, messages=[letter]) == []
    letter.refresh_from_db()
    assert letter.state == "sent"
    assert list(letter.events.values_list("kind", flat=True)) == ["ready", "printed"]


def test_who_may_not_decide(unconfirmed: Message, auditor: User, stranger: User, uk: LegalEntity) -> None:
    for person in (auditor, stranger):
        for decide in (confirm_message, release_message, cancel_message):
            with pytest.raises(NotAllowed):
                decide(by=person, message=unconfirmed, reason="I would like to.")
        with pytest.raises(NotAllowed):
            resend_message(by=person, message=unconfirmed, to=["a@acme.example"], request_id=uuid4())
        with pytest.raises(NotAllowed):
            confirm_letters(by=person, entity=uk, messages=[unconfirmed])
