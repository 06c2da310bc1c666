"""What moved in a time: billings, payments and receipts, in the currency of the books at the rates of their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from psycopg import sql

from core.models import LegalEntity
from core.money import ZERO
from ledger.models import Account, Allocation, JournalEntry, JournalLine, OpenItem
from reporting.measures.figures import OpenOfMonth, Payments

BILLED_KINDS = (OpenItem.Kind.INVOICE, OpenItem.Kind.DEBIT_NOTE, OpenItem.Kind.CREDIT_NOTE)
THIRTY_DAYS = timedelta(days=29)


@dataclass(frozen=True)
class Scope:
    """Whose ledger: a company, and of it all customers or some, in all currencies or one, as known at a time."""

    entity: LegalEntity
    customers: tuple[int, ...] | None = None
    currency: str = ""
    known_at: datetime | None = None

    def clauses(self, table: str) -> sql.Composable:
        """The conditions on rows of open items, without the day."""
        parts = ["{}.entity_id = %(entity)s"]
        if self.customers is not None:
            parts.append("{}.customer_id = ANY(%(customers)s)")
        if self.currency:
            parts.append("{}.currency = %(currency)s")
        if self.known_at:
            parts.append("{}.recorded_at <= %(known_at)s")
        name = sql.SQL(table)
        return sql.SQL(" AND ").join(sql.SQL(part).format(name) for part in parts)

    @property
    def values(self) -> dict[str, Any]:
        """What the conditions ask for."""
        customers = None if self.customers is None else list(self.customers)
        currency, known_at = self.currency, self.known_at
        return {"entity": self.entity.pk, "customers": customers, "currency": currency, "known_at": known_at}

    def among(self, path: str = "") -> Q:
        """The same conditions for a query set."""
        kept = Q(**{f"{path}entity": self.entity})
        if self.customers is not None:
            kept &= Q(**{f"{path}customer__in": self.customers})
        if self.currency:
            kept &= Q(**{f"{path}currency": self.currency})
        if self.known_at:
            kept &= Q(**{f"{path}recorded_at__lte": self.known_at})
        return kept


BILLED = sql.SQL("""
SELECT date_trunc('month', item.posted_on)::date,
    sum(CASE item.side WHEN 'debit' THEN item.base_amount ELSE -item.base_amount END),
    coalesce(sum(item.base_amount) FILTER (WHERE item.side = 'debit'), 0),
    coalesce(sum(item.base_amount * (item.due_on - item.document_on)) FILTER (WHERE item.side = 'debit'), 0)
FROM ledger_openitem item
WHERE {scope} AND item.posted_on BETWEEN %(first)s AND %(last)s
    AND item.kind IN ('invoice', 'debit_note', 'credit_note')
GROUP BY 1
""")


class Billed(NamedTuple):
    """What a month billed, less credits; its invoices alone; and these times the days that they give to pay."""

    net: Decimal = ZERO
    invoices: Decimal = ZERO
    amount_days: Decimal = ZERO


def billed_by_month(scope: Scope, *, first: date, last: date) -> dict[date, Billed]:
    """Invoices and debit notes less credit notes, tax included, by month of posting."""
    with connection.cursor() as cursor:
        statement = BILLED.format(scope=scope.clauses("item"))
        cursor.execute(statement, {**scope.values, "first": first, "last": last})
        return {month: Billed(*amounts) for month, *amounts in cursor.fetchall()}


def billed_documents(scope: Scope, *, first: date, last: date) -> QuerySet[OpenItem]:
    """The documents behind what was billed in a time; credit notes have the side credit."""
    rows = OpenItem.objects.filter(scope.among(), kind__in=BILLED_KINDS, posted_on__range=(first, last))
    return rows.select_related("customer").order_by("posted_on", "number")


def base_total(rows: QuerySet[OpenItem]) -> Decimal:
    """What documents add up to in the currency of the books, credits taken off those that are debits."""
    debits, credits = Sum("base_amount", filter=Q(side="debit")), Sum("base_amount", filter=Q(side="credit"))
    found = rows.order_by().aggregate(debits=debits, credits=credits)
    return (found["debits"] or ZERO) - (found["credits"] or ZERO)


PAID = sql.SQL("""
SELECT coalesce(sum(allocation.debit_base), 0),
    coalesce(sum(allocation.debit_base * greatest(receipt.document_on - item.due_on, 0)), 0),
    coalesce(sum(allocation.debit_base * (receipt.document_on - item.due_on)), 0),
    coalesce(sum(allocation.debit_base * (receipt.document_on - item.document_on)), 0)
