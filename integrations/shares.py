"""A large ledger shared out among processes: each runs the command `import_ledger` for some of the customers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from time import sleep
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

from integrations.intake import Share
from integrations.ledger_folder import FolderRefused
from integrations.ledger_import import Timing

LOOK_EVERY_SECONDS = 0.2


def import_shares(arguments: Sequence[str], workers: int) -> dict[str, Timing]:
    """Counts of all shares together; a kind takes as long as its slowest share. The first refusal stops them all."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "import_ledger", *arguments, "--json", "--share"]
    shares = [
        subprocess.Popen(  # noqa: S603 - our own command with our own arguments
            [*command, f"{part}/{workers}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "DATABASE_URL": _this_database()},
        )
        for part in range(workers)
    ]
    try:
        _wait_for(shares)
        answers = [json.loads(share.communicate()[0]) for share in shares]
    finally:
        for share in shares:
            share.kill()
            share.communicate()
    kinds = [kind for kind, facts in answers[0].items() if isinstance(facts, dict)]
    return {
        kind: Timing(sum(one[kind]["count"] for one in answers), max(one[kind]["seconds"] for one in answers))
        for kind in kinds
        if kind != "customers"
    }


def share_named(text: str) -> Share:
    """A share as 0/2: the first of two."""
    try:
        part, of = (int(one) for one in text.split("/"))
    except ValueError:
        raise FolderRefused(f"“{text}” is no share. Write the first of two as 0/2.") from None
    if not 0 <= part < of:
        raise FolderRefused(f"“{text}” is no share. Write the first of two as 0/2.")
    return Share(part, of)


def _this_database() -> str:
    """The address of the database that we work in, whatever the settings of a new process would choose."""
    facts = connection.settings_dict
    person = quote(facts["USER"]) + (f":{quote(facts['PASSWORD'], safe='')}" if facts["PASSWORD"] else "")
    place = {"host": facts["HOST"], "port": facts["PORT"]}
    return f"postgres://{person}@/{quote(facts['NAME'])}?{urlencode({key: one for key, one in place.items() if one})}"


def _wait_for(shares: Sequence[subprocess.Popen[str]]) -> None:
    """Until all are done, or one has refused: then its sentence is ours."""
    while any(share.poll() is None for share in shares):
        _refuse_with(shares)
        sleep(LOOK_EVERY_SECONDS)
    _refuse_with(shares)


def _refuse_with(shares: Sequence[subprocess.Popen[str]]) -> None:
    for share in shares:
        if share.poll():
            said = share.communicate()[1].strip().splitlines() or ["It was killed."]
            raise FolderRefused(said[-1].removeprefix("CommandError: "))
