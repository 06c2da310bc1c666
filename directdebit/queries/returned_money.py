"""Returned debits whose money the bank has taken, or will take, off our account: alone, or all of a day in one sum."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Q, QuerySet

from cashapp.models import BankStatementLine
from core.models import LegalEntity
from core.money import ZERO, Money
from directdebit.models import Creditor, ReturnedDebit
from directdebit.returns import Kind
from ledger.models import Account

AROUND = timedelta(days=10)


@dataclass(frozen=True)
class Bundle:
    """Returned debits that the bank may take in one sum: one of them, or all that count from a day."""

    returns: tuple[ReturnedDebit, ...]

    @cached_property
    def creditor(self) -> Creditor:
        """Whose account is debited."""
        collection = self.returns[0].collection
        assert collection is not None  # noqa: S101 - asked for by the query
        return collection.mandate.creditor

    @cached_property
    def amount(self) -> Decimal:
        """What came back."""
        return sum((each.amount or ZERO for each in self.returns), ZERO)

    @cached_property
    def with_fees(self) -> Decimal:
        """The same with what the bank keeps for it, where it takes both at once."""
        return self.amount + sum((each.fee or ZERO for each in self.returns), ZERO)

    @property
    def money(self) -> Money:
        """What came back, with its currency."""
        return Money(self.amount, self.returns[0].currency)

    @property
    def day(self) -> date:
        """From when it counts."""
        return self.returns[0].effective_on or self.returns[0].told_at.date()

    def fits(self, line: BankStatementLine) -> bool:
        """Whether a bank line can be its money."""
        is_amount = -line.amount in (self.amount, self.with_fees) and line.currency == self.returns[0].currency
        on_account = line.bank_account_id == self.creditor.bank_account_id
        return is_amount and on_account and abs(line.booked_on - self.day) <= AROUND

    def is_named_in(self, line: BankStatementLine) -> bool:
        """Whether the bank line names who collects, or what was collected."""
        words = " ".join([line.text, line.posting_text, line.payer, *map(str, line.references.values())]).casefold()
        told = {self.creditor.identifier, self.creditor.name}
        told |= {name for each in self.returns for name in (each.mandate_reference, each.collection_reference)}
        return any(each.casefold() in words for each in told if each)


def unsettled_returns(entity: LegalEntity) -> QuerySet[ReturnedDebit]:
    """Booked returns of debits that went by file and whose money is still on clearing."""
    rows = ReturnedDebit.objects.filter(
        entity=entity,
        state=ReturnedDebit.State.BOOKED,
        kind__in=(Kind.UNPAID.value, Kind.CLAIMED.value),
        receipt__isnull=False,
        receipt__ended_on__isnull=False,
        receipt__item__line__entry__lines__account__role=Account.Role.DIRECT_DEBIT_CLEARING,
        collection__mandate__creditor__provider=Creditor.Provider.FILE,
        settlement=None,
        amount__isnull=False,
    )
    return rows.select_related("collection__mandate__creditor", "receipt").order_by("effective_on", "pk")


def bundles_of(returns: Iterable[ReturnedDebit]) -> list[Bundle]:
    """Each return alone, and those of a creditor's day together."""
    rows = list(returns)
    days: dict[tuple[int, date | None, str], list[ReturnedDebit]] = {}
    for row in rows:
        if row.collection is not None:
            key = (row.collection.mandate.creditor_id, row.effective_on, row.currency)
            days.setdefault(key, []).append(row)
    together = [Bundle(tuple(each)) for each in days.values() if len(each) > 1]
    return [*(Bundle((row,)) for row in rows if row.collection is not None), *together]


def lines_of_debits(bundles: Iterable[Bundle]) -> list[BankStatementLine]:
    """Outgoing lines of such amounts that no entry is about yet."""
    wanted = list(bundles)
    if not wanted:
        return []
    amounts = {-amount for each in wanted for amount in (each.amount, each.with_fees)}
    rows = BankStatementLine.objects.filter(
        bank_account__in={each.creditor.bank_account_id for each in wanted},
        amount__in=amounts,
        booked_on__gte=min(each.day for each in wanted) - AROUND,
    ).exclude(Q(postings__isnull=False) & Q(postings__ended_at=None))
    return list(rows.select_related("bank_account__entity").order_by("booked_on", "pk"))


def sure_debits(entity: LegalEntity) -> list[tuple[Bundle, BankStatementLine]]:
    """Returns with the only bank line that can be theirs and that names them."""
    bundles = bundles_of(unsettled_returns(entity))
    lines = lines_of_debits(bundles)
    pairs = [(each, line) for each in bundles for line in lines if each.fits(line) and each.is_named_in(line)]
    of_line = Counter(line.pk for _, line in pairs)
    of_return = Counter(row.pk for bundle, _ in pairs for row in bundle.returns)
    return [
        (bundle, line)
        for bundle, line in pairs
        if of_line[line.pk] == 1 and all(of_return[row.pk] == 1 for row in bundle.returns)
    ]


def choices_for(returned: ReturnedDebit) -> list[tuple[Bundle, BankStatementLine]]:
    """The lines that may hold one return's money, alone or with others of its day."""
    bundles = [each for each in bundles_of(unsettled_returns(returned.entity)) if returned in each.returns]
    return [(each, line) for each in bundles for line in lines_of_debits(bundles) if each.fits(line)]
