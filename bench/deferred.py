"""Deferred income: what schedules cost when invoices are issued, and the balance by invoice as at a past date."""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from bench.invoicing import BATCH, PRICES, issue_in, rate_of
from bench.ledger import Ground, without_guards
from bench.measures import Measure, best_of, seconds
from core.models import LegalEntity
from invoicing.actions import draft_invoices
from invoicing.cycles import Days
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import Invoice
from invoicing.queries.deferred_income import DeferredQuestion, roll_forward

SCHEDULES = 100_000
RELEASES = 6
TABLES = ("invoicing_invoiceline", "invoicing_deferralschedule", "invoicing_deferralmovement")
FROM_ON, PAST = date(2026, 3, 1), date(2026, 3, 31)
YEAR = Days(date(2026, 6, 1), date(2027, 5, 31))
LINES = """
    WITH i AS (
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS place
        FROM invoicing_invoice WHERE entity_id = %(entity)s AND number IS NOT NULL
    )
    INSERT INTO invoicing_invoiceline (position, description, detail, quantity, unit, unit_price, discount_percent,
        net, tax_rate_id, invoice_id, service_from, service_until)
    SELECT 1000 + n / (SELECT count(*) FROM i), 'Managed service', '', 1, 'C62', 1200, 0, 1200, %(rate)s, i.id,
        '2026-01-01', '2026-12-31'
    FROM generate_series(0, %(count)s - 1) n JOIN i ON i.place = mod(n, (SELECT count(*) FROM i))
"""
SCHEDULED = """
    INSERT INTO invoicing_deferralschedule (entity_id, customer_id, invoice_line_id, method, first_on, last_on,
        currency, amount, base_amount, recorded_at)
    SELECT i.entity_id, i.customer_id, l.id, 'daily', l.service_from, l.service_until, i.currency, l.net, l.net, now()
    FROM invoicing_invoiceline l JOIN invoicing_invoice i ON i.id = l.invoice_id
    WHERE i.entity_id = %(entity)s AND l.position >= 1000
"""
MOVED = """
    INSERT INTO invoicing_deferralmovement (schedule_id, kind, month_on, posted_on, amount, base_amount, entry_id,
        recorded_by_id, recorded_at)
    SELECT s.id, CASE n WHEN 0 THEN 'deferred' ELSE 'released' END,
        CASE WHEN n > 0 THEN (DATE '2026-01-01' + make_interval(months => n - 1))::date END,
        CASE n WHEN 0 THEN DATE '2026-01-01'
            ELSE (DATE '2026-01-01' + make_interval(months => n) - interval '1 day')::date END,
        CASE n WHEN 0 THEN 1200 ELSE 100 END, CASE n WHEN 0 THEN 1200 ELSE 100 END, i.entry_id, %(by)s, now()
    FROM invoicing_deferralschedule s
    JOIN invoicing_invoiceline l ON l.id = s.invoice_line_id JOIN invoicing_invoice i ON i.id = l.invoice_id
    CROSS JOIN generate_series(0, %(releases)s) n
    WHERE s.entity_id = %(entity)s AND l.position >= 1000
"""
BARE = """
    SELECT i.number, s.currency, sum(CASE m.kind WHEN 'deferred' THEN m.amount ELSE -m.amount END)
    FROM invoicing_deferralmovement m
    JOIN invoicing_deferralschedule s ON s.id = m.schedule_id
    JOIN invoicing_invoiceline l ON l.id = s.invoice_line_id
    JOIN invoicing_invoice i ON i.id = l.invoice_id
    WHERE s.entity_id = %(entity)s AND m.posted_on <= %(past)s
    GROUP BY i.number, s.currency
"""


def measure_deferred(ground: Ground, many: int = 2_000) -> Iterator[Measure]:
    """Issuing with a schedule for each line beside issuing without, then the balance of 100,000 schedules."""
    plain, deferred = _drafted(ground, many, None), _drafted(ground, many, YEAR)
    without = many / seconds(lambda: issue_in(ground, plain, BATCH))
    with_schedules = many / seconds(lambda: issue_in(ground, deferred, BATCH))
    what, goal = "the same lines without a schedule", "≥ 0.6 × without"
    met = with_schedules >= 0.6 * without
    yield Measure("issue invoices with 3 schedules each", "/s", with_schedules, without, what, goal, met)
    yield balance_by_invoice(ground)


def balance_by_invoice(ground: Ground) -> Measure:
    """The whole roll-forward by invoice as at a past date beside the bare balance."""
    fill(ground)
    question = DeferredQuestion(entity=ground.entity, from_on=FROM_ON, as_of=PAST)
    ours = 1000 * best_of(3, lambda: roll_forward(question, "invoice"))
    bare = 1000 * best_of(3, lambda: _bare(ground.entity))
    goal, met = "≤ 2.5 × bare, ≤ 3 s", ours <= 2.5 * bare and ours <= 3000
    return Measure("deferred by invoice at a past date, 100,000 schedules", "ms", ours, bare, "bare SQL", goal, met)


def fill(ground: Ground) -> None:
    """Schedules with half a year of releases, straight into the tables."""
    facts = {
        "entity": ground.entity.pk,
        "by": ground.by.pk,
        "rate": rate_of(ground).pk,
        "count": SCHEDULES,
        "releases": RELEASES,
    }
    with without_guards(*TABLES), connection.cursor() as cursor:
        for statement in (LINES, SCHEDULED, MOVED):
            cursor.execute(statement, facts)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")


def _bare(entity: LegalEntity) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, {"entity": entity.pk, "past": PAST})
        cursor.fetchall()


def _drafted(ground: Ground, many: int, days: Days | None) -> list[Invoice]:
    first_on, last_on = (days.first_on, days.last_on) if days else (None, None)
    rate = rate_of(ground)
    lines = [
        DraftLine("Managed service", price, rate, service_from=first_on, service_until=last_on) for price in PRICES
    ]
    drafts = [InvoiceDraft(ground.customer(number), lines) for number in range(many)]
    invoices: list[Invoice] = []
    for start in range(0, many, BATCH):
        invoices += draft_invoices(by=ground.by, entity=ground.entity, drafts=drafts[start : start + BATCH])
    return invoices
