"""A day on one of our bank accounts: what the bank says, what the ledger says, and every difference by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cashapp.models import BankStatement, BankStatementLine, Receipt, UnidentifiedReceipt
from cashapp.reconciling import DayLine, Posting, Reconciliation, reconcile
from core.models import BankAccount
from ledger.models import JournalLine

ENTRIES: tuple[tuple[type[Receipt] | type[UnidentifiedReceipt], str], ...] = (
    (Receipt, "item__line__entry"),
    (Receipt, "end_entry"),
    (UnidentifiedReceipt, "entry"),
    (UnidentifiedReceipt, "end_entry"),
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
    comparison = reconcile(day, told, list(_postings(account, day, [line.pk for line in lines])))
    return DayOnAccount(account, day, _closing_statement(account, day), lines, comparison)


def _closing_statement(account: BankAccount, day: date) -> BankStatement | None:
    """The last booked statement that ends on the day or before."""
    return (
        BankStatement.objects.filter(
            bank_account=account, kind=BankStatement.Kind.BOOKED, closing__isnull=False, closing_on__lte=day
        )
        .order_by("-closing_on", "-pk")
        .first()
    )


def last_closed_on(account: BankAccount, as_of: date) -> date | None:
    """The last day up to `as_of` that a booked statement closes: the one that somebody wants to reconcile."""
    closing = _closing_statement(account, as_of)
    return closing.closing_on if closing else None


def _postings(account: BankAccount, day: date, lines: list[int]) -> Iterable[Posting]:
    """What the ledger did to the account on the day, and on any day about the day's bank lines."""
    rows = JournalLine.objects.filter(account__bank_account=account).select_related("entry").order_by("pk")
    found = list(rows.filter(Q(posted_on=day) | Q(entry__in=_entries_about(lines))))
    told = _bank_lines_of([row.entry_id for row in found])
    for row in found:
        line, booked_on = told.get(row.entry_id, (None, None))
        label = f"{row.entry} ({row.entry.text})" if row.entry.text else str(row.entry)
        yield Posting(row.signed_amount, row.posted_on, label, line, booked_on)


def _entries_about(lines: list[int]) -> set[int]:
    """The entries that posted these bank lines, and those that took them back."""
    found: set[int] = set()
    for model, entry in ENTRIES:
        found |= set(model.objects.filter(line__in=lines).values_list(entry, flat=True))
    return found - {None}


def _bank_lines_of(entries: list[int]) -> dict[int, tuple[int, date]]:
    """The bank line, and its day, that each entry is about."""
    told: dict[int, tuple[int, date]] = {}
    for model, entry in ENTRIES:
        rows = model.objects.filter(**{f"{entry}__in": entries}, line__isnull=False)
        told.update({pk: (line, day) for pk, line, day in rows.values_list(entry, "line", "line__booked_on")})
    return told
