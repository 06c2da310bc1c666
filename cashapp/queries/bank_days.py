"""The bank days of a month, account by account: signed, prepared, waiting, or without a statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Min, Q

from cashapp.models import BankReconciliation, BankStatement
from cashapp.queries.settlements import accounts_at_providers
from core.calendars import BusinessCalendar, calendar_of
from core.models import BankAccount, LegalEntity
from ledger.periods import last_of_month

ONE_DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=45)


class DayState(StrEnum):
    """How far a day of an account is."""

    SIGNED = "signed"
    PREPARED = "prepared"
    TO_DO = "to_do"
    MISSING = "missing"
    NO_BANK_DAY = "no_bank_day"
    BEFORE = "before"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class BankDay:
    """One square of the calendar."""

    day: date
    state: DayState


@dataclass(frozen=True, slots=True)
class AccountMonth:
    """An account through a month, week by week from Monday; days of other months are nothing."""

    account: BankAccount
    weeks: tuple[tuple[BankDay | None, ...], ...]

    def count(self, state: DayState) -> int:
        """How many of its days are so far."""
        return sum(day is not None and day.state == state for week in self.weeks for day in week)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """The states that matter, with their days."""
        shown = (DayState.SIGNED, DayState.PREPARED, DayState.TO_DO, DayState.MISSING)
        return [(state.value, self.count(state)) for state in shown if self.count(state)]


@dataclass(frozen=True, slots=True)
class MissingStatement:
    """A bank day that is over and that no statement covers."""

    account: BankAccount
    day: date


def month_of_accounts(entity: LegalEntity, month_on: date, as_of: date) -> list[AccountMonth]:
    """Every account that has statements, through a month."""
    first, last = month_on.replace(day=1), last_of_month(month_on)
    reconciled = _reconciled(entity, first, last)
    return [
        AccountMonth(account, tuple(_weeks(days))) for account, days in _days(entity, first, last, as_of, reconciled)
    ]


def missing_statements(entity: LegalEntity, as_of: date) -> list[MissingStatement]:
    """Bank days of the last weeks that are over and without a statement, the oldest first."""
    found = [
        MissingStatement(account, day.day)
        for account, days in _days(entity, as_of - LOOK_BACK, as_of - ONE_DAY, as_of, {})
        for day in days
        if day.state == DayState.MISSING
    ]
    return sorted(found, key=lambda one: (one.day, one.account.name))


def _days(
    entity: LegalEntity, first: date, last: date, as_of: date, reconciled: dict[int, dict[date, DayState]]
) -> Iterator[tuple[BankAccount, list[BankDay]]]:
    """The days of each account that has had a statement. Accounts at payment providers are proved by their payouts."""
    booked = Q(statements__kind=BankStatement.Kind.BOOKED)
    accounts = (
        BankAccount.objects.filter(entity=entity, is_active=True)
        .exclude(pk__in=accounts_at_providers(entity))
        .annotate(begun_on=Min("statements__closing_on", filter=booked))
    )
    followed: list[Any] = list(accounts.exclude(begun_on=None).order_by("-is_default", "name"))
    if not followed:
        return
    calendar, covered = calendar_of(entity), _covered(entity, first, last)
    for account in followed:
        told = Told(account.begun_on, covered.get(account.pk, {}), reconciled.get(account.pk, {}), calendar, as_of)
        yield account, [told.of(first + timedelta(days=n)) for n in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of an account's days: `covered` says of a day whether a statement closes on it."""

    begun_on: date
    covered: dict[date, bool]
    reconciled: dict[date, DayState]
    calendar: BusinessCalendar
    as_of: date

    def of(self, day: date) -> BankDay:
        """How far a day is."""
        return BankDay(day, self._state(day))

    def _state(self, day: date) -> DayState:
        if day in self.reconciled:
            return self.reconciled[day]
        if self.covered.get(day):
            return DayState.TO_DO
        if day < self.begun_on:
            return DayState.BEFORE
        if day >= self.as_of:
            return DayState.AHEAD
        if day in self.covered or not self.calendar.is_business_day(day):
            return DayState.NO_BANK_DAY
        return DayState.MISSING


def _covered(entity: LegalEntity, first: date, last: date) -> dict[int, dict[date, bool]]:
    """The days that booked statements speak of, and whether one closes there."""
    rows = BankStatement.objects.filter(
        bank_account__entity=entity, kind=BankStatement.Kind.BOOKED, closing_on__gte=first
    ).exclude(opening_on__gt=last)
    found: dict[int, dict[date, bool]] = {}
    for account, opening_on, closing_on in rows.values_list("bank_account", "opening_on", "closing_on"):
        if closing_on is None:
            continue
        days = found.setdefault(account, {})
        opened = opening_on or closing_on
        day = max(first, opened + ONE_DAY if opened < closing_on else opened)
        while day < min(closing_on, last + ONE_DAY):
            days.setdefault(day, False)
            day += ONE_DAY
        if closing_on <= last:
            days[closing_on] = True
    return found


def _reconciled(entity: LegalEntity, first: date, last: date) -> dict[int, dict[date, DayState]]:
    rows = BankReconciliation.objects.filter(
        bank_account__entity=entity, ended_at=None, day__gte=first, first_on__lte=last
    )
    found: dict[int, dict[date, DayState]] = {}
    for row in rows:
        day = max(first, row.first_on)
        while day <= min(row.day, last):
            state = DayState.SIGNED if row.signed_at else DayState.PREPARED
            found.setdefault(row.bank_account_id, {})[day] = state
            day += ONE_DAY
    return found


def _weeks(days: list[BankDay]) -> Iterator[tuple[BankDay | None, ...]]:
    """Rows of seven, Monday first."""
    squares: list[BankDay | None] = [None] * days[0].day.weekday()
    squares += days
    squares += [None] * (-len(squares) % 7)
    for start in range(0, len(squares), 7):
        yield tuple(squares[start : start + 7])
