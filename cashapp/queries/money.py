"""Where the money of a bank line is now."""

from cashapp.models import BankStatementLine, Receipt, UnidentifiedReceipt


def live_receipts(line: BankStatementLine) -> list[Receipt]:
    """The receipts that hold the line's money, the last first: one, or more where part of it was moved."""
    rows = Receipt.objects.filter(line=line, ended_on=None).select_related("item__customer", "entity", "moved_from")
    return list(rows.order_by("-pk"))


def waiting_in_suspense(line: BankStatementLine) -> UnidentifiedReceipt | None:
    """The line's money while nobody knows whose it is."""
    return UnidentifiedReceipt.objects.filter(line=line, ended_on=None).select_related("entity", "entry").first()
