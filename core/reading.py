"""Rows at less cost: read by a condition written in SQL, or made for writing many at once.

For the few questions that every posted document asks, building the statement anew costs Django more than Postgres takes
to answer it; and a model's constructor costs more than all that is written from its row.
"""

from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)


def read(model: type[Row], where: str, **values: Any) -> list[Row]:
    """Whole rows of a table; `where` is what follows WHERE and names its values as %(name)s."""
    return list(model._default_manager.raw(f"{_select_from(model)} WHERE {where}", values))


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


@cache
def _select_from(model: type[models.Model]) -> str:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    return f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608 - names out of the model
