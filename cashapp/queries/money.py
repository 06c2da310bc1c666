"""Where the money of a bank line is now."""

from datetime import date

from cashapp.models import BankStatementLine, Receipt, UnidentifiedReceipt
from ledger.periods import is_open


def live_receipts(line: BankStatementLine) -> list[Receipt]:
    """The receipts that hold the line's money, the last first: one, or more where part of it was moved."""
    rows = Receipt.objects.filter(line=line, ended_on=None).select_related("item__customer", "entity", "moved_from")
    return list(rows.order_by("-pk"))


def waiting_in_suspense(line: BankStatementLine) -> UnidentifiedReceipt | None:
    """The line's money while nobody knows whose it is."""
    return UnidentifiedReceipt.objects.filter(line=line, ended_on=None).select_related("entity", "entry").first()


def day_to_undo(receipt: Receipt, today: date) -> date:
    """From when a mistake is taken back: the day on which it was posted, today where that month is closed.

    Dated like this the bank's day agrees again, and the same documents can be matched on that day anew.
    """
    posted_on = receipt.item.posted_on
    return posted_on if is_open(receipt.entity, posted_on) else max(today, posted_on)
