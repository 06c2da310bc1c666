"""Bringing in a file is a run: it can be killed, stopped and begun again, and no customer comes in twice."""

import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.db import connection

from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run, User
from core.runs import cancel
from customers import tasks
from customers.actions import choose_columns, start_import, upload_customers
from customers.models import Customer, CustomerImport, PaymentTerms

ROWS = 6_000
CSV = "Code,Name,Email\n" + "".join(f"A-{row},Firm {row} Ltd,ap@firm{row}.example\n" for row in range(ROWS))
WORKER = """
import django
django.setup()
from customers import tasks
tasks.SECONDS = 0.05
tasks.carry_in_customers({run})
"""


@pytest.fixture
def upload(uk: LegalEntity, manager: User, net_30: PaymentTerms) -> CustomerImport:
    taken = upload_customers(by=manager, entity=uk, name="firms.csv", content=CSV.encode())
    return choose_columns(
        by=manager,
        upload=taken,
        columns={"Code": "code", "Name": "name", "Email": "email"},
        decimal_sign=".",
        default_terms=net_30,
    )


def killed_worker(run: Run, media: Any) -> None:
    """A process that begins the run and is killed once it has told that customers are being made."""
    database = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "o2c.settings",
        "DATABASE_URL": f"postgres:///{database['HOST']}/{database['NAME']}",
        "PGUSER": str(database["USER"]),
        "O2C_MEDIA_ROOT": str(media),
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER.format(run=run.pk)], env=environment)
    until = time.monotonic() + 60
    while time.monotonic() < until and worker.poll() is None and not Run.objects.get(pk=run.pk).done:
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_nothing_and_begins_again(upload: CustomerImport, manager: User, settings: Any) -> None:
    run = start_import(by=manager, upload=upload, rows=ROWS)

    killed_worker(run, settings.MEDIA_ROOT)
    run.refresh_from_db()
    assert (run.state, run.done > 0, Customer.objects.count()) == (Run.State.RUNNING, True, 0)

    Run.objects.update(last_seen_at="2026-01-01T00:00:00Z")
    assert tasks.resume_imports() == 1

    run.refresh_from_db()
    assert (run.state, run.done, run.result) == (Run.State.DONE, ROWS, {"customers": ROWS})
    assert Customer.objects.count() == ROWS
    assert tasks.resume_imports() == 0


@pytest.mark.django_db
def test_a_stopped_import_brings_nothing_in_and_can_be_asked_for_again(
    upload: CustomerImport, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start_import(by=manager, upload=upload, rows=ROWS)
    told = Heartbeat.count

    def stopped_after_the_first_part(beat: Heartbeat, done: int) -> None:
        told(beat, done)
        beat.is_cancelled = True

    with monkeypatch.context() as patch:
        patch.setattr(Heartbeat, "count", stopped_after_the_first_part)
        tasks.carry_in_customers(run.pk)
    cancel(run)
    run.refresh_from_db()
    assert (run.done, run.message) == (0, "The import was stopped. Nothing came in.")
    assert not Customer.objects.exists()

    again = start_import(by=manager, upload=upload, rows=ROWS)
    tasks.carry_in_customers(again.pk)

    assert again.pk != run.pk
    assert Customer.objects.count() == ROWS
