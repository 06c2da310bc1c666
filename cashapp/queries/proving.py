"""The proof of an account at the end of a day: how statement and ledger began, moved and ended, and what is between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import F, Min, Q, Sum

from cashapp.models import BankReconciliation, BankStatement, BankStatementLine, Variance
from cashapp.queries.reconciliation import bank_lines_of, closing_statement, opening_statement, postings_of
from cashapp.reconciling import DayLine, InTransit, Reconciliation, Span, Standing, Subject, carry_forward, reconcile
from core.models import BankAccount
from core.money import ZERO
from ledger.models import JournalEntry, JournalLine

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """The account in the ledger: opening + receipts + other = closing, in the account's currency."""

    opening: Decimal
    receipts: Decimal
    other: Decimal

    @property
    def closing(self) -> Decimal:
        """What it goes out with."""
        return self.opening + self.receipts + self.other


@dataclass(frozen=True, slots=True)
class StatementDay:
    """The account at the bank: opening + what came in + what went out = closing."""

    opening: Decimal
    money_in: Decimal
    money_out: Decimal
    closing: Decimal

    @property
    def missing(self) -> Decimal:
        """What the bank moved and no statement line tells: a statement is missing in between."""
        return self.closing - self.opening - self.money_in - self.money_out


@dataclass(frozen=True, slots=True)
class NamedItem:
    """Something in transit, with the name that a person gave it, if anybody did."""

    item: InTransit
    variance: Variance | None

    @property
    def side(self) -> str:
        """Where it has arrived already."""
        return "bank" if self.item.subject[0] else "ledger"


@dataclass(frozen=True)
class DayProof:
    """Everything that whoever signs a day wants to see."""

    account: BankAccount
    span: Span
    before: BankReconciliation | None
    statement: StatementDay
    ledger: LedgerDay
    comparison: Reconciliation
    carried: Standing
    items: tuple[NamedItem, ...]
    brought: Decimal

    @property
    def standing(self) -> Decimal:
        """What parts statement and ledger for good: from before, and what other books keep."""
        return self.brought + self.carried.outside

    @property
    def unnamed(self) -> int:
        """How many differences nobody has named."""
        return sum(each.variance is None for each in self.items)

    @property
    def difference(self) -> Decimal:
        """Statement less ledger at the end of the day."""
        return self.statement.closing - self.ledger.closing

    @cached_property
    def problems(self) -> list[str]:
        """Why the day can't be prepared yet, in sentences."""
        found = []
        currency = self.account.currency
        if self.statement.missing:
            found.append(
                f"The statements leave out {self.statement.missing:,.2f} {currency} between "
                f"{self.span.first_on:%d %b} and {self.span.last_on:%d %b %Y}: one of them is missing."
            )
        if self.unnamed:
            noun = "difference has" if self.unnamed == 1 else "differences have"
            found.append(f"{self.unnamed} {noun} no owner, reason and date yet.")
        unexplained = self.difference - self.standing - self.carried.total - self.statement.missing
        if unexplained:
            found.append(
                f"{unexplained:,.2f} {currency} came to days that are signed already. Open those days again first."
            )
        return found


def last_signed(account: BankAccount, before: date | None = None) -> BankReconciliation | None:
    """The latest day that is signed, of those before a day."""
    rows = BankReconciliation.objects.filter(bank_account=account, ended_at=None, signed_at__isnull=False)
    if before is not None:
        rows = rows.filter(day__lt=before)
    return rows.order_by("-day").first()


def reconciliation_of(account: BankAccount, day: date) -> BankReconciliation | None:
    """The reconciliation in force that speaks for a day."""
    rows = BankReconciliation.objects.filter(bank_account=account, ended_at=None, first_on__lte=day, day__gte=day)
    return rows.select_related("prepared_by", "signed_by", "bank_account__entity").first()


def earlier_unsigned(account: BankAccount, day: date) -> date | None:
    """The first day before this one that the bank closed and nobody signed, once signing has begun."""
    signed = last_signed(account, day)
    if signed is None:
        return None
    closed = BankStatement.objects.filter(
        bank_account=account, kind=BankStatement.Kind.BOOKED, closing_on__gt=signed.day, closing_on__lt=day
    )
    first: date | None = closed.aggregate(first=Min("closing_on"))["first"]
    return first


