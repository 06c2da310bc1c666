"""Proving deferred income: every rule over the whole database, each as one set-based question.

As in the ledger's proofs, a proof is an SQL file that selects what breaks a rule: the document and what was found.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.db import connection

FOLDER = Path(__file__).parent
SHOWN = 200


class Problem(NamedTuple):
    """A document that breaks a rule, and how."""

    rule: str
    document: str
    found: str


@dataclass(frozen=True, slots=True)
class Proven:
    """What was looked at, and what was found."""

    rules: list[str]
    problems: list[Problem]


def prove_deferrals() -> Proven:
    """Check every rule; of each at most the first 200 documents that break it are named."""
    rules = sorted(path.stem for path in FOLDER.glob("*.sql"))
    return Proven(rules, [problem for rule in rules for problem in _problems(rule)])


def _problems(rule: str) -> list[Problem]:
    with connection.cursor() as cursor:
        cursor.execute((FOLDER / f"{rule}.sql").read_text())
        return [Problem(rule, str(document), str(found)) for document, found in cursor.fetchmany(SHOWN)]
