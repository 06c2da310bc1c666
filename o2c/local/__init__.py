"""The embedded PostgreSQL and Valkey of a machine where DATABASE_URL and REDIS_URL name no others.

Both listen on Unix sockets only, in a folder that nobody else may open, so no port is taken and no password is needed.
They stay in the background and every later process of this folder uses them; a file lock makes processes that start
side by side take turns, so that one of them starts the servers and the others find them running.

    python -m o2c.local start | stop | status
"""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import environ

from o2c.local import postgres, valkey
from o2c.local.paths import BASE_DIR, CannotStart, folder, owner_of, socket_folder
from o2c.local.postgres import database
from o2c.local.valkey import broker_url, cache_url

__all__ = [
    "BASE_DIR",
    "CannotStart",
    "broker_url",
    "cache_url",
    "database",
    "folder",
    "start_servers",
    "start_servers_or_exit",
    "status",
    "stop_servers",
]


def start_servers_or_exit() -> None:
    """For the ways in: a refusal ends the program with its sentence instead of a traceback."""
    try:
        start_servers()
    except CannotStart as refusal:
        sys.exit(str(refusal))


def start_servers() -> None:
    """See that the servers which the environment does not name are running."""
    environ.Env.read_env(BASE_DIR / ".env")
    own_postgres = not os.environ.get("DATABASE_URL")
    own_valkey = not os.environ.get("REDIS_URL")
    if not (own_postgres or own_valkey):
        return
    with _turn():
        if own_postgres:
            if not postgres.answers():
                postgres.start()
            postgres.make_database()
        if own_valkey and not valkey.answers():
            valkey.start()


def stop_servers() -> None:
    with _turn():
        if postgres.is_running():
            postgres.stop()
        if valkey.answers():
            valkey.stop()


def status() -> dict[str, bool]:
    return {"postgres": postgres.answers(), "valkey": valkey.answers()}


@contextmanager
def _turn() -> Iterator[None]:
    """Hold the folder's lock: whoever comes second waits, and then finds the servers running."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        socket_folder().mkdir(mode=0o700, exist_ok=True)
        handle = (folder() / "servers.lock").open("w")
    except PermissionError as error:
        owner = owner_of(folder())
        raise CannotStart(f"{error.filename} belongs to {owner}. Run this as {owner}, or remove {folder()}.") from error
    except OSError as error:
        raise CannotStart(f"{folder()} cannot be written: {error.strerror}.") from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _refuse_foreign_sockets()
        yield


def _refuse_foreign_sockets() -> None:
    """A stranger who owns the socket folder could pose as the database."""
    if socket_folder().stat().st_uid not in {os.geteuid(), postgres.server_identity().pw_uid}:
        raise CannotStart(f"{socket_folder()} belongs to {owner_of(socket_folder())}; remove it or run as that user.")
