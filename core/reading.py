"""Rows at less cost: read by a condition written in SQL, or made for writing many at once.

For the few questions that every posted document asks, building the statement anew costs Django more than Postgres takes
to answer it; and a model's constructor costs more than all that is written from its row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


def read(model: type[Row], where: str, **values: Any) -> list[Row]:
    """Whole rows of a table; `where` is what follows WHERE and names its values as %(name)s."""
    shape = _shape_of(model)
    with connection.cursor() as cursor:
        cursor.execute(f"{shape.select} WHERE {where}", values)
        found = cursor.fetchall()
    if shape.converted:
        found = [shape.with_values_of_python(row) for row in found]
    return [model.from_db(connection.alias, shape.names, row) for row in found]


def unsaved(model: type[Row], **values: Any) -> Row:
    """A row that is about to be written. Values are named as their columns; what is left out has its default."""
    row = model.__new__(model)
    row._state = ModelState()
    row.__dict__.update(_defaults(model))
    row.__dict__.update(values)
    return row


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


@dataclass(frozen=True)
class Shape:
    """How the rows of a model are asked for, and which of their columns aren't yet what the field holds."""

    select: str
    names: Sequence[str]
    converted: Sequence[tuple[int, Any]]

    def with_values_of_python(self, row: Sequence[Any]) -> Sequence[Any]:
        """The row with JSON and the like read."""
        values = list(row)
        for index, from_db_value in self.converted:
            values[index] = from_db_value(values[index], None, connection)
        return values


@cache
def _shape_of(model: type[models.Model]) -> Shape:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return Shape(
        select=f'SELECT {columns} FROM "{model._meta.db_table}"',  # noqa: S608 - names out of the model
        names=[field.attname for field in fields],
        converted=[
            (index, field.from_db_value) for index, field in enumerate(fields) if hasattr(field, "from_db_value")
        ],
    )
