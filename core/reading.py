"""Reading rows by a condition written in SQL, for the few questions that every posted document asks.

Building such a statement anew costs Django more than Postgres takes to answer it.
"""

from functools import cache
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def read(model: type[Row], where: str, **values: Any) -> list[Row]:
    """Whole rows of a table; `where` is what follows WHERE and names its values as %(name)s."""
    return list(model._default_manager.raw(f"{_select_from(model)} WHERE {where}", values))


@cache
def _select_from(model: type[models.Model]) -> str:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    return f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608 - names out of the model
