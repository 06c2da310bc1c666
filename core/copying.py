"""Bringing many rows into a table with guards and foreign keys on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Copier:
    """Brings rows into a table as fast as Postgres takes them."""

    table: str
    columns: Sequence[str]

    def copy(self, rows: Iterable[Sequence[Any]]) -> None:
        """COPY the rows; guards and foreign keys look at them as at any others."""
        statement = f"COPY {self.table} ({', '.join(self.columns)}) FROM STDIN"
        # Made first: a row that asks the database something while the COPY is under way would wait for ever.
        ready = list(rows)
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as target:
            for row in ready:
                target.write_row(row)

    def new_ids(self, count: int) -> list[int]:
        """Ids for rows that are yet to come."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [f"{self.table}_id_seq", count])
            return [row[0] for row in cursor.fetchall()]


def tell_the_planner(tables: Iterable[str]) -> None:
    """New statistics after many rows came in: plans made for empty tables read a full one row by row."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
