"""Reports on direct debits in the drop folder: what lies in `debit-reports` within a company's subfolder.

A report is taken in once by its content, then moved to `done` or `refused` beside it, with a text file of the same name
that says what became of it.
"""

import logging
from pathlib import Path

from cashapp.drop_folder import DONE, REFUSED, SETTLED_SECONDS, waiting_files
from cashapp.remittance_folder import move_aside
from core.errors import Refused
from core.models import LegalEntity, User
from directdebit.actions.reports import receive_report
from directdebit.models import ReturnReport
from directdebit.returns.recognise import LARGEST_REPORT

SUBFOLDER = "debit-reports"
logger = logging.getLogger(__name__)


def take_in_report_folder(by: User, folder: Path, *, settled_seconds: float = SETTLED_SECONDS) -> list[ReturnReport]:
    """Take in what lies there; a file that breaks stops no other. Answers the reports that are to be booked."""
    reports: list[ReturnReport] = []
    for entity in LegalEntity.objects.filter(is_active=True).order_by("code") if folder.is_dir() else ():
        own = folder / entity.code / SUBFOLDER
        own.mkdir(parents=True, exist_ok=True)
        for path in waiting_files(own, settled_seconds):
            try:
                reports += _taken_in(by, entity, path)
            except FileNotFoundError:
                continue
            except Exception:
                logger.exception("The report %s could not be taken in.", path.name)
    return reports


def _taken_in(by: User, entity: LegalEntity, path: Path) -> list[ReturnReport]:
    with path.open("rb") as file:
        content = file.read(LARGEST_REPORT + 1)
    try:
        report = receive_report(by=by, entity=entity, name=path.name, content=content)
    except Refused as refusal:
        move_aside(path, REFUSED, refusal.message)
        return []
    told = report.returns.count()
    move_aside(path, DONE, f"{report}: {told} told for the first time by this report.")
    return [report]
