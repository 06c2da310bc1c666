"""The family of days sales outstanding. DOMAIN 1.2; receivables are net of credits and unapplied cash, tax included."""

from __future__ import annotations

from core.money import ZERO
from reporting.days_sales_outstanding import best_possible, days_sales_outstanding
from reporting.measures.figures import Figure, Inputs, Missing, quotient


def simple(of: Inputs) -> Figure:
    """Closing receivables ÷ billed × days of the time, which has to be at least as long as the terms."""
    if of.days < of.terms:
        return Figure(None, Missing.PERIOD_TOO_SHORT)
    return quotient(of.closing.net, of.billed, _no_sales(of), of.days)


def average(of: Inputs) -> Figure:
    """The mean of opening and closing receivables ÷ billed × days, which smooths the peak of a month's end."""
    return quotient((of.opening.net + of.closing.net) / 2, of.billed, _no_sales(of), of.days)


def counted_back(of: Inputs) -> Figure:
    """Months of billings taken off the receivables, newest first, until nothing is left."""
    found = days_sales_outstanding(of.closing.net, of.billings)
    return Figure(found.days, found.reason)


def best_simple(of: Inputs) -> Figure:
    """What is not yet due ÷ billed × days: the simple figure if everybody paid on the due date."""
    return quotient(of.closing.current, of.billed, _no_sales(of), of.days)


def best_counted_back(of: Inputs) -> Figure:
    """The same question counted back."""
    found = best_possible(of.closing.current, of.billings)
    return Figure(found.days, found.reason)


def delinquent_days(of: Inputs) -> Figure:
    """Simple less best possible: the days that people are late, over all that is billed."""
    whole, best = simple(of), best_simple(of)
    if whole.value is None or best.value is None:
        return Figure(None, whole.reason or best.reason)
    return Figure(whole.value - best.value)


def by_invoice(of: Inputs) -> Figure:
    """Over open invoices: days since the invoice × its amount ÷ what was billed in its month, added up."""
    billed = {row.month: row.amount for row in of.billings}
    parts = [(row.amount_days, billed.get(row.month, ZERO)) for row in of.open_by_month]
    if any(whole <= ZERO for _, whole in parts):
        return Figure(None, "An open invoice is of a month in which nothing was billed net.")
    return Figure(sum((part / whole for part, whole in parts), ZERO))


def _no_sales(of: Inputs) -> Missing:
    return Missing.NET_CREDIT if of.billed < ZERO else Missing.NO_SALES
