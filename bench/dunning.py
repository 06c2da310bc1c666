"""The night's review of 20,000 customers with 200,000 open items, beside one statement that writes the same rows.

The bare statement looks at nothing but the due date: no promise, dispute, hold, address, calendar or strategy. The
first night is the worst there is, since everybody who is late is asked; on the second nobody is.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from ar_collections.actions.notices import Reviewed, write_notices
from ar_collections.actions.strategies import set_up_strategies, switch_strategy_on
from ar_collections.models import DunningNotice, NoticeLine, StrategyVersion
from ar_collections.queries.cases import BATCH, customers_with_debts, house_of
from bench.ledger import Ground, analyse, without_guards
from bench.measures import Measure, seconds
from ledger.models import Account
from messaging.models import Message

CUSTOMERS, ITEMS = 20_000, 10
NIGHT = date(2026, 6, 16)
GUARDED = ("collections_dunningnotice", "collections_noticeline", "messaging_message")

WRITE_CUSTOMERS = """
INSERT INTO customers_customer (entity_id, code, name, name_key, language, currency, terms_id, tax_status, tax_number,
    registration_number, delivery, purchase_order_required, payment_reference, segment, status, version)
SELECT entity_id, 'D-' || n, 'Debtor ' || n, 'DEBTOR' || n, language, currency, terms_id, tax_status, '', '', 'email',
    false, '', '', 'active', 1
FROM customers_customer, generate_series(1, %(customers)s) n WHERE id = %(like)s
"""
WRITE_CONTACTS = """
INSERT INTO customers_contact (customer_id, name, email, phone, role, job_title, language, receives_invoices,
    receives_statements, is_active)
SELECT id, 'Accounts', 'ap@' || lower(code) || '.example', '', 'payments', '', '', false, true, true
FROM customers_customer WHERE entity_id = %(entity)s AND code LIKE 'D-%%'
"""
WRITE_ADDRESSES = """
INSERT INTO customers_address (customer_id, kind, lines, postcode, city, region, country, is_active)
SELECT id, 'billing', '', '', '', '', 'DE', true
FROM customers_customer WHERE entity_id = %(entity)s AND code LIKE 'D-%%'
"""
WRITE_DEBTS = """
WITH debtor AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n FROM customers_customer
    WHERE entity_id = %(entity)s AND code LIKE 'D-%%'
), entry AS (
    INSERT INTO ledger_journalentry (entity_id, kind, posted_on, currency, text, key, content_hash, late_reason,
        recorded_by_id)
    SELECT %(entity)s, 'invoice', %(posted)s, %(currency)s, '', 'dunning:' || id, 'x', '', %(by)s FROM debtor
    RETURNING id, key
), line AS (
    INSERT INTO ledger_journalline (entry_id, account_id, customer_id, posted_on, currency, debit, credit, base_debit,
        base_credit, tax_code, text)
    SELECT entry.id, %(account)s, split_part(entry.key, ':', 2)::bigint, %(posted)s, %(currency)s, 119, 0, 119, 0, '',
        ''
    FROM entry, generate_series(1, %(items)s)
    RETURNING id, customer_id
)
INSERT INTO ledger_openitem (line_id, entity_id, customer_id, number, kind, side, document_on, due_on, posted_on,
    currency, amount, base_amount, open_amount, purchase_order, reference)
SELECT id, %(entity)s, customer_id, 'D-' || id, 'adjustment', 'debit', %(posted)s,
    %(night)s::date + 10 - (id %% 60)::int, %(posted)s, %(currency)s, 119, 119, 119, '', ''
