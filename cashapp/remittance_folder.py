"""Remittances in the drop folder: what lies in `remittances` within a company's subfolder.

A file is taken in once by what it says, then moved to `done` or `refused` beside it, with a text file of the same name
that says what became of it.
"""

import logging
from pathlib import Path

from cashapp.actions.remittances import TakenIn, take_in_remittance
from cashapp.drop_folder import DONE, REFUSED, SETTLED_SECONDS, waiting_files
from cashapp.models import Remittance
from cashapp.remittances import LARGEST_FILE
from core import clock
from core.errors import Refused
from core.models import LegalEntity, User

SUBFOLDER = "remittances"
logger = logging.getLogger(__name__)


def take_in_remittance_folder(by: User, folder: Path, *, settled_seconds: float = SETTLED_SECONDS) -> int:
    """Take in what lies there; a file that breaks stops no other. Answers how many were dealt with."""
    count = 0
    for entity in LegalEntity.objects.filter(is_active=True).order_by("code") if folder.is_dir() else ():
        own = folder / entity.code / SUBFOLDER
        own.mkdir(parents=True, exist_ok=True)
        for path in waiting_files(own, settled_seconds):
            try:
                _take_in(by, entity, path)
                count += 1
            except FileNotFoundError:
                continue
            except Exception:
                logger.exception("The remittance %s could not be taken in.", path.name)
    return count


def _take_in(by: User, entity: LegalEntity, path: Path) -> None:
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    try:
        taken = take_in_remittance(
            by=by, entity=entity, name=path.name, content=content, source=Remittance.Source.FOLDER
        )
    except Refused as refusal:
        move_aside(path, REFUSED, refusal.message)
    else:
        move_aside(path, DONE, _said(taken))


def _said(taken: list[TakenIn]) -> str:
    new = sum(1 for each in taken if each.is_new)
    known = len(taken) - new
    return f"{new} remittance{'' if new == 1 else 's'} taken in" + (f", {known} known before." if known else ".")


def move_aside(path: Path, state: str, sentence: str) -> None:
    """Move a file that was dealt with to the folder of its state, with its sentence beside it."""
    target = path.parent / state
    target.mkdir(exist_ok=True)
    name = path.name
    if (target / name).exists():
        name = f"{path.stem}-{clock.now():%Y%m%d%H%M%S%f}{path.suffix}"
    (target / f"{name}.txt").write_text(f"{sentence}\n", encoding="utf-8")
    path.replace(target / name)
