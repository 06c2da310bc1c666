"""Suspensions under several hands: two who act at the same moment, and watchers that are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ar_collections.actions.suspension import SuspensionFacts, open_suspension, send_suspension_notice
from ar_collections.actions.suspension_approvals import approve_suspension, ask_suspension_approval
from ar_collections.models import SuspensionCase, SuspensionStep
from ar_collections.suspension import Function, Stage
from controls.actions import set_up_limits
from controls.models import ApprovalRequest
from core.models import LegalEntity, User
from customers.models import Contact, Customer
from messaging.models import Message
from tests.collections.books import Books
from tests.collections.suspending import MONDAY, Suspending, at, clock_at, say_policy, watch
from tests.collections.test_at_once import both

ROOT = Path(__file__).resolve().parents[2]
CASES = 8
PATIENCE = 120.0
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owners(uk: LegalEntity, person: Callable[..., User], collector: User) -> dict[Function, User]:
    return {Function.COLLECTIONS: collector, Function.SERVICE: person("Sven", uk, "service_owner")}


@pytest.fixture
def debtors(uk: LegalEntity, system: User, manager: User, new_customer: Callable[..., Customer]) -> list[Customer]:
    set_up_limits(by=system, entity=uk)
    say_policy(manager, uk)
    found = [new_customer(f"C-{number}", f"Customer {number}") for number in range(CASES)]
    for number, customer in enumerate(found):
        Books(system, customer).invoice(f"INV-{number}", "900.00", date(2026, 7, 1), date(2026, 7, 31))
        Contact.objects.create(customer=customer, name="Ray", email="cfo@hotels.example", role=Contact.Role.ESCALATION)
    return found


def test_two_hands_open_notify_and_approve_once(
    uk: LegalEntity,
    debtors: list[Customer],
    owners: dict[Function, User],
    collector: User,
    clerk: User,
    finance_manager: User,
) -> None:
    customer = debtors[0]

    def begin(by: User) -> Callable[[], int]:
        facts = SuspensionFacts(owners)
        return lambda: open_suspension(by=by, customer=customer, facts=facts, opened_on=MONDAY).pk

    with clock_at(MONDAY):
        answers = both(begin(collector), begin(clerk))
    assert len(set(answers)) == 1, answers
    case = SuspensionCase.objects.get()
    begun = Suspending(case, collector)
    begun.mail(begun.day(0))
    begun.call([begun.day(2), begun.day(3), begun.day(4)])
    for number in (7, 10):
        begun.note(begun.day(number - 1))
        day = begun.day(number)

        def send(by: User, day: date = day) -> Callable[[], str]:
            seen = SuspensionCase.objects.get(pk=case.pk)
            return lambda: send_suspension_notice(by=by, case=seen, on=day, at=at(day)).stage

        both(send(collector), send(clerk))
        begun.mail(day)
    kinds = list(SuspensionStep.objects.filter(case=case).values_list("kind", flat=True))
    assert [kinds.count(kind) for kind in ("notice_1", "notice_2", "final")] == [1, 1, 1]
    begun.note(begun.day(11))
    day = begun.day(11)
    ask_suspension_approval(by=collector, case=case, reason="No answer", on=day, at=at(day))

    def agree(by: User, kind: str) -> Callable[[], str]:
        request = ApprovalRequest.objects.get(kind=kind, subject_id=str(case.pk))
        seen = SuspensionCase.objects.get(pk=case.pk)
        return lambda: approve_suspension(by=by, request=request, case=seen, approved_on=day).stage

    both(agree(finance_manager, "suspension_finance"), agree(owners[Function.SERVICE], "suspension_service"))
    case.refresh_from_db()
    assert (case.stage, case.finance_by, case.service_by) == (
        Stage.APPROVED,
        finance_manager,
        owners[Function.SERVICE],
    )
    assert Message.objects.filter(kind__startswith="suspension_notice", state="sent").count() == 2


def test_watchers_that_are_killed_or_work_side_by_side_restore_everybody_once(
    uk: LegalEntity,
    system: User,
    debtors: list[Customer],
    owners: dict[Function, User],
    collector: User,
    finance_manager: User,
    settings: Any,
) -> None:
    with clock_at(MONDAY):
        for customer in debtors:
            open_suspension(by=collector, customer=customer, facts=SuspensionFacts(owners), opened_on=MONDAY)
    rows = SuspensionCase.objects.all()
    for stage in ("notice_2", "final"):
        rows.update(stage=stage)
    agreed = {"finance_by": finance_manager, "finance_on": MONDAY, "service_on": MONDAY}
    rows.update(service_by=owners[Function.SERVICE], stage="approved", **agreed)
    for stage in ("requested", "suspended"):
        rows.update(stage=stage)
    paid = MONDAY + timedelta(days=20)
    for customer in debtors:
        account, item = Books(system, customer), customer.open_items.get()
        account.apply(account.receipt(f"RC-{customer.pk}", "900.00", paid), item, "900.00", paid)

    def start() -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "O2C_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "O2C_TEST_MEDIA": str(settings.MEDIA_ROOT),
            "O2C_TEST_MAIL": str(settings.MAIL_DIR),
            "O2C_TEST_MOMENT": at(paid).isoformat(),
        }
        command = [sys.executable, "-m", "tests.collections.one_review", "watch", str(uk.pk)]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)  # noqa: S603

    def restored() -> int:
        return SuspensionStep.objects.filter(kind="restore").count()

    watcher, end = start(), time.monotonic() + PATIENCE
    while not restored() and watcher.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    watcher.send_signal(signal.SIGKILL)
    watcher.wait()
    assert restored() > 0
    for beside in [start(), start()]:
        _, errors = beside.communicate(timeout=PATIENCE)
        assert beside.returncode == 0, errors.decode()

    assert watch(uk, paid) == 0
    assert set(rows.values_list("stage", flat=True)) == {Stage.RESTORING}
    assert restored() == CASES
    asked = Message.objects.filter(to_addresses=["support@o2c.example"])
    assert asked.count() == asked.values("customer").distinct().count() == CASES
