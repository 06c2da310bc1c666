"""How well money is collected, how good the ledger is, and how customers pay. DOMAIN 1.2 and 1.3."""

from __future__ import annotations

from core.money import ZERO
from reporting.measures.figures import HUNDRED, Figure, Inputs, Missing, quotient


def collection_effectiveness(of: Inputs) -> Figure:
    """(Opening + billed − closing) ÷ (opening + billed − closing not yet due), in percent.

    Open credits and unapplied cash are left out, as they would lift it above a hundred.
    """
    there = of.opening.owed + of.billed
    return quotient(there - of.closing.owed, there - of.closing.current, Missing.NOTHING_TO_COLLECT, HUNDRED)


def turnover(of: Inputs) -> Figure:
    """How often a year the receivables turn over: billed ÷ mean receivables, brought to 365 days."""
    mean = (of.opening.net + of.closing.net) / 2
    return quotient(of.billed * 365 / of.days, mean, Missing.NOTHING_OWED)


def share_current(of: Inputs) -> Figure:
    """Not yet due ÷ owed, in percent; credits are left out on both sides."""
    return quotient(of.closing.current, of.closing.owed, Missing.NOTHING_OWED, HUNDRED)


def share_under_30(of: Inputs) -> Figure:
    """Not yet due and up to 30 days past due ÷ owed, in percent."""
    return quotient(of.closing.current + of.closing.to_30, of.closing.owed, Missing.NOTHING_OWED, HUNDRED)


def share_past_due(of: Inputs) -> Figure:
    """Past due ÷ owed, in percent."""
    return quotient(of.closing.past_due, of.closing.owed, Missing.NOTHING_OWED, HUNDRED)


def over_31_days(of: Inputs) -> Figure:
    """What is 31 days and more past due, as an amount."""
    return Figure(of.closing.from_31)


def share_unapplied(of: Inputs) -> Figure:
    """Unapplied and unidentified cash ÷ receipts of the last 30 days, in percent."""
    unapplied = of.closing.unapplied + of.unidentified
    if unapplied == ZERO == of.receipts_of_30_days:
        return Figure(ZERO)
    return quotient(unapplied, of.receipts_of_30_days, Missing.NO_RECEIPTS, HUNDRED)


def days_late(of: Inputs) -> Figure:
    """Days after the due date, weighted by what was paid; early payments count as nought."""
    return quotient(of.payments.late, of.payments.amount, Missing.NO_PAYMENTS)


def days_against_terms(of: Inputs) -> Figure:
    """The same, where early payments count below nought."""
    return quotient(of.payments.against_terms, of.payments.amount, Missing.NO_PAYMENTS)


def days_to_pay(of: Inputs) -> Figure:
    """Days from the invoice's date to the payment, weighted by what was paid."""
    return quotient(of.payments.since_invoice, of.payments.amount, Missing.NO_PAYMENTS)
