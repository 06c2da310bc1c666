"""A customer's account at the end of a day: what a phone call needs in ten seconds, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from core.money import ZERO
from customers.models import Address, Contact, Customer
from ledger.ageing import AgeingRow, ageing
from ledger.balances import open_items
from ledger.models import OpenItem

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Habit:
    """How a customer paid its invoices in the year before: weighed by amount, in days after the due date."""

    currency: str
    days_late: Decimal | None
    days_late_before: Decimal | None
    paid: Decimal

    @property
    def trend(self) -> Decimal | None:
        """How many days later than in the half year before; negative is better."""
        if self.days_late is None or self.days_late_before is None:
            return None
        return self.days_late - self.days_late_before


@dataclass(frozen=True)
class AccountFigures:
    """The head of the page."""

    rows: Sequence[AgeingRow]
    oldest: OpenItem | None
    last_payment: OpenItem | None
    habits: Sequence[Habit]
    group: Sequence[AgeingRow]

    def net_in(self, currency: str) -> Decimal:
        """Balance in one currency."""
        return sum((row.net for row in self.rows if row.currency == currency), ZERO)


def account_figures(*, customer: Customer, as_of: date) -> AccountFigures:
    """Balance by age, oldest item, last payment and habit; the group's balance where there is one."""
    members = list(customer.children.all())
    return AccountFigures(
        rows=ageing(entities=[customer.entity], as_of=as_of, customers=[customer]),
        oldest=_oldest(customer, as_of),
        last_payment=_last_payment(customer, as_of),
        habits=habits_of(customer=customer, as_of=as_of),
        group=ageing(entities=[customer.entity], as_of=as_of, customers=[customer, *members], group_by="currency")
        if members
        else [],
    )


def _oldest(customer: Customer, as_of: date) -> OpenItem | None:
    items = open_items(entity=customer.entity, as_of=as_of, customer=customer)
    return items.filter(side=OpenItem.Side.DEBIT).order_by("due_on", "pk").first()


def _last_payment(customer: Customer, as_of: date) -> OpenItem | None:
    receipts = OpenItem.objects.filter(customer=customer, kind=OpenItem.Kind.RECEIPT, side=OpenItem.Side.CREDIT)
    undone = Q(line__entry__reversed_by__posted_on__lte=as_of)
    return receipts.filter(posted_on__lte=as_of).exclude(undone).order_by("-posted_on", "-pk").first()


HABITS = """
SELECT currency, sum(amount * late) FILTER (WHERE is_recent) / nullif(sum(amount) FILTER (WHERE is_recent), 0),
    sum(amount * late) FILTER (WHERE NOT is_recent) / nullif(sum(amount) FILTER (WHERE NOT is_recent), 0),
    sum(amount)
FROM (
    SELECT item.currency, allocation.amount, greatest(allocation.allocated_on - item.due_on, 0) AS late,
        allocation.allocated_on > %(half)s AS is_recent
    FROM ledger_allocation allocation
    JOIN ledger_openitem item ON item.line_id = allocation.debit_item_id
    JOIN ledger_openitem credit ON credit.line_id = allocation.credit_item_id
    WHERE item.customer_id = %(customer)s AND credit.kind = 'receipt'
        AND allocation.allocated_on > %(since)s AND allocation.allocated_on <= %(as_of)s
        AND allocation.reverses_id IS NULL AND NOT EXISTS (
            SELECT FROM ledger_allocation undone
            WHERE undone.reverses_id = allocation.id AND undone.allocated_on <= %(as_of)s
        )
) paid GROUP BY currency HAVING sum(amount) > 0 ORDER BY sum(amount) DESC
"""


def habits_of(*, customer: Customer, as_of: date) -> list[Habit]:
    """Average days late by currency: each payment counts by its amount, an early one as on time."""
    values: dict[str, int | date] = {
        "customer": customer.pk,
        "since": as_of - YEAR,
        "half": as_of - YEAR / 2,
        "as_of": as_of,
    }
    with connection.cursor() as cursor:
        cursor.execute(HABITS, values)
        return [Habit(*row) for row in cursor.fetchall()]


def items_of(*, customer: Customer, as_of: date) -> QuerySet[OpenItem]:
    """Open items, oldest due first."""
    return open_items(entity=customer.entity, as_of=as_of, customer=customer).order_by("due_on", "document_on", "pk")


def contacts_of(customer: Customer) -> QuerySet[Contact]:
    """People to call or write to."""
    return Contact.objects.filter(customer=customer, is_active=True)


def billing_address(customer: Customer) -> Address | None:
    """Where paper goes."""
    return Address.objects.filter(customer=customer, kind=Address.Kind.BILLING, is_active=True).first()
