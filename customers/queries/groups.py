"""Groups of customers: who stands at the top, and who belongs below, through all levels of one company.

A group may go on in another company. There it ends for these questions: each company writes to its own customers.
"""

from collections.abc import Iterable

from django.db import connection

from core.models import LegalEntity

HEADS = """
    WITH RECURSIVE above (id, head, parent) AS (
        SELECT id, id, parent_id FROM customers_customer WHERE id = ANY(%(keys)s)
        UNION
        SELECT above.id, upper.id, upper.parent_id FROM above
        JOIN customers_customer upper ON upper.id = above.parent AND upper.entity_id = %(entity)s
    )
    SELECT above.id, above.head FROM above
    LEFT JOIN customers_customer upper ON upper.id = above.parent AND upper.entity_id = %(entity)s
    WHERE upper.id IS NULL
"""
MEMBERS = """
    WITH RECURSIVE member (head, id) AS (
        SELECT id, id FROM customers_customer WHERE id = ANY(%(keys)s)
        UNION
        SELECT member.head, lower.id FROM member
        JOIN customers_customer lower ON lower.parent_id = member.id AND lower.entity_id = %(entity)s
    )
    SELECT member.head, member.id FROM member JOIN customers_customer c ON c.id = member.id
    ORDER BY member.head, member.id <> member.head, c.code
"""


def heads_of(entity: LegalEntity, customers: Iterable[int]) -> dict[int, int]:
    """By customer, who stands at the top of their group; alone, they themselves."""
    return dict(_pairs(HEADS, entity, customers))


def members_of(entity: LegalEntity, heads: Iterable[int]) -> dict[int, list[int]]:
    """By head, itself first and then everybody below, by code."""
    found: dict[int, list[int]] = {}
    for head, member in _pairs(MEMBERS, entity, heads):
        found.setdefault(head, []).append(member)
    return found


def _pairs(sql: str, entity: LegalEntity, keys: Iterable[int]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"keys": list(keys), "entity": entity.pk})
        return [(one, other) for one, other in cursor.fetchall()]
