"""The months of schedules: what was released when, and what is still to come, as at a day and as known at a moment."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core.models import LegalEntity
from invoicing.models import DeferralMovement, Invoice
from invoicing.queries.deferred_income import DeferredQuestion
from invoicing.queries.unearned import COLUMNS, STATE, Schedule, schedule_of

AT_ONCE = 1_000
FAR = date(9999, 1, 1)
THEN = STATE.format(
    known="AND posted_on <= %(as_of)s AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)"
)
SCHEDULES = f"""
    SELECT {COLUMNS}, s.amount, i.id, i.number, i.issued_on, c.code, c.name, l.description
    FROM invoicing_deferralschedule s
    JOIN invoicing_invoiceline l ON l.id = s.invoice_line_id
    JOIN invoicing_invoice i ON i.id = l.invoice_id
    JOIN customers_customer c ON c.id = s.customer_id
    CROSS JOIN LATERAL ({THEN}) m
    WHERE s.entity_id = %(entity)s AND m.balance IS NOT NULL AND (%(customer)s = '' OR c.code = %(customer)s)
        AND (%(invoice)s::bigint IS NULL OR i.id = %(invoice)s)
    ORDER BY c.name, c.id, s.id
"""  # noqa: S608 - only the texts above
RELEASED = """
    SELECT schedule_id, month_on, amount, base_amount, posted_on FROM invoicing_deferralmovement m
    WHERE schedule_id = ANY(%(schedules)s) AND kind = 'released' AND posted_on <= %(as_of)s
        AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)
    ORDER BY schedule_id, month_on
"""


@dataclass(frozen=True, slots=True)
class Billed:
    """A schedule with the document that made it."""

    schedule: Schedule
    amount: Decimal
    invoice: int
    number: str
    issued_on: date
    customer_code: str
    customer_name: str
    description: str


@dataclass(frozen=True, slots=True)
class ScheduleMonth:
    """The income of one month: released on a day, or still to come."""

    month_on: date
    amount: Decimal
    base_amount: Decimal
    released_on: date | None


def schedule_months(
    question: DeferredQuestion, invoice: Invoice | None = None
) -> Iterator[tuple[Billed, list[ScheduleMonth]]]:
    """Every schedule that there was, with its months: those that were released, then those to come."""
    values = {**question.values, "invoice": invoice.pk if invoice else None}
    with connection.cursor() as cursor:
        cursor.execute(SCHEDULES, values)
        rows = cursor.fetchall()
    for start in range(0, len(rows), AT_ONCE):
        yield from _with_months(question, [_billed(question.entity, row) for row in rows[start : start + AT_ONCE]])


def movements_of_invoice(invoice: Invoice) -> list[DeferralMovement]:
    """Everything that happened to what an invoice deferred, in order."""
    rows = DeferralMovement.objects.filter(schedule__invoice_line__invoice=invoice)
    return list(rows.select_related("schedule__invoice_line", "entry").order_by("pk"))


def _with_months(question: DeferredQuestion, batch: Sequence[Billed]) -> Iterator[tuple[Billed, list[ScheduleMonth]]]:
    released: dict[int, list[ScheduleMonth]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(RELEASED, {**question.values, "schedules": [one.schedule.pk for one in batch]})
        for schedule, month_on, amount, base_amount, posted_on in cursor.fetchall():
            released[schedule].append(ScheduleMonth(month_on, amount, base_amount, posted_on))
    for one in batch:
        to_come = [
            ScheduleMonth(release.month_on, release.amount, release.base_amount, None)
            for release in one.schedule.left.releases(FAR)
        ]
        yield one, [*released[one.schedule.pk], *to_come]


def _billed(entity: LegalEntity, row: Sequence[Any]) -> Billed:
    amount, invoice, number, issued_on, code, name, description = row[-7:]
    return Billed(schedule_of(row[:-7], entity.currency), amount, invoice, number, issued_on, code, name, description)
