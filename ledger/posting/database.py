"""Sending batches to the database, and turning what it refuses into sentences."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.db import IntegrityError, connection, models
from django.db.models.base import ModelState
from django.db.transaction import TransactionManagementError

from core.errors import Refused
from ledger.periods import PeriodClosed
from ledger.posting.errors import AlreadyReversed, DaySigned, NumberTaken, OverAllocated, Unbalanced, WrongItems

FOLDER = Path(__file__).parent
Row = TypeVar("Row", bound=models.Model)

# What the guards' rules are called for people. Checks in Python come first and say more; these hold under contention.
REFUSALS: dict[str, type[Refused]] = {
    "a_document_number_is_taken_once": NumberTaken,
    "never_allocated_beyond_its_amount": OverAllocated,
    "in_open_period": PeriodClosed,
    "in_open_days": DaySigned,
    "debits_equal_credits": Unbalanced,
    "allocation_fits_its_items": WrongItems,
    "ledger_journalentry_reverses_id_key": AlreadyReversed,
    "ledger_allocation_reverses_id_key": AlreadyReversed,
}

HELD_THEN = re.compile(r"on (?P<day>[0-9-]+) more than all of (?P<number>.+) would be allocated")


def run(statement: str, columns: Mapping[str, Iterable[Any]], **values: Any) -> list[tuple[Any, ...]]:
    """Run one of the SQL files of this folder; each column is sent as one array."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("Posting belongs to the transaction of an action.")
    arrays = {name: array(column) for name, column in columns.items()}
    try:
        with connection.cursor() as cursor:
            cursor.execute(_sql(statement), {**arrays, **values})
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
    except IntegrityError as error:
        raise _refusal(error) from error


def array(values: Iterable[Any]) -> str:
    """A PostgreSQL array as text. The driver's own arrays cost more than all the rest of posting a batch."""
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, bytes):
        return f'"\\\\x{value.hex()}"'
    return str(value)


def loaded(model: type[Row], fields: Sequence[str], values: Sequence[Any]) -> Row:
    """An instance as if it had just been read, without the tenfold cost of the model's constructor."""
    instance = model.__new__(model)
    instance._state = ModelState()
    instance._state.adding, instance._state.db = False, connection.alias
    instance.__dict__.update(zip(fields, values, strict=True))
    return instance


@cache
def _sql(statement: str) -> str:
    return (FOLDER / f"{statement}.sql").read_text()


def _refusal(error: IntegrityError) -> Exception:
    diagnosis = getattr(error.__cause__, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None) or ""
    if rule not in REFUSALS:
        return error
    detail = str(getattr(diagnosis, "message_detail", None) or getattr(diagnosis, "message_primary", ""))
    return REFUSALS[rule](_told(detail.removeprefix("o2c: ")))


def _told(detail: str) -> str:
    """The database's refusal as a sentence for people."""
    if found := HELD_THEN.fullmatch(detail):
        day = f"{date.fromisoformat(found['day']):%d %B %Y}"
        return f"On {day} {found['number']} was still settled by what was undone later. Date this from that later day."
    return f"The ledger refuses this: {detail}."
