"""The drop folder: one subfolder for each company, named by its code, in which banks and programs leave files.

A file is taken in once by its content, then moved to `done` or `refused` beside it, with a text file of the same name
that says what became of it. Names that begin with a point, unfinished uploads, links and folders are left alone.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cashapp import statement_file_runs
from cashapp.actions.statement_files import Arrival, receive_statement_file, refuse_statement_file
from cashapp.models import StatementFile
from cashapp.statements import StatementRefused
from cashapp.statements.recognise import LARGEST_FILE
from core.errors import Refused
from core.models import LegalEntity, Run, User

DONE, REFUSED = "done", "refused"
UNFINISHED = frozenset({".part", ".tmp", ".filepart", ".crdownload", ".partial", ".txt~"})
SETTLED_SECONDS = 5
MOST_AT_ONCE = 200
logger = logging.getLogger(__name__)
State = StatementFile.State


@dataclass(slots=True)
class Taken:
    """How many files were dealt with, and the matching runs to start."""

    files: int = 0
    runs: list[Run] = field(default_factory=list)


def take_in_folder(by: User, folder: Path, *, settled_seconds: float = SETTLED_SECONDS) -> Taken:
    """Take in what lies in the companies' subfolders; a file that breaks stops no other."""
    taken = Taken()
    if not folder.is_dir():
        logger.warning("The drop folder %s is not there.", folder)
        return taken
    for entity in LegalEntity.objects.filter(is_active=True).order_by("code"):
        own = folder / entity.code
        own.mkdir(exist_ok=True)
        for path in waiting_files(own, settled_seconds):
            try:
                taken.runs += _take_in(by, entity, path)
                taken.files += 1
            except FileNotFoundError:
                continue
            except Exception:
                logger.exception("The statement file %s could not be taken in.", path.name)
    return taken


def waiting_files(folder: Path, settled_seconds: float) -> Iterator[Path]:
    """The files in a folder that nobody is writing any more, the oldest first."""
    moment = time.time()
    found: list[tuple[float, Path]] = []
    for path in folder.iterdir():
        is_file = path.is_file() and not path.is_symlink()
        if not is_file or path.name.startswith((".", "~")) or path.suffix.lower() in UNFINISHED:
            continue
        changed = path.stat().st_mtime
        if moment - changed >= settled_seconds:
            found.append((changed, path))
    yield from (path for _, path in sorted(found)[:MOST_AT_ONCE])


def _take_in(by: User, entity: LegalEntity, path: Path) -> list[Run]:
    """One file: received, imported by its run, and moved with its sentence."""
    arrival = Arrival(name=path.name, content=_content(path), origin=StatementFile.Origin.FOLDER)
    too_large = path.stat().st_size > LARGEST_FILE
    runs: list[Run] = []
    try:
        if too_large:
            raise StatementRefused(
                f"{path.name} is larger than {LARGEST_FILE // 1024**2} MB. Split it by month or week."
            )
        received = receive_statement_file(by=by, entity=entity, arrival=arrival)
    except Refused as refusal:
        received = refuse_statement_file(by=by, entity=entity, arrival=arrival, refusal=refusal)
    if received.state == State.WAITING and received.run:
        runs = statement_file_runs.carry_out(received.run)
        received.refresh_from_db()
    if received.state != State.WAITING:
        _move(path, received)
    return runs


def _content(path: Path) -> bytes:
    """Its bytes, never more than one beyond what is taken."""
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _move(path: Path, received: StatementFile) -> None:
    target = path.parent / (DONE if received.state == State.TAKEN else REFUSED)
    target.mkdir(exist_ok=True)
    name = path.name
    if (target / name).exists():
        name = f"{path.stem}-{received.sha256[:8]}{path.suffix}"
    sentence = target / f"{name}.txt"
    sentence.write_text(f"{received.message}\n", encoding="utf-8")
    path.replace(target / name)
