"""Amounts and dates of reports. Nothing is parsed into zero: what does not fit is refused with its place."""

from datetime import date
from decimal import Decimal

from cashapp.statements.values import iso_date, plain_amount, swift_date
from directdebit.returns.advice import ReportRefused

AGAIN = "Download the file again; do not edit it."


def amount_at(written: str, place: str) -> Decimal:
    """A positive amount with a full stop; commas between thousands are taken away."""
    try:
        amount = plain_amount(written.replace(",", ""))
    except ValueError:
        raise ReportRefused(f"{place}: “{written[:40]}” is not an amount. {AGAIN}") from None
    if amount <= 0:
        raise ReportRefused(f"{place}: {written[:40]} is no amount that can have been collected. {AGAIN}")
    return amount


def date_at(written: str, place: str) -> date | None:
    """The day of an ISO date, or nothing where nothing is written."""
    if not written.strip():
        return None
    try:
        return iso_date(written)
    except ValueError:
        raise ReportRefused(f"{place}: “{written[:40]}” is not a date. {AGAIN}") from None


def short_date_at(written: str, place: str) -> date | None:
    """A day as YYMMDD, or nothing where it is blank."""
    if not written.strip():
        return None
    try:
        return swift_date(written)
    except ValueError:
        raise ReportRefused(f"{place}: “{written}” is not a date. {AGAIN}") from None
