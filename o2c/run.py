"""`make run`: one program that prepares the portal, starts its web server, worker and beat, and stops them together."""

import ctypes
import fcntl
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from urllib.error import URLError
from urllib.request import urlopen

import django
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from o2c import local
from o2c.local.paths import last_lines

HOST = os.environ.get("HOST", "127.0.0.1")
FIRST_PORT = 8000
START_SECONDS = 60
STOP_SECONDS = 20
SET_PARENT_DEATH_SIGNAL = 1


class CannotRun(Exception):
    """Why the portal does not start, in a sentence for the person at the keyboard."""


@dataclass
class Part:
    """One program of the portal and the file that it writes to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "o2c.settings")
    os.environ.setdefault("O2C_DEBUG", "false")
    for request_to_stop in (signal.SIGTERM, signal.SIGINT):  # a shell's background job begins with SIGINT ignored
        signal.signal(request_to_stop, signal.default_int_handler)
    try:
        local.start_servers()
        with only_one_portal() as note:
            port = choose_port()
            os.environ.setdefault("O2C_PUBLIC_URL", f"http://localhost:{port}/")
            note.write(f"http://localhost:{port}/")
            note.flush()
            prepare()
            serve(port)
    except (CannotRun, local.CannotStart) as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(0)


@contextmanager
def only_one_portal() -> Iterator[TextIO]:
    """Two beats on one database would do everything twice over; the second start says where the first one is."""
    path = local.folder() / "portal.lock"
    with path.open("a+") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(f"The portal is running already: {path.read_text()}") from None
        note.truncate(0)
        yield note


def choose_port() -> int:
    asked = os.environ.get("PORT", "")
    if asked:
        if not asked.isdigit() or not 0 < int(asked) < 65536:
            raise CannotRun(f"PORT is {asked!r}; it must be a number from 1 to 65535.")
        if not is_free(int(asked)):
            raise CannotRun(f"Port {asked} is taken by another program. Choose another: make run PORT={int(asked) + 1}")
        return int(asked)
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        if is_free(port):
            if port != FIRST_PORT:
                print(f"Port {FIRST_PORT} is taken; using {port}.")
            return port
    raise CannotRun(f"The ports {FIRST_PORT} to {FIRST_PORT + 99} are all taken. Choose one: make run PORT=…")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


# Getting ready -------------------------------------------------------------------------------------------------------


def prepare() -> None:
    """Bring database, icons, fonts and, on the first start, the demo company into being."""
    django.setup()
    try:
        refuse_half_migrated()
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise CannotRun(f"The database does not answer: {str(error).strip()}") from error
    call_command("build_ui", verbosity=0, stdout=io.StringIO())
    if wants_demo() and has_demo() and not has_companies():
        print("Building the demo company (about a minute) …", flush=True)
        call_command("demo_company", verbosity=0, stdout=io.StringIO())
    connection.close()


def refuse_half_migrated() -> None:
    """Migrations that were folded into one were all taken by this database, or none of them."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    applied = set(MigrationRecorder(connection).applied_migrations())
    for migration in loader.disk_migrations.values():
        if 0 < len(applied.intersection(migration.replaces)) < len(migration.replaces):
            raise CannotRun(
                f"The tables of {migration.app_label} come from an edition before its migrations were folded, and not "
                "from the last of those. make demo-reset builds the demo company anew; docs/running.md says how to "
                "bring real data along."
            )


def wants_demo() -> bool:
    return os.environ.get("O2C_DEMO", "true").lower() not in {"false", "no", "0"}


def has_demo() -> bool:
    return "demo_company" in get_commands()


def has_companies() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM core_legalentity)")
        return bool(cursor.fetchone()[0])


def print_welcome(port: int) -> None:
    print(f"\n  The portal is ready:  http://localhost:{port}/\n")
    if wants_demo() and has_demo():
        call_command("demo_company", logins=True)
        connection.close()
    print(f"\n  What the programs say is in {local.folder() / 'log'}. Ctrl-C stops them.\n", flush=True)


# Serving -------------------------------------------------------------------------------------------------------------


def serve(port: int) -> None:
    parts: list[Part] = []
    try:
        parts += [start_part(name, command) for name, command in commands(port).items()]
        wait_until_ready(port, parts)
        print_welcome(port)
        watch(parts)
    finally:
        stop(parts)


def commands(port: int) -> dict[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "-A", "o2c"]
    web = [sys.executable, "-m", "gunicorn", "o2c.wsgi", "--bind", f"{HOST}:{port}", "--timeout", "120"]
    return {
        "web": [*web, "--workers", "2", "--threads", "4", "--worker-tmp-dir", str(local.folder())],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""],
    }


def start_part(name: str, command: list[str]) -> Part:
    """Start a program in a session of its own, so that Ctrl-C reaches it through us and once only."""
    log = local.folder() / "log" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=local.BASE_DIR,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    return Part(name, process, log)


def end_with_parent() -> None:
    """Ask the kernel to end this program when the one that started it is killed."""
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def wait_until_ready(port: int, parts: list[Part]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not is_ready(port):
        refuse_dead(parts)
        if time.monotonic() > deadline:
            raise CannotRun(f"The web server is not ready after {START_SECONDS} seconds; see {parts[0].log}.")
        time.sleep(0.1)


def is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://{HOST}:{port}/readyz", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def watch(parts: list[Part]) -> None:
    while True:
        refuse_dead(parts)
        time.sleep(1)


def refuse_dead(parts: list[Part]) -> None:
    for part in parts:
        if part.process.poll() is not None:
            said = last_lines(part.log.read_text(errors="replace"))
            raise CannotRun(f"The {part.name} ended by itself (status {part.process.returncode}): {said}")


def stop(parts: list[Part]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("\nStopping …", flush=True)
    for part in parts:
        part.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for part in parts:
        try:
            part.process.wait(timeout=max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(part.process.pid, signal.SIGKILL)
            part.process.wait()
    print("Stopped. PostgreSQL and Valkey stay up for the next start; `make stop` stops them too.")


if __name__ == "__main__":
    main()