FROM line
"""
BARE = """
WITH late AS (
    SELECT line_id, customer_id, currency, open_amount, %(night)s::date - due_on AS days FROM ledger_openitem
    WHERE entity_id = %(entity)s AND side = 'debit' AND open_amount > 0 AND due_on < %(night)s
), message AS (
    INSERT INTO messaging_message (entity_id, kind, key, customer_id, channel, language, to_addresses, cc_addresses,
        to_name, reply_to, document, document_url, context, subject, text, html, state, reason, queued_by_id,
        not_before, claimed_by, attempts, message_id)
    SELECT %(entity)s, 'notice_friendly', 'bare:' || customer_id, customer_id, 'email', 'de', '{}', '{}', '', '', '',
        '', '{}', '', '', '', 'queued', '', %(by)s, now(), '', 0, ''
    FROM (SELECT DISTINCT customer_id FROM late) who
    RETURNING id, customer_id
), notice AS (
    INSERT INTO collections_dunningnotice (entity_id, customer_id, decided_on, step_id, message_id, asks_call,
        decided_by_id, held_back)
    SELECT %(entity)s, customer_id, %(night)s, %(step)s, id, true, %(by)s, '' FROM message
    RETURNING id, customer_id
)
INSERT INTO collections_noticeline (notice_id, item_id, strategy_id, step_code, step_day, asked, currency, fell_out)
SELECT notice.id, late.line_id, %(strategy)s, 'first_chase', 5, late.open_amount, late.currency, ''
FROM late JOIN notice USING (customer_id)
"""


def measure_dunning(ground: Ground) -> Iterator[Measure]:
    """The worst night, and the night after."""
    _set_the_stage(ground)
    keys = customers_with_debts(ground.entity, NIGHT)
    bare = seconds(lambda: _bare(ground))
    first = Reviewed()
    taken = seconds(lambda: _review(ground, keys, NIGHT, first))
    met = taken <= 180
    work = f"review {len(keys):,} customers, {first.messages:,} messages"
    yield Measure(work, "s", taken, bare, "one INSERT … SELECT", "≤ 180 s", met)
    second = Reviewed()
    again = seconds(lambda: _review(ground, keys, NIGHT + timedelta(days=1), second))
    work = f"review {len(keys):,} customers, {second.messages:,} messages"
    yield Measure(work, "s", again, None, "", "≤ 90 s", again <= 90)


def _set_the_stage(ground: Ground) -> None:
    set_up_strategies(by=ground.by, entity=ground.entity)
    for version in StrategyVersion.objects.filter(strategy__entity=ground.entity):
        switch_strategy_on(by=ground.by, version=version)
    values: dict[str, Any] = {
        "entity": ground.entity.pk,
        "like": ground.customers[0].pk,
        "customers": CUSTOMERS,
        "items": ITEMS,
        "posted": date(2026, 3, 2),
        "night": NIGHT,
        "currency": ground.entity.currency,
        "by": ground.by.pk,
        "account": Account.objects.get(entity=ground.entity, role=Account.Role.RECEIVABLES).pk,
    }
    with without_guards(), connection.cursor() as cursor:
        for statement in (WRITE_CUSTOMERS, WRITE_CONTACTS, WRITE_ADDRESSES, WRITE_DEBTS):
            cursor.execute(statement, values)
    analyse()


def _bare(ground: Ground) -> None:
    """Written and taken back, so that the review finds the same tables."""
    first = StrategyVersion.objects.get(strategy__entity=ground.entity, strategy__code="standard")
    values: dict[str, Any] = {
        "entity": ground.entity.pk,
        "by": ground.by.pk,
        "night": NIGHT,
        "step": first.steps.earliest("day").pk,
        "strategy": first.strategy_id,
    }
    with without_guards(*GUARDED), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(BARE, values)
        transaction.set_rollback(True)


def _review(ground: Ground, keys: list[int], night: date, total: Reviewed) -> None:
    house = house_of(ground.entity)
    at = datetime.combine(night, time(4), UTC)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        total.add(write_notices(by=ground.by, house=house, customers=batch, on=night, at=at))
    written = DunningNotice.objects.filter(decided_on=night).count()
    if written != total.notices or NoticeLine.objects.count() < written or Message.objects.count() < total.messages:
        raise AssertionError(f"{total.notices} notices were counted, {written} are there.")
