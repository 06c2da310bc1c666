"""Where the embedded servers keep their data and where they are reached."""

import hashlib
import importlib.util
import os
import pwd
import tempfile
from pathlib import Path

import psutil

BASE_DIR = Path(__file__).resolve().parent.parent.parent
LONGEST_SOCKET_PATH = 100
PATIENCE_SECONDS = 60


class CannotStart(Exception):
    """Why the embedded servers cannot run, in a sentence for the person at the keyboard."""


def folder() -> Path:
    """Where everything lives that belongs to this machine and not to the project."""
    return Path(os.environ.get("O2C_LOCAL_DIR") or BASE_DIR / ".local").resolve()


def socket_folder() -> Path:
    """`.local/run`, or a short folder in the system's own place when that path is too long for a Unix socket."""
    beside = folder() / "run"
    if len(str(beside)) + len("/.s.PGSQL.5432.lock") <= LONGEST_SOCKET_PATH:
        return beside
    digest = hashlib.sha256(str(folder()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"o2c-{digest}"


def wheel_folder(package: str, variable: str) -> Path:
    """Where a package lies, found without importing it: only the programs inside are of use."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise CannotStart(f"The package {package} is not installed: run make setup, or set {variable} to a server.")
    return Path(found.origin).parent


def owner_of(path: Path) -> str:
    while not path.exists():
        path = path.parent
    try:
        return pwd.getpwuid(path.stat().st_uid).pw_name
    except KeyError:
        return f"user {path.stat().st_uid}"


def processes_in(data: Path, program: str) -> list[psutil.Process]:
    """Every live process of a server program that was started on this data folder or works in it."""
    found = []
    for process in psutil.process_iter(["name", "status", "cmdline"]):
        if process.info["name"] != program or process.info["status"] == psutil.STATUS_ZOMBIE:
            continue
        if str(data) in (process.info["cmdline"] or []) or _works_in(process, data):
            found.append(process)
    return found


def _works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return process.cwd() == str(data)
    except psutil.Error:
        return False


def last_lines(text: str) -> str:
    return " / ".join(text.strip().splitlines()[-4:])
