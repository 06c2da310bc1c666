"""How a statement stands to those already stored: does it go on, repeat, contradict, or leave a gap?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import Coalesce

from cashapp.models import BankStatement
from cashapp.statements import Statement, StatementRefused
from cashapp.statements.model import StatementKind, sum_of
from core.models import BankAccount


class BalancesDiffer(StatementRefused):
    """The balances do not follow from the lines, or contradict a statement that is stored."""

    code = "balances_differ"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a statement joins the account's chain."""

    goes_on: bool
    repeats: BankStatement | None = None
    gap: str = ""


def standing_of(account: BankAccount, statement: Statement) -> Standing:
    """Compare with the stored statements; contradicting balances are refused."""
    opening, closing = statement.opening, statement.closing
    if statement.kind != StatementKind.BOOKED or opening is None or closing is None:
        return Standing(goes_on=False)
    stored = list(_booked(account))
    before = [each for each in stored if each.closing_on and each.closing_on <= opening.on]
    later = [each for each in stored if each not in before and _begins(each) < closing.on]
    previous = before[-1] if before else None
    goes_on = previous is not None and previous.closing == opening.amount and not later
    if previous and goes_on and not _same_ends(previous, statement):
        return Standing(goes_on=True)
    overlapping = [*later, *(each for each in before if _shares_a_day(each, statement))]
    for each in _last_of_each_day(overlapping):
        _refuse_contradiction(each, statement, account)
    repeats = next((each for each in overlapping if _same_ends(each, statement)), None)
    return Standing(goes_on=False, repeats=repeats, gap="" if overlapping else _gap(previous, statement))


def _booked(account: BankAccount) -> Iterable[BankStatement]:
    return BankStatement.objects.filter(
        bank_account=account, kind=BankStatement.Kind.BOOKED, opening__isnull=False, closing__isnull=False
    ).order_by("closing_on", "pk")


def _begins(stored: BankStatement) -> date:
    return stored.opening_on or date.min


def _shares_a_day(stored: BankStatement, statement: Statement) -> bool:
    """True for a stored statement that ends on a day of which this one has lines, or on its only day."""
    assert statement.opening and statement.closing  # noqa: S101 - asked by the caller
    days = {line.booked_on for line in statement.booked_lines} | {statement.closing.on}
    return stored.closing_on == statement.opening.on and stored.closing_on in days


def _same_ends(stored: BankStatement, statement: Statement) -> bool:
    assert statement.opening and statement.closing  # noqa: S101 - asked by the caller
    return (
        stored.closing_on == statement.closing.on
        and stored.opening == statement.opening.amount
        and stored.closing == statement.closing.amount
    )


def _gap(previous: BankStatement | None, statement: Statement) -> str:
    assert statement.opening  # noqa: S101 - asked by the caller
    if previous is None or previous.closing == statement.opening.amount:
        return ""
    return (
        f"The account stood at {previous.closing:,.2f} on {previous.closing_on:%d %b %Y}, but this statement opens at "
        f"{statement.opening.amount:,.2f}: a statement in between is missing."
    )


def _last_of_each_day(stored: Iterable[BankStatement]) -> Iterable[BankStatement]:
    return {each.closing_on: each for each in stored}.values()


def _refuse_contradiction(stored: BankStatement, statement: Statement, account: BankAccount) -> None:
    """At the last day that both cover, both must leave the same balance."""
    assert statement.closing and stored.closing_on  # noqa: S101 - asked by the caller
    day = min(statement.closing.on, stored.closing_on)
    ours, theirs = _stored_balance_at(stored, day), _balance_at(statement, day)
    if ours != theirs:
        raise BalancesDiffer(
            f"{account.name} on {day:%d %b %Y}: this statement leaves {theirs:,.2f} {account.currency}, but "
            f"statement {stored.label}, imported before, leaves {ours:,.2f}. Ask the bank which one holds."
        )


def _stored_balance_at(stored: BankStatement, day: date) -> Decimal:
    closing: Decimal | None = stored.closing
    if stored.closing_on == day and closing is not None:
        return closing
    lines = stored.listings.filter(line__booked_on__lte=day)
    moved: Decimal = lines.aggregate(sum=Coalesce(Sum("line__amount"), Decimal(0)))["sum"]
    return sum_of([moved, stored.opening or Decimal(0)])


def _balance_at(statement: Statement, day: date) -> Decimal:
    assert statement.opening and statement.closing  # noqa: S101 - asked by the caller
    if statement.closing.on == day:
        return statement.closing.amount
    return statement.opening.amount + sum_of(line.amount for line in statement.booked_lines if line.booked_on <= day)