def day_proof(account: BankAccount, day: date) -> DayProof | None:
    """Prove a day; nothing where no booked statement closes on it."""
    closing = closing_statement(account, day)
    if closing is None or closing.closing_on != day or closing.closing is None:
        return None
    before = last_signed(account, day)
    span = Span(before.day + ONE_DAY if before else _first_day(closing, day), day)
    rows = BankStatementLine.objects.filter(bank_account=account, booked_on__range=(span.first_on, day))
    lines = list(rows.order_by("booked_on", "pk"))
    told = [DayLine(line.pk, line.amount, str(line)) for line in lines]
    postings = list(postings_of(account, span, [line.pk for line in lines]))
    comparison = reconcile(day, told, postings, span.first_on)
    statement = _statement_day(account, span, closing, before, lines)
    ledger = _ledger_day(account, span)
    arose: dict[Subject, date] = {(line.pk, None): line.booked_on for line in lines}
    arose |= {(None, posting.entry): posting.posted_on for posting in postings}
    carried = carry_forward(_carried(before), comparison.differences, day, arose)
    brought = before.standing if before else statement.opening - ledger.opening
    items = tuple(_named(account, carried.in_transit))
    return DayProof(account, span, before, statement, ledger, comparison, carried, items, brought)


def _first_day(closing: BankStatement, day: date) -> date:
    """The first day that the day's statements tell of; where reconciling begins, they say from when."""
    same_day = BankStatement.objects.filter(
        bank_account=closing.bank_account_id, kind=closing.kind, closing_on=closing.closing_on
    )
    first: date | None = same_day.aggregate(first=Min("listings__line__booked_on"))["first"]
    return min(first or day, day)


def _statement_day(
    account: BankAccount,
    span: Span,
    closing: BankStatement,
    before: BankReconciliation | None,
    lines: list[BankStatementLine],
) -> StatementDay:
    money_in = sum((line.amount for line in lines if line.amount > 0), ZERO)
    money_out = sum((line.amount for line in lines if line.amount < 0), ZERO)
    end = closing.closing or ZERO
    if before is not None:
        return StatementDay(before.statement_closing, money_in, money_out, end)
    first = opening_statement(account, span)
    opening = end - money_in - money_out if first is None or first.opening is None else first.opening
    return StatementDay(opening, money_in, money_out, end)


def _ledger_day(account: BankAccount, span: Span) -> LedgerDay:
    rows = JournalLine.objects.filter(
        account__bank_account=account, currency=account.currency, posted_on__lte=span.last_on
    )
    earlier, receipt = Q(posted_on__lt=span.first_on), Q(entry__kind=JournalEntry.Kind.RECEIPT)
    signed = F("debit") - F("credit")
    sums = rows.aggregate(
        opening=Sum(signed, filter=earlier),
        receipts=Sum(signed, filter=~earlier & receipt),
        other=Sum(signed, filter=~earlier & ~receipt),
    )
    return LedgerDay(*(sums[name] or ZERO for name in ("opening", "receipts", "other")))


def _carried(before: BankReconciliation | None) -> Iterator[InTransit]:
    """What the last signed day left; an entry that is tied to a bank line meanwhile is known by that line."""
    if before is None:
        return
    items = list(before.items.all())
    tied = bank_lines_of([item.entry_id for item in items if item.entry_id])
    for item in items:
        subject: Subject = item.key
        if item.entry_id in tied:
            subject = (tied[item.entry_id][0], None)
        yield InTransit(subject, item.arose_on, item.amount, item.sentence)


def _named(account: BankAccount, items: tuple[InTransit, ...]) -> Iterator[NamedItem]:
    rows = Variance.objects.filter(bank_account=account).filter(
        Q(line__in=[item.subject[0] for item in items if item.subject[0]])
        | Q(entry__in=[item.subject[1] for item in items if item.subject[1]])
    )
    named = {row.key: row for row in rows.select_related("owner", "named_by")}
    for item in items:
        yield NamedItem(item, named.get(item.subject))


def tie_candidates(items: tuple[NamedItem, ...]) -> dict[int, list[BankStatementLine]]:
    """For each entry that the bank lacks, the bank lines in transit that bring its amount."""
    waiting = [each.item.subject[0] for each in items if each.item.subject[0]]
    lines = list(BankStatementLine.objects.filter(pk__in=waiting))
    return {
        each.item.subject[1]: [line for line in lines if line.amount == -each.item.amount]
        for each in items
        if each.item.subject[1]
    }
