"""Locking, closing and reopening months, and who may."""

from collections.abc import Callable
from datetime import date

import pytest

from core.errors import NotAllowed
from core.models import AuditEvent, LegalEntity, User
from customers.models import Customer
from ledger.actions import PeriodNotChanged, ReasonMissing, close_period, reopen_period, set_up_ledger, soft_lock_period
from ledger.models import Account, AccountingPeriod, Allocation, OpenItem
from ledger.posting import PeriodClosed, post, reverse_allocations, reverse_entry
from tests.ledger.conftest import draft_invoice

Day = Callable[[int], date]
Make = Callable[..., OpenItem]


@pytest.fixture
def period(books: LegalEntity, may: Day) -> AccountingPeriod:
    return AccountingPeriod.objects.create(entity=books, starts_on=may(1))


def test_months_open_by_themselves_when_something_is_dated_in_them(acme: Customer, invoice: Make, may: Day) -> None:
    invoice(acme, "INV-1", "120.00", may(31))

    period = AccountingPeriod.objects.get()
    assert (str(period), period.ends_on, period.state) == ("May 2026", may(31), "open")


def test_nothing_is_dated_into_a_closed_month(
    acme: Customer, finance_manager: User, system: User, invoice: Make, receipt: Make, apply: Callable[..., Allocation],
    period: AccountingPeriod, may: Day,
) -> None:  # fmt: skip
    bill, cash = invoice(acme, "INV-1", "120.00", may(1)), receipt(acme, "RC-1", "150.00", may(2))
    allocation = apply(cash, bill, "1.00", may(2))
    close_period(by=finance_manager, period=period)

    with pytest.raises(PeriodClosed, match="May 2026 is closed in Brightwater. Date it later than 31 May 2026."):
        invoice(acme, "INV-2", "120.00", may(31))
    with pytest.raises(PeriodClosed):
        apply(cash, bill, "100.00", may(31))
    with pytest.raises(PeriodClosed):
        reverse_allocations(by=system, allocations=[allocation], allocated_on=may(31), reason="No")
    other = invoice(acme, "INV-3", "120.00", date(2026, 6, 1))
    april = invoice(acme, "INV-4", "5.00", date(2026, 4, 1)).line.entry
    with pytest.raises(PeriodClosed):
        reverse_entry(by=system, entry=april, posted_on=may(5), reason="Wrong")
    apply(cash, other, "100.00", date(2026, 6, 1))


def test_a_soft_locked_month_takes_what_somebody_with_the_right_explains(
    acme: Customer, clerk: User, finance_manager: User, period: AccountingPeriod, may: Day
) -> None:
    soft_lock_period(by=finance_manager, period=period, reason="Month end")

    with pytest.raises(PeriodClosed, match="takes a reason"):
        post(by=finance_manager, entries=[draft_invoice(acme, "INV-1", "120.00", may(31))])
    late = draft_invoice(acme, "INV-1", "120.00", may(31), late_reason="Delivered on the 31st")
    with pytest.raises(NotAllowed, match="may not post into locked months"):
        post(by=clerk, entries=[late])
    assert post(by=finance_manager, entries=[late])[0].late_reason == "Delivered on the 31st"


def test_closing_and_reopening_are_told_to_the_auditor(finance_manager: User, period: AccountingPeriod) -> None:
    close_period(by=finance_manager, period=period, reason="Signed off")
    reopened = reopen_period(by=finance_manager, period=period, reason="Late credit note")

    assert reopened.state == "open"
    told = AuditEvent.objects.filter(object_type="ledger.accountingperiod").order_by("pk")
    assert [(event.event, event.reason) for event in told] == [
        ("period.closed", "Signed off"),
        ("period.reopened", "Late credit note"),
    ]


def test_a_month_is_closed_once_and_reopened_with_a_reason(finance_manager: User, period: AccountingPeriod) -> None:
    with pytest.raises(PeriodNotChanged, match="May 2026 of Brightwater is open already"):
        reopen_period(by=finance_manager, period=period, reason="Why not")
    close_period(by=finance_manager, period=period)
    with pytest.raises(PeriodNotChanged, match="closed already"):
        close_period(by=finance_manager, period=period)
    with pytest.raises(PeriodNotChanged):
        soft_lock_period(by=finance_manager, period=period)
    with pytest.raises(ReasonMissing):
        reopen_period(by=finance_manager, period=period, reason=" ")


@pytest.mark.parametrize("who", ["clerk", "collector", "manager", "auditor", "administrator", "stranger"])
def test_only_the_finance_manager_closes(who: str, period: AccountingPeriod, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(who)
    for turn in (close_period, soft_lock_period, reopen_period):
        with pytest.raises(NotAllowed):
            turn(by=by, period=period, reason="Month end")
    with pytest.raises(NotAllowed):
        set_up_ledger(by=by, entity=period.entity)


def test_setting_up_again_adds_only_what_is_missing(books: LegalEntity, system: User) -> None:
    before = Account.objects.filter(entity=books).count()
    assert set_up_ledger(by=system, entity=books) == []

    for name in ("Current", "Deposit"):
        books.bank_accounts.create(name=name, currency="GBP", account_number=name, is_default=name == "Deposit")
    set_up_ledger(by=system, entity=books)

    banks = Account.objects.filter(entity=books, role="bank").order_by("code")
    assert [(bank.code, bank.name) for bank in banks] == [("1200", "Bank: Deposit"), ("1201", "Bank: Current")]
    assert Account.objects.filter(entity=books).count() == before + 1
