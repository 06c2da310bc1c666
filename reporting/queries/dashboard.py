"""The key figures of a company at the end of a day, in the currency of its books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db import connection

from core.models import LegalEntity
from core.money import ZERO, round_to_currency
from core.rates import NoRate, rate_on
from customers.models import Customer
from ledger.ageing import AgeingRow, ageing
from ledger.models import Account, JournalEntry
from reporting.days_sales_outstanding import (
    CountBack,
    MonthOfBillings,
    best_possible,
    days_of_month,
    days_sales_outstanding,
)
from reporting.models import MeasureLimit
from reporting.queries.ageing import totals_of
from reporting.queries.flows import Billed, Scope, billed_by_month

MONTHS_OF_BILLINGS = 24
USUAL_LIMITS: dict[str, Decimal] = {
    MeasureLimit.Measure.OVER_31_DAYS: Decimal(2_000_000),
    MeasureLimit.Measure.DAYS_SALES_OUTSTANDING: Decimal(35),
}


@dataclass(frozen=True)
class Exposure:
    """A customer with much open."""

    customer: Customer
    currency: str
    row: AgeingRow
    in_base: Decimal


@dataclass
class KeyFigures:
    """Figures of one day. Other currencies are turned into that of the books at the day's rates, which are listed."""

    entity: LegalEntity
    as_of: date
    rows: Sequence[AgeingRow]
    rates: dict[str, Decimal]
    billings: Sequence[MonthOfBillings]
    limits: dict[str, Decimal]
    unidentified: Decimal

    def in_base(self, amount: Decimal, currency: str) -> Decimal:
        """The amount in the currency of the books."""
        return round_to_currency(amount * self.rates[currency], self.entity.currency)

    @cached_property
    def totals(self) -> list[AgeingRow]:
        """One total for each currency."""
        return totals_of(self.rows)

    def _sum(self, amounts: Sequence[tuple[Decimal, str]]) -> Decimal:
        return sum((self.in_base(amount, currency) for amount, currency in amounts), ZERO)

    @cached_property
    def owed(self) -> Decimal:
        """All open invoices."""
        return self._sum([(row.total, row.currency) for row in self.totals])

    @cached_property
    def receivables(self) -> Decimal:
        """What is owed less credits and unapplied cash: the balance of the control account."""
        return self._sum([(row.net, row.currency) for row in self.totals])

    @cached_property
    def overdue(self) -> Decimal:
        """Open invoices past their due date."""
        return self._sum([(sum(row.amounts[1:], ZERO), row.currency) for row in self.totals])

    @cached_property
    def over_31_days(self) -> Decimal:
        """Open invoices 31 days and more past their due date."""
        return self._sum([(sum(row.amounts[2:], ZERO), row.currency) for row in self.totals])

    @cached_property
    def current(self) -> Decimal:
        """Open invoices that are not yet due."""
        return self._sum([(row.amounts[0], row.currency) for row in self.totals])

    @cached_property
    def unapplied(self) -> Decimal:
        """Receipts of known customers that settle nothing yet."""
        return self._sum([(row.unapplied_cash, row.currency) for row in self.totals])

    @cached_property
    def dso(self) -> CountBack:
        """Days sales outstanding by counting back, with its working."""
        return days_sales_outstanding(self.receivables, self.billings)

    @property
    def explained(self) -> Decimal:
        """What the working takes off; all of the receivables when there is a figure."""
        return sum((step.used for step in self.dso.steps), ZERO)

    @cached_property
    def best_dso(self) -> CountBack:
        """The same if everybody paid on time."""
        return best_possible(self.current, self.billings)

    @property
    def over_31_share(self) -> Decimal:
        """How much of the limit is used, in percent."""
        return 100 * self.over_31_days / self.limits[MeasureLimit.Measure.OVER_31_DAYS]

    @property
    def overdue_share(self) -> Decimal:
        """Overdue as a share of what is owed, in percent."""
        return 100 * self.overdue / self.owed if self.owed else ZERO

    def largest(self, count: int) -> list[Exposure]:
        """The customers with most open."""
        valued = sorted(((self.in_base(row.net, row.currency), row) for row in self.rows), key=lambda pair: -pair[0])
        top = [(value, row) for value, row in valued[:count] if value > ZERO]
        customers = Customer.objects.in_bulk([row.key for _, row in top])
        return [Exposure(customers[row.key], row.currency, row, value) for value, row in top]


