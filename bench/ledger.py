"""The ledger's figures: posting and allocating beside plain Django and plain SQL, ageing beside the bare statement.

Everything runs on the same tables with the same indexes and foreign keys. “Plain” means that the guards are off and no
rule is checked: the same rows by `bulk_create`, by `save`, or by one INSERT … SELECT. The database is thrown away.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from bench.measures import Measure, best_of, seconds
from core.models import LegalEntity, User
from customers.models import Customer
from ledger.ageing import ageing
from ledger.balances import latest_known_at
from ledger.models import Account, Allocation, JournalEntry, JournalLine, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post

Role = Account.Role
TABLES = ("ledger_journalentry", "ledger_journalline", "ledger_openitem", "ledger_allocation")
FIRST_DAY = date(2026, 1, 1)
NET, TAX = Decimal("100.00"), Decimal("19.00")
DAYS_TO_PAY = 30
NUMBERS = count(1)


@dataclass(frozen=True)
class Ground:
    """Whose books are written, by whom, for whom."""

    by: User
    entity: LegalEntity
    customers: Sequence[Customer]

    def customer(self, number: int) -> Customer:
        """Take turns with the customers."""
        return self.customers[number % len(self.customers)]


def measure_ledger(ground: Ground, many: int = 5000, few: int = 200) -> Iterator[Measure]:
    """Every figure of posting and allocating."""
    analyse()
    yield batches(ground, many)
    yield singles(ground, few)
    yield from receipts(ground, many, few)


def analyse() -> None:
    """Let the planner know the tables as autovacuum would have after a minute."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")


# Posting -------------------------------------------------------------------------------------------------------------


def batches(ground: Ground, many: int) -> Measure:
    """Entries with three lines and an open item, 500 at a time."""
    drafts = [invoice(ground) for _ in range(many)]
    ours = many / seconds(lambda: in_batches(ground, drafts, 500))
    with without_guards():
        plain = many / seconds(lambda: plain_batches(ground, many, 500))
        bare = many / seconds(lambda: plain_sql(ground, many))
    goal = "≥ 0.45 × bulk_create"
    beside = f"bulk_create, 500 at a time (plain SQL {bare:,.0f}/s)"
    return Measure("ledger alone: post in batches", "/s", ours, plain, beside, goal, ours >= 0.45 * plain)


def singles(ground: Ground, few: int) -> Measure:
    """One entry in each transaction."""
    drafts = [invoice(ground) for _ in range(few)]
    ours = few / seconds(lambda: in_batches(ground, drafts, 1))
    with without_guards():
        plain = few / seconds(lambda: plain_singles(ground, few))
    return Measure(
        "ledger alone: post one by one", "/s", ours, plain, "save, row by row", "≥ 0.6 × save", ours >= 0.6 * plain
    )


def receipts(ground: Ground, many: int, few: int) -> Iterator[Measure]:
    """A receipt and its allocation, in bulk and one by one."""
    for number, size in ((many, 500), (few, 1)):
        debits = in_batches(ground, [invoice(ground) for _ in range(number)], 500)
        taken = seconds(lambda debits=debits, size=size: pay(ground, debits, size))  # type: ignore[misc]
        work = "ledger alone: receipt and allocation, " + ("in bulk" if size > 1 else "one by one")
        yield Measure(work, "/s", number / taken, None, "", "", met=True)


def in_batches(ground: Ground, drafts: Sequence[EntryDraft], size: int) -> list[OpenItem]:
    """Post, a transaction for each batch."""
    items: list[OpenItem] = []
    for start in range(0, len(drafts), size):
        with transaction.atomic():
            for entry in post(by=ground.by, entries=drafts[start : start + size]):
                items += entry.open_items
    return items


def pay(ground: Ground, debits: Sequence[OpenItem], size: int) -> None:
    """Post a receipt for each item and settle it, a transaction for each batch."""
    for start in range(0, len(debits), size):
        part = debits[start : start + size]
        with transaction.atomic():
            entries = post(by=ground.by, entries=[receipt(ground, debit) for debit in part])
            pairs = [
                Pair(debit, entry.open_items[0], debit.amount, entry.posted_on)
                for debit, entry in zip(part, entries, strict=True)
            ]
            allocate(by=ground.by, pairs=pairs)


def invoice(ground: Ground) -> EntryDraft:
    """119.00 with 19 % tax."""
    number = next(NUMBERS)
    on = FIRST_DAY + timedelta(number % 180)
    item = ItemDraft(f"BENCH-{number}", "invoice", on, on + timedelta(DAYS_TO_PAY))
    lines = (
        LineDraft(Role.RECEIVABLES, debit=NET + TAX, customer=ground.customer(number), item=item),
        LineDraft(Role.REVENUE, credit=NET),
        LineDraft(Role.OUTPUT_TAX, credit=TAX, tax_code="S"),
    )
    return EntryDraft(ground.entity, "invoice", on, ground.entity.currency, lines, key=f"bench:{number}")


