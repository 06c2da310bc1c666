"""What schedules have left to release, as it is known now. Ask with the customers' locks, and it stays so."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from core.models import LegalEntity
from invoicing.cycles import Days
from invoicing.releases import Release, Unearned

SCHEDULES_AT_ONCE = 2_000
COLUMNS = """
    s.id, s.customer_id, s.invoice_line_id, s.method, s.first_on, s.last_on, s.currency, m.balance, m.base_balance,
    m.rest, m.rest_after, m.released_after, m.ends_on
"""
# The anchor is the movement since which the rest is spread: the last credit, else the first of all.
STATE = """
    SELECT sum(m.signed) AS balance, sum(m.signed_base) AS base_balance,
        sum(m.signed) FILTER (WHERE m.id <= m.anchor) AS rest,
        max(m.month_on) FILTER (WHERE m.id < m.anchor) AS rest_after,
        max(m.month_on) AS released_after, min(m.ends_on) AS ends_on
    FROM (
        SELECT id, month_on, ends_on, CASE kind WHEN 'deferred' THEN amount ELSE -amount END AS signed,
            CASE kind WHEN 'deferred' THEN base_amount ELSE -base_amount END AS signed_base,
            max(id) FILTER (WHERE kind <> 'released') OVER () AS anchor
        FROM invoicing_deferralmovement WHERE schedule_id = s.id {known}
    ) m
"""
NOW = STATE.format(known="")
DUE = f"""
    SELECT {COLUMNS} FROM invoicing_deferralschedule s CROSS JOIN LATERAL ({NOW}) m
    WHERE s.entity_id = %(entity)s AND s.customer_id = ANY(%(customers)s) AND s.first_on <= %(month_end)s
        AND m.balance <> 0 AND EXISTS (
            SELECT FROM invoicing_deferralmovement d
            WHERE d.schedule_id = s.id AND d.kind = 'deferred' AND d.posted_on <= %(month_end)s
        )
    ORDER BY s.customer_id, s.id
"""  # noqa: S608 - only the texts above
OF_LINES = f"""
    SELECT {COLUMNS} FROM invoicing_deferralschedule s CROSS JOIN LATERAL ({NOW}) m
    WHERE s.invoice_line_id = ANY(%(lines)s)
"""  # noqa: S608 - only the texts above
CUSTOMERS = """
    SELECT s.customer_id, count(*) FROM invoicing_deferralschedule s
    WHERE s.entity_id = %(entity)s AND s.first_on <= %(month_end)s
    GROUP BY s.customer_id ORDER BY s.customer_id
"""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule with what is left of it."""

    pk: int
    customer: int
    invoice_line: int
    left: Unearned


def schedules_of_lines(lines: Iterable[int], base_currency: str) -> dict[int, Schedule]:
    """The schedules of invoice lines, by line."""
    found = _schedules(OF_LINES, base_currency, lines=list(lines))
    return {schedule.invoice_line: schedule for schedule in found}


def schedules_due(entity: LegalEntity, customers: Sequence[int], month_end: date) -> Iterator[Schedule]:
    """Schedules of customers that were billed by the end of a month and still have something left."""
    facts = {"entity": entity.pk, "customers": list(customers), "month_end": month_end}
    return _schedules(DUE, entity.currency, **facts)


def releases_due(
    entity: LegalEntity, customers: Sequence[int], month_end: date
) -> Iterator[tuple[Schedule, list[Release]]]:
    """What these customers' schedules release by the end of a month; those that release nothing are left out."""
    for schedule in schedules_due(entity, customers, month_end):
        if releases := list(schedule.left.releases(month_end.replace(day=1))):
            yield schedule, releases


def customers_with_schedules(entity: LegalEntity, month_end: date, at_once: int) -> list[list[int]]:
    """Customers whose service began by the end of a month, in groups of about so many schedules, by ascending id."""
    groups: list[list[int]] = [[]]
    size = 0
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, {"entity": entity.pk, "month_end": month_end})
        for customer, count in cursor.fetchall():
            if size + count > at_once and groups[-1]:
                groups.append([])
                size = 0
            groups[-1].append(customer)
            size += count
    return [group for group in groups if group]


def _schedules(statement: str, base_currency: str, **facts: Any) -> Iterator[Schedule]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        rows = cursor.fetchall()
    return (schedule_of(row, base_currency) for row in rows)


def schedule_of(row: Sequence[Any], base_currency: str) -> Schedule:
    """A schedule from a row of `COLUMNS`."""
    pk, customer, line, method, first_on, last_on, currency, balance, base_balance, rest, *months = row
    rest_after, released_after, ends_on = months
    left = Unearned(
        method=method,
        days=Days(first_on, last_on),
        currency=currency,
        base_currency=base_currency,
        balance=balance,
        base_balance=base_balance,
        rest=rest,
        rest_after=rest_after,
        released_after=released_after,
        ends_on=ends_on,
    )
    return Schedule(pk, customer, line, left)
