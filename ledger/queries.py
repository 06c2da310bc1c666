"""What accountants ask of the ledger: its accounts, what moved on them, and where an item's amount went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from core.models import LegalEntity
from core.money import ZERO
from ledger.balances import NOTHING
from ledger.models import Account, AccountingPeriod, Allocation, JournalEntry, JournalLine, OpenItem


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """An account with what was posted to its two sides up to a day, in the currency of the books."""

    account: Account
    debit: Decimal
    credit: Decimal

    @property
    def debit_balance(self) -> Decimal:
        """What the debit side has more, or nil."""
        return max(self.debit - self.credit, ZERO)

    @property
    def credit_balance(self) -> Decimal:
        """What the credit side has more, or nil."""
        return max(self.credit - self.debit, ZERO)


def trial_balance(*, entity: LegalEntity, as_of: date) -> list[AccountBalance]:
    """Every account with its two sides at the end of a day; both columns come to the same."""
    lines = JournalLine.objects.filter(account__entity=entity, posted_on__lte=as_of).order_by()
    sums = {row[0]: row[1:] for row in lines.values_list("account").annotate(Sum("base_debit"), Sum("base_credit"))}
    accounts = Account.objects.filter(entity=entity).order_by("code")
    return [AccountBalance(account, *sums.get(account.pk, (ZERO, ZERO))) for account in accounts]


@dataclass(frozen=True, slots=True)
class TAccount:
    """An account between two days: what it came in with, what moved on either side, what it goes out with.

    Balances are debit less credit, in the currency of the books.
    """

    account: Account
    first_on: date
    last_on: date
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        """What it goes out with."""
        return self.opening + self.debit - self.credit

    @property
    def closing_amount(self) -> Decimal:
        """The closing balance without its side."""
        return abs(self.closing)

    @property
    def opening_debit(self) -> Decimal:
        """The opening balance, if it stands on the left."""
        return max(self.opening, ZERO)

    @property
    def opening_credit(self) -> Decimal:
        """The opening balance, if it stands on the right."""
        return max(-self.opening, ZERO)

    @property
    def balancing_debit(self) -> Decimal:
        """A credit balance is carried down on the left, so that both sides come to the same."""
        return max(-self.closing, ZERO)

    @property
    def balancing_credit(self) -> Decimal:
        """A debit balance is carried down on the right."""
        return max(self.closing, ZERO)

    @property
    def footing(self) -> Decimal:
        """What both sides come to."""
        return self.opening_debit + self.debit + self.balancing_debit


def t_account(*, account: Account, first_on: date, last_on: date) -> TAccount:
    """Add an account up between two days."""
    before = Q(posted_on__lt=first_on)
    sums = JournalLine.objects.filter(account=account, posted_on__lte=last_on).aggregate(
        opening=Coalesce(Sum("base_debit", filter=before), NOTHING)
        - Coalesce(Sum("base_credit", filter=before), NOTHING),
        debit=Coalesce(Sum("base_debit", filter=~before), NOTHING),
        credit=Coalesce(Sum("base_credit", filter=~before), NOTHING),
    )
    return TAccount(account, first_on, last_on, **sums)


def lines_between(*, account: Account, first_on: date, last_on: date) -> QuerySet[JournalLine]:
    """What moved on an account between two days, in the order of the days."""
    lines = JournalLine.objects.filter(account=account, posted_on__range=(first_on, last_on))
    return lines.select_related("entry", "customer").order_by("posted_on", "pk")


def on_debit(lines: QuerySet[JournalLine]) -> QuerySet[JournalLine]:
    """The lines that stand on the left."""
    return lines.filter(Q(debit__gt=0) | Q(base_debit__gt=0))


def on_credit(lines: QuerySet[JournalLine]) -> QuerySet[JournalLine]:
    """The lines that stand on the right."""
    return lines.filter(Q(credit__gt=0) | Q(base_credit__gt=0))


def entries_of(entity: LegalEntity, *, as_of: date) -> QuerySet[JournalEntry]:
    """The journal up to a day, latest first."""
    return JournalEntry.objects.filter(entity=entity, posted_on__lte=as_of).order_by("-posted_on", "-pk")


def lines_of(entry: JournalEntry) -> QuerySet[JournalLine]:
    """An entry's lines with all that its page shows of them."""
    return entry.lines.select_related("account", "customer", "item").order_by("pk")


@dataclass(frozen=True, slots=True)
class ItemMove:
    """An allocation as its item sees it: the other item, the amount, and what was left open after it."""

    allocation: Allocation
    other: OpenItem
    open_after: Decimal
    is_undone: bool


def moves_of(item: OpenItem, *, as_of: date) -> list[ItemMove]:
    """What was allocated of an item up to a day, in the order in which it counts."""
    left, moves = item.amount, []
    allocations = list(_allocations_of(item).filter(allocated_on__lte=as_of))
    undone = {allocation.reverses_id for allocation in allocations}
    for allocation in allocations:
        left -= allocation.amount
        other = allocation.credit_item if item.side == OpenItem.Side.DEBIT else allocation.debit_item
        moves.append(ItemMove(allocation, other, left, allocation.pk in undone))
    return moves


def _allocations_of(item: OpenItem) -> QuerySet[Allocation]:
    own = Q(debit_item=item) if item.side == OpenItem.Side.DEBIT else Q(credit_item=item)
    rows = Allocation.objects.filter(own)
    return rows.select_related("debit_item", "credit_item", "recorded_by").order_by("allocated_on", "pk")


def count_of_later_moves(item: OpenItem, *, as_of: date) -> int:
    """How many allocations of an item count only after a day."""
    return _allocations_of(item).filter(allocated_on__gt=as_of).count()


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A month with how much was posted in it."""

    period: AccountingPeriod
    entries: int


def periods_with_entries(entity: LegalEntity) -> Sequence[PeriodRow]:
    """The months of an entity, latest first, each with the number of its entries."""
    months = JournalEntry.objects.filter(entity=entity).order_by().values_list("posted_on__year", "posted_on__month")
    counts = {(year, month): count for year, month, count in months.annotate(Count("pk"))}
    return [
        PeriodRow(period, counts.get((period.starts_on.year, period.starts_on.month), 0))
        for period in AccountingPeriod.objects.filter(entity=entity).order_by("-starts_on")
    ]
