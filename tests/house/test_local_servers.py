"""The embedded servers: one of each per folder, whoever starts them and whatever happened to them before."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from o2c.local import postgres, valkey
from o2c.local.paths import BASE_DIR, CannotStart, processes_in, socket_folder

START = [sys.executable, "-m", "o2c.local", "start"]
STOP = [sys.executable, "-m", "o2c.local", "stop"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty machine: no servers are named in its environment and none are running."""
    monkeypatch.setenv("O2C_LOCAL_DIR", str(tmp_path / "local"))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("REDIS_URL", "")
    yield tmp_path / "local"
    subprocess.run(STOP, check=False, cwd=BASE_DIR, capture_output=True)
    if socket_folder().parent != tmp_path / "local":
        shutil.rmtree(socket_folder(), ignore_errors=True)


def start() -> subprocess.CompletedProcess[str]:
    return subprocess.run(START, check=False, cwd=BASE_DIR, capture_output=True, text=True)


def servers(folder: Path, program: str) -> list[psutil.Process]:
    """The servers themselves, without the helpers that they start."""
    found = processes_in(folder / {"postgres": "postgres", "valkey-server": "valkey"}[program], program)
    return [process for process in found if process.ppid() not in {other.pid for other in found}]


def sql(statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(host=str(socket_folder()), user="o2c", dbname="o2c", autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_three_processes_side_by_side_start_one_server_of_each(folder: Path) -> None:
    processes = [subprocess.Popen(START, cwd=BASE_DIR, stdout=subprocess.DEVNULL) for _ in range(3)]

    assert [process.wait(timeout=90) for process in processes] == [0, 0, 0]
    assert len(servers(folder, "postgres")) == 1
    assert len(servers(folder, "valkey-server")) == 1


def test_what_was_stored_is_there_after_a_restart(folder: Path) -> None:
    start()
    sql("CREATE TABLE kept AS SELECT 42 AS answer")

    subprocess.run(STOP, check=True, cwd=BASE_DIR, capture_output=True)
    assert servers(folder, "postgres") == servers(folder, "valkey-server") == []
    start()

    assert sql("SELECT answer FROM kept") == [(42,)]


def test_killed_servers_start_again_and_keep_their_data(folder: Path) -> None:
    start()
    sql("CREATE TABLE kept AS SELECT 42 AS answer")

    for process in servers(folder, "postgres") + servers(folder, "valkey-server"):
        process.send_signal(signal.SIGKILL)
    result = start()

    assert result.returncode == 0, result.stderr
    assert sql("SELECT answer FROM kept") == [(42,)]
    assert len(servers(folder, "postgres")) == 1


def test_a_pid_that_now_belongs_to_another_program_is_no_server(folder: Path) -> None:
    start()
    for process in servers(folder, "postgres"):
        process.send_signal(signal.SIGKILL)
    wait_until_gone(folder)
    pid_file = folder / "postgres" / "postmaster.pid"
    _, rest = pid_file.read_text().split("\n", 1)
    pid_file.write_text(f"{os.getpid()}\n{rest}")

    result = start()

    assert result.returncode == 0, result.stderr
    assert len(servers(folder, "postgres")) == 1


def test_the_application_is_no_superuser(folder: Path) -> None:
    start()

    assert sql("SELECT rolsuper, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = current_user") == [
        (False, False, False)
    ]


def test_data_of_another_postgresql_is_refused_in_a_sentence(folder: Path) -> None:
    start()
    subprocess.run(STOP, check=True, cwd=BASE_DIR, capture_output=True)
    (folder / "postgres" / "PG_VERSION").write_text("9\n")

    result = start()

    assert result.returncode == 1
    assert "is of PostgreSQL 9; this version brings PostgreSQL 18" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_full_disk_is_refused_in_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    monkeypatch.setattr(postgres, "NEEDED_BYTES", 2**60)

    with pytest.raises(CannotStart, match="MB free; a new database needs"):
        postgres.start()


def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("O2C_LOCAL_DIR", "/proc/o2c")

    result = start()

    assert result.returncode == 1
    assert result.stderr.startswith("/proc/o2c cannot be written")


def test_stopping_what_cannot_be_reached_is_refused_in_a_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("O2C_LOCAL_DIR", "/proc/o2c")

    result = subprocess.run(STOP, check=False, cwd=BASE_DIR, capture_output=True, text=True)

    assert result.returncode == 1
    assert result.stderr.startswith("/proc/o2c cannot be written")


def test_servers_of_ones_own_are_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere/0")

    assert start().returncode == 0
    assert not folder.exists()


def test_a_deep_folder_gets_a_short_socket(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("O2C_LOCAL_DIR", str(folder / ("deep" * 30)))

    assert len(str(postgres.socket_path())) < 100
    assert len(str(valkey.socket_path())) < 100


def wait_until_gone(folder: Path) -> None:
    deadline = time.monotonic() + 20
    while processes_in(folder / "postgres", "postgres") and time.monotonic() < deadline:
        time.sleep(0.1)
