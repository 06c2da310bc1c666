"""One scoped accessor per model: nobody sees a row of an entity in which no role of theirs shows its room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.http import Http404

if TYPE_CHECKING:
    from core.models.people import User

Row = TypeVar("Row", bound=models.Model)


class ScopedQuerySet(models.QuerySet[Row]):
    """A query set that can be narrowed to what a person may see.

    The model says in `entity_path` how to get to its entity, “entity” unless told otherwise.
    """

    def visible_to(self, by: User) -> Self:
        """Keep the rows of entities in which a role of the person's shows the room that the model stands in."""
        path = getattr(self.model, "entity_path", "entity")
        return self.filter(**{f"{path}__in": by.entity_ids(f"{self.model._meta.app_label}.view")})


class ScopedModel(models.Model):
    """A row that belongs to one legal entity, directly or through another row."""

    entity_path: ClassVar[str] = "entity"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


def get_visible(queryset: models.QuerySet[Row] | type[Row], by: User, **lookup: Any) -> Row:
    """Fetch one row that the person may see; a row of another entity is as absent as one that doesn't exist."""
    rows: Any = queryset if isinstance(queryset, models.QuerySet) else queryset._default_manager.all()
    found: Row | None = rows.visible_to(by).filter(**lookup).first()
    if found is None:
        raise Http404("There is no such page, or it belongs to a company that you have no role in.")
    return found
