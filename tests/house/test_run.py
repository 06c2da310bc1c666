"""`make run`: it starts everything, says so, refuses in sentences, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest
from django.db import connection

from o2c import run
from o2c.local.paths import BASE_DIR

RUN = [sys.executable, "-m", "o2c.run"]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((run.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an empty machine with a free port."""
    with socket.socket() as probe:
        probe.bind((run.HOST, 0))
        port = probe.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_"))}
    environment = inherited | {"O2C_LOCAL_DIR": str(tmp_path / "local"), "PORT": str(port), "O2C_DEMO": "false"}
    yield environment
    subprocess.run([sys.executable, "-m", "o2c.local", "stop"], check=False, cwd=BASE_DIR, env=environment)


def answers(port: str) -> bool:
    try:
        with urlopen(f"http://{run.HOST}:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def wait_until_ready(portal: subprocess.Popen[str], port: str) -> None:
    deadline = time.monotonic() + 300
    while not answers(port):
        assert portal.poll() is None, portal.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_start_serves_refuses_a_second_one_and_stops_without_a_trace(machine: dict[str, str]) -> None:
    portal = subprocess.Popen(RUN, cwd=BASE_DIR, env=machine, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until_ready(portal, machine["PORT"])
    children = psutil.Process(portal.pid).children(recursive=True)

    second = subprocess.run(RUN, check=False, cwd=BASE_DIR, env=machine, capture_output=True, text=True)
    portal.send_signal(signal.SIGINT)
    said, complained = portal.communicate(timeout=60)

    assert second.returncode == 1
    assert second.stderr.strip() == f"The portal is running already: http://localhost:{machine['PORT']}/"
    assert portal.returncode == 0, complained
    assert "The portal is ready" in said
    assert complained == ""
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


def test_a_taken_port_that_was_asked_for_is_refused(taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(taken_port))

    with pytest.raises(run.CannotRun, match=f"Port {taken_port} is taken by another program"):
        run.choose_port()


def test_a_port_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")

    with pytest.raises(run.CannotRun, match="PORT is 'eighty'; it must be a number"):
        run.choose_port()


def test_without_a_wish_the_next_free_port_is_used(taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(run, "FIRST_PORT", taken_port)

    assert taken_port < run.choose_port() < taken_port + 100


def test_a_program_that_dies_takes_the_others_along_and_says_why(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("Traceback\nRuntimeError: no broker\n")
    process = subprocess.Popen(["false"])
    process.wait()

    with pytest.raises(run.CannotRun, match=r"The worker ended by itself \(status 1\): .*no broker"):
        run.refuse_dead([run.Part("worker", process, log)])


@pytest.mark.django_db
def test_a_database_from_before_the_fold_is_refused_in_a_sentence() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'invoicing' AND name = '0001_initial'")

    with pytest.raises(run.CannotRun, match="The tables of invoicing come from an edition before"):
        run.prepare()
