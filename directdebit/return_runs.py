"""Booking what was written down, one return at a time: whoever is killed in between leaves the rest to the next."""

from core import clock
from core.errors import Refused
from core.models import User
from directdebit.actions.booking import book_return, debit_claim, defer_claim, leave_waiting
from directdebit.models import ReturnedDebit

State = ReturnedDebit.State


def book_new(by: User, report: int | None = None) -> int:
    """Book every return that is still to be booked, or those of one report. One that is refused waits, with why."""
    rows = ReturnedDebit.objects.filter(state=State.NEW).select_related("entity")
    booked = 0
    for returned in rows.filter(report=report).order_by("pk") if report else rows.order_by("pk"):
        try:
            book_return(by=by, returned=returned, on=clock.today(returned.entity))
        except Refused as refusal:
            leave_waiting(by=by, returned=returned, why=refusal.message)
        booked += 1
    return booked


def debit_due_claims(by: User) -> int:
    """Undo the receipts of claims on the day on which the bank takes the money; how many were undone.

    One that is refused says so on its page, is tried again the next time, and keeps none of the others.
    """
    rows = ReturnedDebit.objects.filter(state=State.BOOKED, claim__ended_on=None, claim__isnull=False)
    due = [row for row in rows.select_related("entity") if row.debit_on and row.debit_on <= clock.today(row.entity)]
    debited = 0
    for returned in due:
        try:
            debit_claim(by=by, returned=returned, on=clock.today(returned.entity))
            debited += 1
        except Refused as refusal:
            defer_claim(by=by, returned=returned, why=refusal.message)
    return debited