def key_figures(*, entity: LegalEntity, as_of: date) -> KeyFigures:
    """Everything that the home page says, in six statements and one for each foreign currency."""
    rows = ageing(entities=[entity], as_of=as_of)
    return KeyFigures(
        entity=entity,
        as_of=as_of,
        rows=rows,
        rates={currency: closing_rate(entity, currency, as_of) for currency in {row.currency for row in rows}},
        billings=billings_by_month(entity=entity, as_of=as_of),
        limits=limits_at(entity=entity, on=as_of),
        unidentified=balance_of(entity=entity, role=Account.Role.UNIDENTIFIED_RECEIPTS, as_of=as_of),
    )


def closing_rate(entity: LegalEntity, currency: str, as_of: date) -> Decimal:
    """The day's rate into the books; where none is known, the rate at which the currency was last posted."""
    try:
        return rate_on(currency, entity.currency, as_of)
    except NoRate:
        entries = JournalEntry.objects.filter(entity=entity, currency=currency, rate__isnull=False)
        last = entries.filter(posted_on__lte=as_of).order_by("posted_on", "pk").last()
        return (last and last.rate) or Decimal(1)


def limits_at(*, entity: LegalEntity, on: date) -> dict[str, Decimal]:
    """The limits in force on a day; where none was set, the usual ones."""
    limits: dict[str, Decimal] = dict(USUAL_LIMITS)
    for row in MeasureLimit.objects.filter(entity=entity, from_on__lte=on).order_by("from_on", "pk"):
        limits[row.measure] = row.limit
    return limits


def billings_by_month(*, entity: LegalEntity, as_of: date) -> list[MonthOfBillings]:
    """Invoices less credit notes by month, tax included, in the currency of the books at the rates of their days."""
    months = [month_before(as_of, back) for back in range(MONTHS_OF_BILLINGS)]
    billed = billed_by_month(Scope(entity), first=months[-1], last=as_of)
    return [MonthOfBillings(month, billed.get(month, Billed()).net, days_of_month(month, as_of)) for month in months]


def month_before(day: date, back: int) -> date:
    """The first of the month so many months before."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)


def month_ends(as_of: date, count: int) -> list[date]:
    """The last days of the months before, oldest first, and the day itself."""
    ends = [month_before(as_of, back) - timedelta(days=1) for back in range(count - 1)]
    return [*reversed(ends), as_of]


BALANCE = """
SELECT coalesce(sum(line.base_credit - line.base_debit), 0)
FROM ledger_journalline line JOIN ledger_account account ON account.id = line.account_id
WHERE account.entity_id = %(entity)s AND account.role = %(role)s AND line.posted_on <= %(as_of)s
"""


def balance_of(*, entity: LegalEntity, role: str, as_of: date) -> Decimal:
    """Credit balance of the account in a role, in the currency of the books."""
    with connection.cursor() as cursor:
        cursor.execute(BALANCE, {"entity": entity.pk, "role": role, "as_of": as_of})
        balance: Decimal = cursor.fetchone()[0]
    return balance


@dataclass(frozen=True)
class MonthEnd:
    """How the ledger stood at a month's end: amounts by bucket in the currency of the books, and its DSO."""

    on: date
    amounts: tuple[Decimal, ...]
    dso: Decimal | None


def history(*, entity: LegalEntity, as_of: date, count: int = 6) -> list[MonthEnd]:
    """The last month ends and the day itself, each as its own ageing would say."""
    return [_month_end(entity, on) for on in month_ends(as_of, count)]


def _month_end(entity: LegalEntity, on: date) -> MonthEnd:
    rows = ageing(entities=[entity], as_of=on, group_by="currency")
    figures = KeyFigures(
        entity=entity,
        as_of=on,
        rows=rows,
        rates={row.currency: closing_rate(entity, row.currency, on) for row in rows},
        billings=billings_by_month(entity=entity, as_of=on),
        limits={},
        unidentified=ZERO,
    )
    amounts = [[figures.in_base(amount, row.currency) for amount in row.amounts] for row in rows]
    columns = tuple(sum(column, ZERO) for column in zip(*amounts, strict=True))
    return MonthEnd(on, columns or (ZERO,) * 5, figures.dso.days)
