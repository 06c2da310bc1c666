"""Writing the audit trail: one call in the same transaction as the thing that it tells of."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from core import clock, request_id
from core.copying import Copier
from core.models import AuditEvent, LegalEntity, User

Facts = Mapping[str, Any]
EVENTS = Copier(
    "core_auditevent",
    (
        "entity_id", "by_id", "event", "object_type", "object_id", "object_label", "after", "reason", "request_id",
        "at",
    ),
)  # fmt: skip


def audit(
    by: User,
    event: str,
    obj: Model,
    *,
    entity: LegalEntity | None,
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str = "",
) -> AuditEvent:
    """Record that a person did something to an object; `before` and `after` hold what changed."""
    row = _row(by, event, obj, entity, before, after, reason)
    row.save(force_insert=True)
    return row


def audit_many(
    by: User,
    event: str,
    objects: Iterable[Model],
    *,
    entity: LegalEntity,
    after_each: Callable[[Any], Facts] | None = None,
    reason: str = "",
) -> int:
    """Record the same event for many objects in one statement; returns how many."""
    moment, request = clock.now(), request_id.current.get()
    rows = [
        (
            entity.pk,
            by.pk,
            event,
            obj._meta.label_lower,
            str(obj.pk),
            str(obj)[:200],
            json.dumps(after_each(obj), cls=DjangoJSONEncoder) if after_each else None,
            reason,
            request,
            moment,
        )
        for obj in objects
    ]
    if rows:
        EVENTS.copy(rows)
    return len(rows)


def changes(obj: Model, new: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a change of fields would alter: the old and the new values of only those that differ."""
    old = {name: _plain(getattr(obj, name)) for name in new}
    altered = {name: _plain(value) for name, value in new.items() if _plain(value) != old[name]}
    return {name: old[name] for name in altered}, altered


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Model) else value


def _row(
    by: User, event: str, obj: Model, entity: LegalEntity | None, before: Facts | None, after: Facts | None, reason: str
) -> AuditEvent:
    return AuditEvent(
        entity=entity,
        by=by,
        event=event,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:200],
        before=before,
        after=after,
        reason=reason,
        request_id=request_id.current.get(),
    )
