"""What is open, owed and on the books at the end of a day, as it is known now or was known at a time.

Every question takes `as_of`, and may take `known_at`. An allocation moves no balance: a customer owes what was posted.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from core.fields import AmountField
from core.models import LegalEntity
from core.money import ZERO, Money
from customers.models import Customer
from ledger.models import Allocation, JournalEntry, OpenItem

NOTHING = Value(ZERO, output_field=AmountField())


def open_items(
    *, entity: LegalEntity, as_of: date, known_at: datetime | None = None, customer: Customer | None = None
) -> QuerySet[OpenItem]:
    """Items of an entity, or of one of its customers, that are open at the end of a day; see `open_at`."""
    items = OpenItem.objects.filter(entity=entity)
    if customer is not None:
        items = items.filter(customer=customer)
    return open_at(items, as_of=as_of, known_at=known_at)


def open_at(items: QuerySet[OpenItem], *, as_of: date, known_at: datetime | None = None) -> QuerySet[OpenItem]:
    """Of these items those open at the end of a day: `open_then` is what is left, `base_open_then` its value."""
    counted, there, unsettled = Q(allocated_on__lte=as_of), Q(posted_on__lte=as_of), Q(settled_on=None)
    unsettled |= Q(settled_on__gt=as_of)
    if known_at is not None:
        counted, there = counted & Q(recorded_at__lte=known_at), there & Q(recorded_at__lte=known_at)
        unsettled |= Q(settled_recorded_at__gt=known_at)
    return (
        items.filter(there, unsettled)
        .annotate(
            open_then=F("amount") - _allocated(counted, "amount", "amount"),
            base_open_then=F("base_amount") - _allocated(counted, "debit_base", "credit_base"),
        )
        .exclude(open_then=0)
    )


def _allocated(counted: Q, of_debit: str, of_credit: str) -> Case:
    """What is allocated of an item, by whichever side it is on."""

    def total(item: str, column: str) -> Coalesce:
        rows = Allocation.objects.filter(counted, **{item: OuterRef("pk")}).order_by().values(item)
        return Coalesce(Subquery(rows.annotate(total=Sum(column)).values("total")), NOTHING)

    debits, credits = total("debit_item", of_debit), total("credit_item", of_credit)
    return Case(When(side=OpenItem.Side.DEBIT, then=debits), default=credits, output_field=AmountField())


def customer_balance(*, customer: Customer, as_of: date, known_at: datetime | None = None) -> dict[str, Money]:
    """What a customer owes in each currency that was posted in, negative when we owe them."""
    items = OpenItem.objects.filter(customer=customer, posted_on__lte=as_of)
    if known_at is not None:
        items = items.filter(recorded_at__lte=known_at)
    signed = Case(When(side=OpenItem.Side.DEBIT, then=F("amount")), default=-F("amount"), output_field=AmountField())
    rows = items.order_by("currency").values_list("currency").annotate(balance=Sum(signed))
    return {currency: Money(balance, currency) for currency, balance in rows}


# The control account -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ControlBalance:
    """The receivables account in one currency, added up from the open items and from the journal."""

    currency: str
    items: Decimal
    account: Decimal
    base_items: Decimal
    base_account: Decimal

    @property
    def difference(self) -> Decimal:
        """Nil, unless something is very wrong."""
        return self.account - self.items

    @property
    def base_difference(self) -> Decimal:
        """The same in the currency of the books."""
        return self.base_account - self.base_items


CONTROL = """
WITH item AS (
    SELECT currency, CASE side WHEN 'debit' THEN amount ELSE -amount END AS amount,
        CASE side WHEN 'debit' THEN base_amount ELSE -base_amount END AS base
    FROM ledger_openitem
    WHERE entity_id = %(entity)s AND posted_on <= %(as_of)s
        AND recorded_at <= coalesce(%(known_at)s::timestamptz, 'infinity')
    UNION ALL
    SELECT i.currency, 0, a.credit_base - a.debit_base
    FROM ledger_allocation a JOIN ledger_openitem i ON i.line_id = a.debit_item_id
    WHERE a.debit_base <> a.credit_base AND i.entity_id = %(entity)s
        AND a.allocated_on <= %(as_of)s AND a.recorded_at <= coalesce(%(known_at)s::timestamptz, 'infinity')
), line AS (
    SELECT l.currency, l.debit - l.credit AS amount, l.base_debit - l.base_credit AS base
    FROM ledger_journalline l
    WHERE l.account_id IN (SELECT id FROM ledger_account WHERE entity_id = %(entity)s AND role = 'receivables')
        AND l.posted_on <= %(as_of)s
        AND (%(known_at)s::timestamptz IS NULL OR EXISTS (
            SELECT FROM ledger_journalentry e WHERE e.id = l.entry_id AND e.recorded_at <= %(known_at)s
        ))
), by_items AS (
    SELECT currency, sum(amount) AS amount, sum(base) AS base FROM item GROUP BY currency
), by_lines AS (
    SELECT currency, sum(amount) AS amount, sum(base) AS base FROM line GROUP BY currency
)
SELECT currency, coalesce(i.amount, 0), coalesce(l.amount, 0), coalesce(i.base, 0), coalesce(l.base, 0)
FROM by_items i FULL JOIN by_lines l USING (currency) ORDER BY currency
"""


def control_account(*, entity: LegalEntity, as_of: date, known_at: datetime | None = None) -> list[ControlBalance]:
    """Tie the open items to the receivables account, in every currency and in that of the books."""
    with connection.cursor() as cursor:
        cursor.execute(CONTROL, {"entity": entity.pk, "as_of": as_of, "known_at": known_at})
        return [ControlBalance(*row) for row in cursor.fetchall()]


# What was known when -------------------------------------------------------------------------------------------------


def entries_recorded_after(*, entity: LegalEntity, as_of: date, known_at: datetime) -> QuerySet[JournalEntry]:
    """Entries that a report for the day could not hold when it was made."""
    return JournalEntry.objects.filter(entity=entity, posted_on__lte=as_of, recorded_at__gt=known_at)


def allocations_recorded_after(*, entity: LegalEntity, as_of: date, known_at: datetime) -> QuerySet[Allocation]:
    """Allocations that a report for the day could not hold when it was made."""
    return Allocation.objects.filter(debit_item__entity=entity, allocated_on__lte=as_of, recorded_at__gt=known_at)


def latest_known_at() -> datetime:
    """The latest moment for which a report can be repeated exactly: nothing recorded before it is still under way.

    A report that will be compared later is made with this as its `known_at`, and prints it.
    """
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT coalesce(min(xact_start), clock_timestamp()) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND (backend_xid IS NOT NULL OR state = 'active')
        """)
        moment: datetime = cursor.fetchone()[0]
    return moment
