"""A sender is killed at every point between claim, send and record, and no message leaves twice."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from core import clock
from core.models import User
from customers.models import Customer
from messaging.actions import confirm_message, queue_messages, recover_messages, release_message
from messaging.actions.sending import LEASE
from messaging.models import Message
from tests.messaging.processes import Sender, wait_for
from tests.messaging.sink import Sink, listening
from tests.messaging.test_queue_messages import draft_for

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., Sender]


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def start(sink: Sink, tmp_path: Path) -> Iterator[Start]:
    """Start a sender against the sink."""
    with listening(sink) as server:
        yield lambda stop_at="": Sender(server, tmp_path, stop_at)


@pytest.fixture
def invoice(clerk: User, acme: Customer) -> Message:
    return queue(clerk, acme, "INV-1")[0]


def queue(clerk: User, acme: Customer, *keys: str) -> list[Message]:
    return queue_messages(by=clerk, drafts=[draft_for(acme, key, not_before=clock.now()) for key in keys])


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def recover(system: User) -> None:
    """Ten minutes later, when the dead sender's claims have run out."""
    recover_messages(by=system, at=clock.now() + LEASE + timedelta(seconds=1))
    Message.objects.filter(state="queued").update(not_before=clock.now())


def test_killed_between_claim_and_send_it_is_sent_once_by_the_next(
    system: User, invoice: Message, sink: Sink, start: Start
) -> None:
    first = start(stop_at="truth")
    wait_for(first.reached.exists)
    first.kill()
    assert state_of(invoice) == "claimed"

    start().finish()
    assert state_of(invoice) == "claimed"
    assert sink.mails == []

    recover(system)
    start().finish()
    assert state_of(invoice) == "sent"
    assert sink.message_ids == [invoice.message_id]


def test_killed_before_the_server_has_the_text_a_person_decides(
    system: User, clerk: User, invoice: Message, sink: Sink, start: Start
) -> None:
    sink.stop_at = "mail"
    first = start()
    wait_for(sink.reached.is_set)
    first.kill()
    sink.stop_at = ""
    assert state_of(invoice) == "sending"

    recover(system)
    start().finish()
    assert state_of(invoice) == "unconfirmed"
    assert sink.mails == []

    release_message(by=clerk, message=invoice, reason="The mail server's log doesn't have it.")
    start().finish()
    assert state_of(invoice) == "sent"
    assert sink.message_ids == [invoice.message_id]


def test_killed_when_the_server_has_the_text_but_has_not_answered(
    system: User, clerk: User, invoice: Message, sink: Sink, start: Start
) -> None:
    sink.stop_at = "text"
    first = start()
    wait_for(sink.reached.is_set)
    first.kill()
    sink.stop_at = ""
    assert state_of(invoice) == "sending"

    start().finish()
    recover(system)
    start().finish()
    assert state_of(invoice) == "unconfirmed"

    confirm_message(by=clerk, message=invoice, reason="Jane has it.")
    start().finish()
    assert state_of(invoice) == "sent"
    assert sink.message_ids == [invoice.message_id]


def test_killed_between_the_servers_answer_and_the_record(
    system: User, invoice: Message, sink: Sink, start: Start
) -> None:
    with psycopg.connect(**connection.get_connection_params()) as other:
        sink.after_text = lambda: _lock(other, invoice)
        first = start()
        wait_for(_somebody_waits_for_a_lock)
        first.kill()
        sink.after_text = lambda: None
    assert state_of(invoice) == "sending"

    recover(system)
    start().finish()
    assert state_of(invoice) == "unconfirmed"
    assert sink.message_ids == [invoice.message_id]


def test_senders_that_run_side_by_side_send_each_message_once(
    clerk: User, acme: Customer, sink: Sink, start: Start
) -> None:
    messages = queue(clerk, acme, *(f"INV-{n}" for n in range(60)))
    sink.delay = 0.01

    for sender in [start() for _ in range(4)]:
        sender.finish()

    assert Counter(sink.message_ids) == Counter(message.message_id for message in messages)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_senders_that_are_killed_again_and_again_send_nothing_twice(
    system: User, clerk: User, acme: Customer, sink: Sink, start: Start
) -> None:
    chance = random.Random(20)  # noqa: S311 - a test's dice
    messages = queue(clerk, acme, *(f"INV-{n}" for n in range(40)))
    sink.delay = 0.03

    for _ in range(6):
        pair = [start(), start()]
        taken = len(sink.mails)
        wait_for(partial(_more_than, sink, taken))
        time.sleep(chance.random() * 0.2)
        for sender in pair:
            sender.kill()
        recover(system)
    start().finish()

    states = dict(Message.objects.values_list("message_id", "state"))
    assert set(states.values()) <= {"sent", "unconfirmed"}
    assert max(Counter(sink.message_ids).values()) == 1
    assert {key for key, state in states.items() if state == "sent"} <= set(sink.message_ids)
    assert len(states) == len(messages)


def _lock(other: psycopg.Connection, message: Message) -> None:
    other.execute("SELECT 1 FROM messaging_message WHERE id = %s FOR UPDATE", [message.pk])


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def _more_than(sink: Sink, count: int) -> bool:
    return len(sink.mails) > count or not Message.objects.filter(state__in=("queued", "claimed", "sending")).exists()
