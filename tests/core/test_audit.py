"""The audit trail only grows, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.actions import change_entity
from core.audit import audit, audit_many
from core.models import AuditEvent, LegalEntity, User


def test_a_change_is_kept_with_before_and_after(uk: LegalEntity, administrator: User) -> None:
    change_entity(by=administrator, entity=uk, phone="0117 496 0000", email=uk.email)

    event = AuditEvent.objects.get(event="entity.changed")
    assert event.before == {"phone": ""}
    assert event.after == {"phone": "0117 496 0000"}
    assert (event.by, event.object_id, event.entity) == (administrator, str(uk.pk), uk)


def test_a_change_that_changes_nothing_leaves_no_line(uk: LegalEntity, administrator: User) -> None:
    change_entity(by=administrator, entity=uk, phone=uk.phone)

    assert not AuditEvent.objects.filter(event="entity.changed").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditevent SET event = 'nothing.happened'",
        "DELETE FROM core_auditevent",
        "TRUNCATE core_auditevent CASCADE",
    ],
)
def test_the_database_refuses_to_change_or_drop_a_line(uk: LegalEntity, clerk: User, statement: str) -> None:
    audit(clerk, "entity.looked_at", uk, entity=uk)

    with pytest.raises(DatabaseError, match="never changed or deleted"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement)

    assert AuditEvent.objects.get().event == "entity.looked_at"


def test_many_lines_take_one_statement(uk: LegalEntity, clerk: User, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        audit_many(clerk, "entity.counted", [uk] * 500, entity=uk, after_each=lambda entity: {"code": entity.code})

    assert AuditEvent.objects.filter(event="entity.counted").count() == 500
