"""Writing the audit trail: one call in the same transaction as the thing that it tells of."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Model

from core import clock, request_id
from core.models import AuditEvent, LegalEntity, User

Facts = Mapping[str, Any]


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
    """Record the same event for many objects in a few statements; returns how many."""
    rows = [_row(by, event, obj, entity, None, after_each(obj) if after_each else None, reason) for obj in objects]
    moment = clock.now()
    for row in rows:
        row.at = moment  # a given value instead of the column's default lets Django send whole arrays
    AuditEvent.objects.bulk_create(rows, batch_size=2000)
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
