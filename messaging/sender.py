"""The sender: takes what is due out of the outbox and hands it over, one message after the other.

Any number of senders may run side by side, and each may die at any point. docs/messaging.md says why no message leaves
twice all the same.
"""

import logging
import os
import socket
import time
from dataclasses import dataclass
from uuid import uuid4

from core import clock
from core.models import User
from messaging.actions import claim_messages, prepare_message, record_outcome, recover_messages, return_message
from messaging.addresses import ascii_domain, sender_address
from messaging.models import Message
from messaging.outcomes import Outcome, Verdict
from messaging.transport import NoMailServer, Transport, transport_from_settings

logger = logging.getLogger(__name__)
BATCH = 20


@dataclass
class Tally:
    """What one round of a sender came to."""

    sent: int = 0
    prepared_letters: int = 0
    not_sent: int = 0
    recovered: int = 0
    trouble: str = ""


def deliver(*, by: User, seconds: float = 50.0, transport: Transport | None = None) -> Tally:
    """Send what is due, until nothing is or the time is up."""
    tally = Tally(recovered=len(recover_messages(by=by, at=clock.now())))
    way_out = transport or transport_from_settings()
    try:
        way_out.open()
    except NoMailServer as error:
        logger.warning("No message was sent: %s", error)
        tally.trouble = str(error)
        return tally

    sender = f"{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:12]}"
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            batch = claim_messages(by=by, sender=sender, at=clock.now(), limit=BATCH)
            if not batch:
                break
            for message in batch:
                _count(tally, _deliver_one(by, message, sender, way_out))
    finally:
        way_out.close()
    return tally


def _deliver_one(by: User, message: Message, sender: str, way_out: Transport) -> Message | None:
    try:
        prepared = prepare_message(by=by, message=message, sender=sender, at=clock.now())
    except Exception as error:
        logger.exception("Message %s could not be written.", message.pk)
        return return_message(by=by, message=message, sender=sender, error=error, at=clock.now())
    if prepared is None:
        return Message.objects.get(pk=message.pk)
    outcome = _hand_over(prepared.message, prepared.content, way_out)
    return record_outcome(by=by, message=prepared.message, sender=sender, outcome=outcome, at=clock.now())


def _hand_over(message: Message, content: bytes, way_out: Transport) -> Outcome:
    recipients = [_on_the_wire(address) for address in (*message.to_addresses, *message.cc_addresses)]
    try:
        return way_out.hand_over(sender_address(), recipients, content, message.message_id)
    except Exception as error:
        logger.exception("Message %s: the transport failed in a way that it doesn't know.", message.pk)
        return Outcome(Verdict.UNKNOWN, f"{type(error).__name__}: {error}")


def _on_the_wire(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def _count(tally: Tally, message: Message | None) -> None:
    state = message.state if message else ""
    if state == Message.State.SENT:
        tally.sent += 1
    elif state == Message.State.TO_PRINT:
        tally.prepared_letters += 1
    else:
        tally.not_sent += 1