FROM ledger_allocation allocation
JOIN ledger_openitem receipt ON receipt.line_id = allocation.credit_item_id AND receipt.kind = 'receipt'
JOIN ledger_openitem item ON item.line_id = allocation.debit_item_id AND item.kind IN ('invoice', 'debit_note')
WHERE {scope} AND receipt.document_on BETWEEN %(first)s AND %(last)s AND receipt.entity_id = %(entity)s
    AND allocation.allocated_on <= %(last)s {known}
""")


def paid(scope: Scope, *, first: date, last: date) -> Payments:
    """What receipts dated in a time had paid of invoices by its end; an undone allocation counts no more."""
    known = sql.SQL("AND allocation.recorded_at <= %(known_at)s" if scope.known_at else "")
    with connection.cursor() as cursor:
        statement = PAID.format(scope=scope.clauses("item"), known=known)
        cursor.execute(statement, {**scope.values, "first": first, "last": last})
        return Payments(*cursor.fetchone())


def payments_behind(scope: Scope, *, first: date, last: date) -> QuerySet[Allocation]:
    """The part payments that the averages of paying weigh, with the days each was late."""
    rows = Allocation.objects.filter(
        scope.among("debit_item__"),
        credit_item__kind=OpenItem.Kind.RECEIPT,
        credit_item__document_on__range=(first, last),
        debit_item__kind__in=(OpenItem.Kind.INVOICE, OpenItem.Kind.DEBIT_NOTE),
        allocated_on__lte=last,
    )
    if scope.known_at:
        rows = rows.filter(recorded_at__lte=scope.known_at)
    rows = rows.select_related("debit_item__customer", "credit_item")
    return rows.annotate(late=F("credit_item__document_on") - F("debit_item__due_on")).order_by("-debit_base", "pk")


def received_in_30_days(scope: Scope, *, last: date) -> Decimal:
    """What the receipts of these thirty days come to."""
    return -base_total(receipts_behind(scope, last=last))


def receipts_behind(scope: Scope, *, last: date) -> QuerySet[OpenItem]:
    """Receipts of known customers dated in the thirty days that end with a day, without what was undone by then.

    Money that went from one customer to another, or from one currency to another, came in once: where it came first.
    Money that was unidentified came in for the customer whose it turned out to be.
    """
    days = (last - THIRTY_DAYS, last)
    rows = OpenItem.objects.filter(scope.among(), kind=OpenItem.Kind.RECEIPT, side="credit", document_on__range=days)
    undone = JournalEntry.objects.filter(reverses=OuterRef("line__entry"), posted_on__lte=last)
    if scope.known_at:
        undone = undone.filter(recorded_at__lte=scope.known_at)
    suspense = JournalLine.objects.filter(
        entry=OuterRef("line__entry"), account__role=Account.Role.UNIDENTIFIED_RECEIPTS
    )
    moved = Q(line__entry__kind=JournalEntry.Kind.TRANSFER) & ~Exists(suspense)
    rows = rows.exclude(line__entry__kind=JournalEntry.Kind.REVERSAL).exclude(moved).exclude(Exists(undone))
    return rows.select_related("customer").order_by("document_on", "number")


OPEN_BY_MONTH = sql.SQL("""
SELECT date_trunc('month', item.posted_on)::date, sum(item.base_amount * (%(last)s - item.document_on))
FROM ledger_openitem item
WHERE {scope} AND item.side = 'debit' AND item.kind IN ('invoice', 'debit_note') AND item.posted_on <= %(last)s
    AND (item.settled_on IS NULL OR item.settled_on > %(last)s {settled_later})
GROUP BY 1 ORDER BY 1
""")


def open_invoices_by_month(scope: Scope, *, last: date) -> list[OpenOfMonth]:
    """Invoices that were open at the end of a day: amount × days since the invoice, by month of posting."""
    later = sql.SQL("OR item.settled_recorded_at > %(known_at)s" if scope.known_at else "")
    with connection.cursor() as cursor:
        statement = OPEN_BY_MONTH.format(scope=scope.clauses("item"), settled_later=later)
        cursor.execute(statement, {**scope.values, "last": last})
        return [OpenOfMonth(month, amount or ZERO) for month, amount in cursor.fetchall()]
