"""Proving the ledger: every invariant over the whole database, each as one set-based question.

A proof is an SQL file that selects what breaks a rule: the document's name and what was found. The guards keep these
rules as rows come in; the proofs don't trust them, nor the cached amounts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from ledger.proofs.numbers import missing_numbers

FOLDER = Path(__file__).parent
SHOWN = 200


class Problem(NamedTuple):
    """A document that breaks a rule, and how."""

    rule: str
    document: str
    found: str


@dataclass(frozen=True, slots=True)
class Proven:
    """What a check of the ledger looked at, and what it found."""

    rules: list[str]
    problems: list[Problem]


def prove_ledger() -> Proven:
    """Check every rule; of each at most the first 200 documents that break it are named."""
    rules = sorted(path.stem for path in FOLDER.glob("*.sql"))
    with _one_moment():
        problems = [problem for rule in rules for problem in _problems(rule)]
        problems += _missing_numbers()
    return Proven([*rules, "numbers_without_gaps"], problems)


@contextmanager
def _one_moment() -> Iterator[None]:
    """See the database as it is at one moment, while people go on working.

    Every rule reads whole tables, for which nested loops are never right; planners whose statistics are still those
    of before a large import believe so all the same.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def _problems(rule: str) -> list[Problem]:
    with connection.cursor() as cursor:
        cursor.execute((FOLDER / f"{rule}.sql").read_text())
        return [Problem(rule, str(document), str(found)) for document, found in cursor.fetchmany(SHOWN)]


def _missing_numbers() -> list[Problem]:
    return [
        Problem("numbers_without_gaps", number, f"given out by the series {series}, but no document has it")
        for series, number in islice(missing_numbers(), SHOWN)
    ]
