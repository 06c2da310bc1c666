"""Puts together what the measures of a scope and time are worked out of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from core.money import ZERO, round_to_currency
from customers.models import Customer
from ledger.ageing import AgeingRow, ageing
from ledger.models import Account
from reporting.days_sales_outstanding import MonthOfBillings, days_of_month
from reporting.measures.figures import Inputs, Standing
from reporting.queries.dashboard import MONTHS_OF_BILLINGS, balance_of, closing_rate, month_before
from reporting.queries.flows import (
    Billed,
    Scope,
    billed_by_month,
    open_invoices_by_month,
    paid,
    received_in_30_days,
)

DAY = timedelta(days=1)


def standing_at(scope: Scope, *, as_of: date) -> Standing:
    """What is open at the end of a day, in the currency of the books at the day's rates."""
    customers = None if scope.customers is None else Customer.objects.filter(pk__in=scope.customers)
    rows = ageing(
        entities=[scope.entity], as_of=as_of, known_at=scope.known_at, group_by="currency", customers=customers
    )
    kept = [row for row in rows if not scope.currency or row.currency == scope.currency]
    return _sum(_in_books(scope, row, as_of) for row in kept)


def _in_books(scope: Scope, row: AgeingRow, as_of: date) -> Standing:
    rate, books = closing_rate(scope.entity, row.currency, as_of), scope.entity.currency

    def value(amount: Decimal) -> Decimal:
        return round_to_currency(amount * rate, books)

    later = sum(row.amounts[2:], ZERO)
    current, to_30, *_ = row.amounts
    return Standing(value(current), value(to_30), value(later), value(row.credits), value(row.unapplied_cash))


def _sum(rows: Iterable[Standing]) -> Standing:
    there = list(rows)
    return Standing(
        current=sum((row.current for row in there), ZERO),
        to_30=sum((row.to_30 for row in there), ZERO),
        from_31=sum((row.from_31 for row in there), ZERO),
        credits=sum((row.credits for row in there), ZERO),
        unapplied=sum((row.unapplied for row in there), ZERO),
    )


def inputs_of(scope: Scope, *, last: date, months: int) -> Inputs:
    """All that the measures need of so many months, the last one up to its day, in ten statements whatever the size."""
    calendar = [month_before(last, back) for back in range(MONTHS_OF_BILLINGS)]
    billed = billed_by_month(scope, first=calendar[-1], last=last)
    first = calendar[months - 1]
    looked_at = [row for month, row in billed.items() if month >= first]
    return Inputs(
        first_on=first,
        last_on=last,
        opening=standing_at(scope, as_of=first - DAY),
        closing=standing_at(scope, as_of=last),
        billed=sum((row.net for row in looked_at), ZERO),
        terms=_terms(looked_at),
        billings=[
            MonthOfBillings(month, billed.get(month, Billed()).net, days_of_month(month, last)) for month in calendar
        ],
        payments=paid(scope, first=first, last=last),
        open_by_month=open_invoices_by_month(scope, last=last),
        receipts_of_30_days=received_in_30_days(scope, last=last),
        unidentified=_unidentified(scope, last),
    )


def _terms(months: Sequence[Billed]) -> Decimal:
    invoices = sum((row.invoices for row in months), ZERO)
    return sum((row.amount_days for row in months), ZERO) / invoices if invoices else ZERO


def _unidentified(scope: Scope, last: date) -> Decimal:
    """Money of unknown senders is nobody's, so it counts for the whole company only."""
    if scope.customers is not None or scope.currency or scope.known_at:
        return ZERO
    return balance_of(entity=scope.entity, role=Account.Role.UNIDENTIFIED_RECEIPTS, as_of=last)
