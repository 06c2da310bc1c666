"""A day on one of our bank accounts: what the bank says, what the ledger says, and every difference by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cashapp.models import BankStatement, BankStatementLine
from cashapp.reconciling import DayLine, Posting, Reconciliation, reconcile
from core.models import BankAccount
from ledger.models import JournalLine


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


def _postings(account: BankAccount, day: date, lines: list[int]) -> Iterable[Posting]:
    """Ledger lines on the account that count on the day."""
    rows = JournalLine.objects.filter(account__bank_account=account, posted_on=day).select_related("entry")
    for row in rows.order_by("pk"):
        yield Posting(row.signed_amount, row.posted_on, f"{row.entry} “{row.entry.text}”")
