"""A day on one of our bank accounts: what the bank says, what the ledger says, and every difference by name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from cashapp.models import (
    BankStatement,
    BankStatementLine,
    ClearingCredit,
    LinePosting,
    Receipt,
    UnidentifiedReceipt,
)
from cashapp.reconciling import DayLine, Posting, Reconciliation, Span, reconcile
from cashapp.statement_chain import first_of, last_of
from core.models import BankAccount
from core.money import ZERO
from ledger.models import JournalLine

# What says of an entry which bank line it is about: the rows that do, and the way from them to the entry.
ENTRIES: tuple[tuple[Callable[[], QuerySet[Any]], str], ...] = (
    (Receipt.objects.all, "item__line__entry"),
    (lambda: Receipt.objects.exclude(ending=Receipt.Ending.RETURNED), "end_entry"),
    (UnidentifiedReceipt.objects.all, "entry"),
    (UnidentifiedReceipt.objects.all, "end_entry"),
    (ClearingCredit.objects.all, "entry"),
    (ClearingCredit.objects.all, "end_entry"),
    (lambda: LinePosting.objects.filter(ended_at=None), "entry"),
)


@dataclass(frozen=True, slots=True)
class DayOnAccount:
    """The panel: the bank's balances around the day, its movements, and the comparison."""

    account: BankAccount
    day: date
    closing: BankStatement | None
    lines: list[BankStatementLine]
    comparison: Reconciliation

    @property
    def closing_is_proved(self) -> bool:
        """True where a booked statement closes this very day."""
        return self.closing is not None and self.closing.closing_on == self.day


def day_on_account(account: BankAccount, day: date) -> DayOnAccount:
    """Compare a day."""
    lines = list(BankStatementLine.objects.filter(bank_account=account, booked_on=day).order_by("pk"))
    told = [DayLine(line.pk, line.amount, str(line)) for line in lines]
    comparison = reconcile(day, told, list(postings_of(account, Span(day, day), [line.pk for line in lines])))
    return DayOnAccount(account, day, closing_statement(account, day), lines, comparison)


def closing_statement(account: BankAccount, day: date) -> BankStatement | None:
    """The last booked statement that ends on the day or before; of several on one day that which ends it."""
    rows = BankStatement.objects.filter(
        bank_account=account, kind=BankStatement.Kind.BOOKED, closing__isnull=False, closing_on__lte=day
    )
    latest = rows.order_by("-closing_on", "-pk").first()
    return last_of(list(rows.filter(closing_on=latest.closing_on).order_by("pk"))) if latest else None


def opening_statement(account: BankAccount, span: Span) -> BankStatement | None:
    """The booked statement with which some days begin, where it tells its opening balance."""
    rows = BankStatement.objects.filter(
        bank_account=account,
        kind=BankStatement.Kind.BOOKED,
        opening__isnull=False,
        closing_on__range=(span.first_on, span.last_on),
    )
    found = list(rows.order_by("opening_on", "pk"))
    return first_of(found) if found else None


def last_closed_on(account: BankAccount, as_of: date) -> date | None:
    """The last day up to `as_of` that a booked statement closes: the one that somebody wants to reconcile."""
    closing = closing_statement(account, as_of)
    return closing.closing_on if closing else None


def postings_of(account: BankAccount, span: Span, lines: list[int]) -> Iterable[Posting]:
    """What the ledger did to the account on some days, and on any day about these bank lines."""
    rows = JournalLine.objects.filter(account__bank_account=account).select_related("entry").order_by("pk")
    on_days = Q(posted_on__range=(span.first_on, span.last_on))
    found = list(rows.filter(on_days | Q(entry__in=_entries_about(lines))))
    told = bank_lines_of([row.entry_id for row in found])
    for row in found:
        line, booked_on, amount = told.get(row.entry_id, (None, None, ZERO))
        label = f"{row.entry} ({row.entry.text})" if row.entry.text else str(row.entry)
        about = row.entry.reverses_id or row.entry_id
        yield Posting(row.signed_amount, row.posted_on, label, line, booked_on, amount, about)


def _entries_about(lines: list[int]) -> set[int]:
    """The entries that posted these bank lines, and those that took them back."""
    found: set[int] = set()
    for rows, entry in ENTRIES:
        found |= set(rows().filter(line__in=lines).values_list(entry, flat=True))
    return found - {None}


def bank_lines_of(entries: list[int]) -> dict[int, tuple[int, date, Decimal]]:
    """The bank line that each entry is about, with its day and amount."""
    told: dict[int, tuple[int, date, Decimal]] = {}
    for rows, entry in ENTRIES:
        found = rows().filter(**{f"{entry}__in": entries}, line__isnull=False)
        columns = (entry, "line", "line__booked_on", "line__amount")
        told.update({pk: (line, day, amount) for pk, line, day, amount in found.values_list(*columns)})
    return told
