"""Reviews and senders that are killed or work side by side: nobody is asked twice, nobody is forgotten."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection

from ar_collections import dunning_runs
from ar_collections.models import DunningNotice, NoticeLine
from core.models import LegalEntity, Run, User
from customers.models import Customer
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.dunning import at, switch_all_on

ROOT = Path(__file__).resolve().parents[2]
DAY, DUE = date(2026, 5, 11), date(2026, 5, 4)
CUSTOMERS = 40
PATIENCE = 240.0
pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(settings: Any, mail_folder: Path) -> Iterator[Start]:
    """Start a review or a sender at a moment of the day."""
    started: list[subprocess.Popen[bytes]] = []

    def make(what: str, moment: datetime, *arguments: object) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "O2C_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "O2C_TEST_MEDIA": str(settings.MEDIA_ROOT),
            "O2C_TEST_MAIL": str(mail_folder),
            "O2C_TEST_MOMENT": moment.isoformat(),
        }
        command = [sys.executable, "-m", "tests.collections.one_review", what, *map(str, arguments)]
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE))  # noqa: S603
        return started[-1]

    yield make
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.fixture
def debtors(new_customer: Callable[..., Customer], system: User, manager: User, books: LegalEntity) -> list[Customer]:
    switch_all_on(manager, books)
    found = [new_customer(f"C-{number}", f"Customer {number}") for number in range(CUSTOMERS)]
    for number, customer in enumerate(found):
        Books(system, customer).invoice(f"INV-{number}", "900.00", date(2026, 4, 4), DUE)
    return found


def finish(process: "subprocess.Popen[bytes]") -> None:
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors.decode()


def kill_after(process: "subprocess.Popen[bytes]", reached: Callable[[], bool]) -> None:
    """As a power cut does, once something has come true."""
    end = time.monotonic() + PATIENCE
    while not reached() and process.poll() is None:
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()


def asked() -> int:
    return DunningNotice.objects.count()


def holds(debtors: list[Customer]) -> None:
    """Everybody once, each step once, a mail for each."""
    assert sorted(DunningNotice.objects.values_list("customer_id", flat=True)) == sorted(one.pk for one in debtors)
    assert NoticeLine.objects.filter(step_code="first_chase").count() == len(debtors)
    assert not DunningNotice.objects.filter(message=None).exists()
    assert Message.objects.count() == len(debtors)


def test_a_review_that_is_killed_again_and_again_asks_everybody_once(
    debtors: list[Customer], books: LegalEntity, system: User, start: Start
) -> None:
    run, _ = dunning_runs.start(system, books, DAY)
    random = Random(5)  # noqa: S311 - the same kills in every test
    for _ in range(3):
        before = asked()
        more = before + random.randrange(1, 15)
        kill_after(start("review", at(DAY, 4), run.pk), lambda more=more: asked() >= more)  # type: ignore[misc]
        Run.objects.filter(pk=run.pk).update(last_seen_at=at(date(2026, 5, 10)))

    finish(start("review", at(DAY, 5), run.pk))

    holds(debtors)
    run.refresh_from_db()
    assert run.state == Run.State.DONE


def test_two_reviews_side_by_side_ask_everybody_once(
    debtors: list[Customer], books: LegalEntity, system: User, start: Start
) -> None:
    """The second believes that the first is dead, and it isn't."""
    run, _ = dunning_runs.start(system, books, DAY)
    first = start("review", at(DAY, 4), run.pk)
    end = time.monotonic() + PATIENCE
    while not asked() and time.monotonic() < end:
        time.sleep(0.005)
    Run.objects.filter(pk=run.pk).update(last_seen_at=at(date(2026, 5, 10)), state=Run.State.RUNNING)
    second = start("review", at(DAY, 5), run.pk)
    finish(first)
    finish(second)

    holds(debtors)


def test_senders_that_are_killed_send_nothing_twice_and_nothing_that_is_settled(
    debtors: list[Customer], books: LegalEntity, system: User, start: Start, mail_folder: Path
) -> None:
    run, _ = dunning_runs.start(system, books, DAY)
    finish(start("review", at(DAY, 4), run.pk))
    paid = debtors[::4]
    for customer in paid:
        item = customer.open_items.get()
        account = Books(system, customer)
        account.apply(account.receipt(f"RC-{customer.pk}", "900.00", DAY), item, "900.00", DAY)

    def sent() -> int:
        return Message.objects.filter(state="sent").count()

    for enough in (3, 9):
        kill_after(start("send", at(DAY, 9), 0), lambda enough=enough: sent() >= enough)  # type: ignore[misc]
    finish(start("send", at(DAY, 10), 0))
    for sender in [start("send", at(DAY, 10, minute), 0) for minute in (30, 31)]:
        finish(sender)

    mails = [path.read_text() for path in mail_folder.glob("*.eml")]
    for customer in debtors:
        number = customer.open_items.filter(kind="invoice").get().number
        copies = sum(f"Invoice {number}:" in mail for mail in mails)
        assert copies <= 1
        assert customer not in paid or copies == 0
    held = DunningNotice.objects.exclude(held_back="")
    assert set(held.values_list("customer_id", flat=True)) == {customer.pk for customer in paid}
    states = set(Message.objects.exclude(customer__in=paid).values_list("state", flat=True))
    assert states <= {"sent", "unconfirmed"}, "somebody was forgotten"