def receipt(ground: Ground, debit: OpenItem) -> EntryDraft:
    """What pays an invoice in full, 20 days later."""
    number, on = next(NUMBERS), debit.posted_on + timedelta(20)
    item = ItemDraft(f"BENCH-{number}", "receipt", on, on)
    lines = (
        LineDraft(Role.BANK, debit=debit.amount),
        LineDraft(Role.RECEIVABLES, credit=debit.amount, customer=debit.customer, item=item),
    )
    return EntryDraft(ground.entity, "receipt", on, debit.currency, lines, key=f"bench:{number}")


# The same rows without us --------------------------------------------------------------------------------------------


@contextmanager
def without_guards(*others: str) -> Iterator[None]:
    """Switch the triggers of the ledger and of other tables off, foreign keys stay on."""
    _switch("DISABLE", *TABLES, *others)
    try:
        yield
    finally:
        _switch("ENABLE", *TABLES, *others)


def _switch(state: str, *tables: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {state} TRIGGER USER")


def plain_batches(ground: Ground, many: int, size: int) -> None:
    """What a project without a ledger would write: bulk_create of entries, lines and items."""
    accounts = accounts_of(ground)
    for _ in range(0, many, size):
        with transaction.atomic():
            entries = JournalEntry.objects.bulk_create([plain_entry(ground) for _ in range(size)])
            lines = [plain_lines(ground, accounts, entry) for entry in entries]
            JournalLine.objects.bulk_create([line for three in lines for line in three])
            OpenItem.objects.bulk_create([plain_item(ground, three[0]) for three in lines])


def plain_singles(ground: Ground, few: int) -> None:
    """The same one by one: five rows saved in a transaction."""
    accounts = accounts_of(ground)
    for _ in range(few):
        with transaction.atomic():
            entry = plain_entry(ground)
            entry.save()
            lines = plain_lines(ground, accounts, entry)
            for line in lines:
                line.save()
            plain_item(ground, lines[0]).save(force_insert=True)


def accounts_of(ground: Ground) -> dict[str, Account]:
    return {account.role: account for account in Account.objects.filter(entity=ground.entity)}


def plain_entry(ground: Ground) -> JournalEntry:
    return JournalEntry(
        entity=ground.entity,
        kind="invoice",
        posted_on=FIRST_DAY,
        currency=ground.entity.currency,
        key=f"bench:{next(NUMBERS)}",
        content_hash=b"0" * 32,
        recorded_by=ground.by,
    )


def plain_lines(ground: Ground, accounts: dict[str, Account], entry: JournalEntry) -> list[JournalLine]:
    customer = ground.customer(entry.pk)
    facts: tuple[tuple[Role, Decimal, Decimal, Customer | None], ...] = (
        (Role.RECEIVABLES, NET + TAX, Decimal(0), customer),
        (Role.REVENUE, Decimal(0), NET, None),
        (Role.OUTPUT_TAX, Decimal(0), TAX, None),
    )
    return [
        JournalLine(
            entry=entry,
            account=accounts[role],
            customer=whose,
            posted_on=entry.posted_on,
            currency=entry.currency,
            debit=debit,
            credit=credit,
            base_debit=debit,
            base_credit=credit,
        )
        for role, debit, credit, whose in facts
    ]


def plain_item(ground: Ground, line: JournalLine) -> OpenItem:
    return OpenItem(
        line=line,
        entity=ground.entity,
        customer=line.customer,
        number=f"BENCH-{next(NUMBERS)}",
        kind="invoice",
        side="debit",
        document_on=FIRST_DAY,
        due_on=FIRST_DAY + timedelta(DAYS_TO_PAY),
        posted_on=FIRST_DAY,
        currency=line.currency,
        amount=line.debit,
        base_amount=line.debit,
        open_amount=line.debit,
    )


PLAIN_SQL = """
WITH entry AS (
    INSERT INTO ledger_journalentry (
        entity_id, kind, posted_on, currency, text, key, content_hash, late_reason, recorded_by_id
    )
    SELECT %(entity)s, 'invoice', %(on)s, %(currency)s, '', 'bench:' || n, 'x', '', %(by)s
    FROM generate_series(%(first)s::bigint, %(last)s) n
    RETURNING id
), line AS (
    INSERT INTO ledger_journalline (
        entry_id, account_id, customer_id, posted_on, currency, debit, credit, base_debit, base_credit, tax_code, text
    )
    SELECT entry.id, a.id, CASE a.role WHEN 'receivables' THEN %(customer)s::bigint END, %(on)s, %(currency)s,
        l.debit, l.credit, l.debit, l.credit, '', ''
    FROM entry, (VALUES ('receivables', 119, 0), ('revenue', 0, 100), ('output_tax', 0, 19)) AS l (role, debit, credit)
    JOIN ledger_account a ON a.role = l.role AND a.entity_id = %(entity)s
    RETURNING id, customer_id
)
INSERT INTO ledger_openitem (
    line_id, entity_id, customer_id, number, kind, side, document_on, due_on, posted_on, currency, amount, base_amount,
    open_amount, purchase_order, reference
)
SELECT id, %(entity)s, customer_id, 'BENCH-' || id, 'adjustment', 'debit', %(on)s, %(on)s, %(on)s, %(currency)s,
    119, 119, 119, '', ''
FROM line WHERE customer_id IS NOT NULL
"""


def plain_sql(ground: Ground, many: int) -> None:
    """The physical limit: one statement that writes all of it."""
    first = next(NUMBERS)
    for _ in range(many):
        next(NUMBERS)
    values = {
        "entity": ground.entity.pk,
        "currency": ground.entity.currency,
        "by": ground.by.pk,
        "on": FIRST_DAY,
        "customer": ground.customers[0].pk,
        "first": first,
        "last": first + many - 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLAIN_SQL, values)


# Ageing --------------------------------------------------------------------------------------------------------------

COLUMNS = """
    count(*) FILTER (WHERE side = 'debit'),
    sum(open_then) FILTER (WHERE side = 'credit' AND kind = 'receipt'),
    sum(open_then) FILTER (WHERE side = 'credit' AND kind <> 'receipt'),
    sum(open_then) FILTER (WHERE side = 'debit' AND due_on >= %(as_of)s),
    sum(open_then) FILTER (WHERE side = 'debit' AND due_on BETWEEN %(as_of)s - 30 AND %(as_of)s - 1),
    sum(open_then) FILTER (WHERE side = 'debit' AND due_on BETWEEN %(as_of)s - 60 AND %(as_of)s - 31),
    sum(open_then) FILTER (WHERE side = 'debit' AND due_on BETWEEN %(as_of)s - 90 AND %(as_of)s - 61),
    sum(open_then) FILTER (WHERE side = 'debit' AND due_on < %(as_of)s - 90)
"""
BARE_TODAY = f"""
SELECT customer_id, currency, {COLUMNS}
FROM (
    SELECT *, open_amount AS open_then FROM ledger_openitem WHERE entity_id = %(entity)s AND open_amount <> 0 OFFSET 0
) i
GROUP BY 1, 2
"""
BARE_PAST = f"""
SELECT customer_id, currency, {COLUMNS}
FROM (
    SELECT i.*, i.amount - coalesce(CASE side
        WHEN 'debit' THEN
            (SELECT sum(amount) FROM ledger_allocation WHERE debit_item_id = line_id AND allocated_on <= %(as_of)s)
        ELSE (SELECT sum(amount) FROM ledger_allocation WHERE credit_item_id = line_id AND allocated_on <= %(as_of)s)
        END, 0) AS open_then
    FROM ledger_openitem i
    WHERE entity_id = %(entity)s AND posted_on <= %(as_of)s AND (settled_on IS NULL OR settled_on > %(as_of)s)
    OFFSET 0
) i WHERE open_then <> 0
GROUP BY 1, 2
"""


def measure_ageing(entity: LegalEntity, past: date) -> Iterator[Measure]:
    """Ageing by customer today, at a past date, and as it was known: beside the bare statements."""
    analyse()
    today = _last_day(entity)
    known_at = latest_known_at()
    for work, as_of, known, bare in (
        ("ageing today", today, None, BARE_TODAY),
        ("ageing of a past date", past, None, BARE_PAST),
        ("ageing of a past date, as known at a time", past, known_at, BARE_PAST),
    ):
        asked: dict[str, Any] = {"entities": [entity], "as_of": as_of, "known_at": known}
        ours = best_of(3, lambda asked=asked: ageing(**asked)) * 1000  # type: ignore[misc]
        beside = best_of(3, lambda bare=bare, as_of=as_of: _run(bare, entity, as_of)) * 1000  # type: ignore[misc]
        goal, met = ("≤ 1.5 × bare", ours <= 1.5 * beside) if known is None else ("≤ 2,000 ms", ours <= 2000)
        yield Measure(work, "ms", ours, beside, "the bare statement", goal, met)


def _last_day(entity: LegalEntity) -> date:
    posted = OpenItem.objects.filter(entity=entity).aggregate(Max("posted_on"))["posted_on__max"]
    allocated = Allocation.objects.filter(debit_item__entity=entity).aggregate(Max("allocated_on"))
    last: date = max(posted, allocated["allocated_on__max"] or posted)
    return last


def _run(statement: str, entity: LegalEntity, as_of: date) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"entity": entity.pk, "as_of": as_of})
        rows: list[Any] = cursor.fetchall()
    return rows
