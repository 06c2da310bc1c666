"""Ageing: what is open at the end of a day, by how long it is overdue, as it is known now or was known at a time.

One statement answers every date. Items that are open now come from an index alone; items settled after the date are
found by the day on which they were settled; what was settled by then is never looked at. Only when some allocation
lies beyond the date (or was recorded after the time) are the allocations of these items added up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from django.db import connection
from psycopg import sql

from core.models import LegalEntity
from core.money import ZERO
from customers.models import Customer

Basis = Literal["due", "invoice"]
Grouping = Literal["customer", "group", "entity", "currency"]


@dataclass(frozen=True, slots=True)
class AgeingBucket:
    """A span of days overdue; without a first or last day it is open on that side."""

    label: str
    first: int | None
    last: int | None

    def holds(self, days: int) -> bool:
        """Whether an item so many days overdue belongs into it."""
        return (self.first is None or days >= self.first) and (self.last is None or days <= self.last)


def buckets_to(*last_days: int) -> tuple[AgeingBucket, ...]:
    """Buckets without gaps: current, then up to each of the days, then everything beyond."""
    spans = zip((0, *last_days), last_days, strict=False)
    return (
        AgeingBucket("current", None, 0),
        *(AgeingBucket(f"{before + 1}-{last}", before + 1, last) for before, last in spans),
        AgeingBucket(f"{last_days[-1] + 1}+", last_days[-1] + 1, None),
    )


BUCKETS = buckets_to(30, 60, 90)


class AgeingRow(NamedTuple):
    """One line of an ageing, in one currency.

    `key` is the customer's, the group's parent's or the entity's id, or 0 when grouped by currency alone. Receipts that
    settle nothing yet and credit notes stand in columns of their own, as positive amounts.
    """

    key: int
    currency: str
    open_items: int
    unapplied_cash: Decimal
    credits: Decimal
    amounts: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        """What is owed: all buckets."""
        return sum(self.amounts, ZERO)

    @property
    def net(self) -> Decimal:
        """What is owed less what is held of the customer: the balance of the control account."""
        return self.total - self.unapplied_cash - self.credits


AGED_BY: dict[Basis, str] = {"due": "due_on", "invoice": "document_on"}
KEYS: dict[Grouping, str] = {
    "customer": "item.customer_id",
    "group": "coalesce(customer.parent_id, customer.id)",
    "entity": "item.entity_id",
    "currency": "0",
}
JOIN_CUSTOMERS = sql.SQL("JOIN customers_customer customer ON customer.id = item.customer_id")

LATEST = "(SELECT max({}) FROM ledger_allocation) > %({})s"
# OFFSET 0 has what is open of an item worked out once; without it the planner copies the sum into every column.
STATEMENT = sql.SQL("""
WITH beyond AS MATERIALIZED (
    SELECT coalesce({beyond}, FALSE) AS found
), item AS (
    SELECT line_id, entity_id, customer_id, currency, side, kind, {aged_on} AS aged_on, amount, open_amount
    FROM ledger_openitem WHERE {there} AND open_amount <> 0
    UNION ALL
    SELECT line_id, entity_id, customer_id, currency, side, kind, {aged_on}, amount, open_amount
    FROM ledger_openitem WHERE {there} AND settled_on > %(as_of)s
    {settled_later}
), aged AS (
    SELECT {key} AS key, item.currency,
        CASE WHEN side = 'debit' THEN width_bucket(%(as_of)s - aged_on, %(edges)s::int[])
            WHEN kind = 'receipt' THEN -1 ELSE -2 END AS bucket,
        CASE WHEN NOT (SELECT found FROM beyond) THEN item.open_amount
            WHEN side = 'debit' THEN item.amount - coalesce(
                (SELECT sum(amount) FROM ledger_allocation WHERE debit_item_id = line_id AND {counts}), 0)
            ELSE item.amount - coalesce(
                (SELECT sum(amount) FROM ledger_allocation WHERE credit_item_id = line_id AND {counts}), 0)
        END AS open_then
    FROM item {join} OFFSET 0
)
SELECT key, currency,
    count(*) FILTER (WHERE bucket >= 0 AND open_then <> 0),
    coalesce(sum(open_then) FILTER (WHERE bucket = -1), 0),
    coalesce(sum(open_then) FILTER (WHERE bucket = -2), 0),
    {sums}
FROM aged WHERE open_then <> 0
GROUP BY key, currency ORDER BY key, currency
""")


def ageing(
    *,
    entities: Iterable[LegalEntity],
    as_of: date,
    known_at: datetime | None = None,
    by: Basis = "due",
    buckets: Sequence[AgeingBucket] = BUCKETS,
    group_by: Grouping = "customer",
    customers: Iterable[Customer] | None = None,
) -> list[AgeingRow]:
    """Age what is open at the end of a day, one row for each key and currency."""
    values: dict[str, Any] = {
        "entities": [entity.pk for entity in entities],
        "as_of": as_of,
        "known_at": known_at,
        "edges": [bucket.first for bucket in buckets[1:]],
        "customers": None if customers is None else [customer.pk for customer in customers],
    }
    statement = _statement(by, group_by, len(buckets), known_at is not None, customers is not None)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [AgeingRow._make((*row[:5], row[5:])) for row in cursor.fetchall()]


def _statement(by: Basis, group_by: Grouping, buckets: int, known: bool, some_customers: bool) -> sql.Composed:
    there = "entity_id = ANY(%(entities)s) AND posted_on <= %(as_of)s"
    counts, beyond = "allocated_on <= %(as_of)s", LATEST.format("allocated_on", "as_of")
    if some_customers:
        there += " AND customer_id = ANY(%(customers)s)"
    if known:
        there += " AND recorded_at <= %(known_at)s"
        counts += " AND recorded_at <= %(known_at)s"
        beyond += " OR " + LATEST.format("recorded_at", "known_at")
    aged_on, rows = sql.SQL(AGED_BY[by]), sql.SQL(there)
    column = sql.SQL("coalesce(sum(open_then) FILTER (WHERE bucket = {}), 0)")
    return STATEMENT.format(
        beyond=sql.SQL(beyond),
        there=rows,
        counts=sql.SQL(counts),
        settled_later=SETTLED_LATER.format(aged_on=aged_on, there=rows) if known else sql.SQL(""),
        aged_on=aged_on,
        key=sql.SQL(KEYS[group_by]),
        join=JOIN_CUSTOMERS if group_by == "group" else sql.SQL(""),
        sums=sql.SQL(", ").join(column.format(index) for index in range(buckets)),
    )


SETTLED_LATER = sql.SQL("""
    UNION ALL
    SELECT line_id, entity_id, customer_id, currency, side, kind, {aged_on}, amount, open_amount
    FROM ledger_openitem WHERE {there} AND settled_on <= %(as_of)s AND settled_recorded_at > %(known_at)s
""")
