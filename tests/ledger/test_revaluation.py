"""Month ends of a company that keeps its books in pounds and bills in euro, drawn as T-accounts."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from core.errors import NotAllowed
from core.models import ExchangeRate, LegalEntity, Run, User
from customers.models import Customer
from ledger.actions import RevaluationRefused, close_period, revalue_items, soft_lock_period, start_revaluation
from ledger.models import Account, AccountingPeriod, JournalLine, Revaluation, RevaluedItem
from ledger.periods import PeriodClosed
from ledger.posting import Pair, allocate, post
from ledger.proofs import prove_ledger
from ledger.revaluation_runs import carry_out
from ledger.revaluing import preview, tie_of, unrealised
from tests.ledger.conftest import draft_invoice, draft_receipt

Role = Account.Role
MAY_END, JUNE_FIRST, LATER = date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 3)


@pytest.fixture
def euro(books: LegalEntity, make_customer: Callable[..., Customer]) -> Customer:
    return make_customer("Halden Logistik", books, "EUR")


@pytest.fixture
def rate() -> Callable[[str, date], None]:
    """What a euro is worth in pounds on a day."""

    def tell(value: str, on: date) -> None:
        ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=on, rate=Decimal(value), source="ECB")

    return tell


@pytest.fixture
def billed(euro: Customer, system: User, rate: Any, may: Callable[[int], date]) -> Customer:
    """EUR 10,000 invoiced at 0.85: 8,500 pounds. At the month's end a euro is worth 0.87."""
    rate("0.85", may(4))
    rate("0.87", MAY_END)
    with transaction.atomic():
        post(by=system, entries=[draft_invoice(euro, "INV-1", "10000.00", may(4))])
    return euro


def value(entity: LegalEntity, role: Account.Role, as_of: date) -> Decimal:
    """An account's balance in pounds, debit positive."""
    lines = JournalLine.objects.filter(account__entity=entity, account__role=role, posted_on__lte=as_of)
    return sum((line.base_debit - line.base_credit for line in lines), Decimal(0))


def revalued(by: User, entity: LegalEntity, **more: Any) -> Run:
    run, _ = start_revaluation(by=by, entity=entity, month_on=MAY_END, asked_on=LATER, **more)
    carry_out(run)
    run.refresh_from_db()
    return run


def test_the_worked_example_unrealised_reversed_realised(
    billed: Customer, books: LegalEntity, finance_manager: User, system: User, rate: Any
) -> None:
    """10,000 at 0.85, closing 0.87, received at 0.86: +200 unrealised, taken back, +100 realised."""
    run = revalued(finance_manager, books)
    assert (run.state, run.result) == (Run.State.DONE, {"revalued": 1})

    assert value(books, Role.RECEIVABLES, MAY_END) == 8500
    assert value(books, Role.RECEIVABLES_REVALUATION, MAY_END) == 200
    assert value(books, Role.UNREALISED_EXCHANGE, MAY_END) == -200
    assert value(books, Role.RECEIVABLES_REVALUATION, JUNE_FIRST) == 0
    assert value(books, Role.UNREALISED_EXCHANGE, JUNE_FIRST) == 0

    rate("0.86", date(2026, 6, 10))
    with transaction.atomic():
        (receipt,) = post(by=system, entries=[draft_receipt(billed, "RC-1", "10000.00", date(2026, 6, 10))])
        item = billed.open_items.get(number="INV-1")
        allocate(by=system, pairs=[Pair(item, receipt.open_items[0], Decimal(10000), date(2026, 6, 10))])
    assert value(books, Role.EXCHANGE_DIFFERENCES, date(2026, 6, 10)) == -100
    assert value(books, Role.RECEIVABLES, date(2026, 6, 10)) == 0
    assert prove_ledger().problems == []


def test_credits_lose_where_invoices_gain_and_the_working_ties(
    billed: Customer, books: LegalEntity, finance_manager: User, system: User, may: Callable[[int], date]
) -> None:
    with transaction.atomic():
        post(by=system, entries=[draft_receipt(billed, "RC-1", "1000.00", may(5))])

    revalued(finance_manager, books)

    working = {row.item.number: (row.carried, row.worth, row.posted) for row in RevaluedItem.objects.all()}
    assert working == {"INV-1": (8500, 8700, 200), "RC-1": (-850, -870, -20)}
    assert [(row.rate, row.entry.posted_on, row.reversal.posted_on) for row in Revaluation.objects.all()] == [
        (Decimal("0.87"), MAY_END, JUNE_FIRST)
    ] * 2
    tie = tie_of(books, MAY_END)
    assert (tie.working, tie.account, tie.difference) == (180, 180, 0)


def test_pounds_are_not_revalued(
    books: LegalEntity, acme: Customer, invoice: Any, finance_manager: User, may: Callable[[int], date]
) -> None:
    with transaction.atomic():
        invoice(acme, "INV-1", "120.00", may(4))

    assert revalued(finance_manager, books).result == {"revalued": 0}
    assert preview(books, MAY_END, [acme.pk]) == []


def test_a_second_run_posts_nothing_unless_something_changed(
    billed: Customer, books: LegalEntity, finance_manager: User, system: User, rate: Any, may: Callable[[int], date]
) -> None:
    first = revalued(finance_manager, books)
    same, is_new = start_revaluation(by=finance_manager, entity=books, month_on=MAY_END, asked_on=LATER)
    assert (same, is_new) == (first, False)
    with transaction.atomic():
        assert revalue_items(by=finance_manager, entity=books, customers=[billed.pk], month_end=MAY_END) == 0

    rate("0.88", MAY_END)
    second = revalued(finance_manager, books)

    assert second != first
    assert value(books, Role.RECEIVABLES_REVALUATION, MAY_END) == 300, "200 before, 100 by the corrected rate"
    assert value(books, Role.RECEIVABLES_REVALUATION, JUNE_FIRST) == 0
    assert tie_of(books, MAY_END).difference == 0


def test_a_receipt_dated_back_takes_its_part_back(
    billed: Customer, books: LegalEntity, finance_manager: User, system: User, may: Callable[[int], date]
) -> None:
    revalued(finance_manager, books)
    with transaction.atomic():
        (receipt,) = post(by=system, entries=[draft_receipt(billed, "RC-1", "10000.00", may(20))])
        item = billed.open_items.get(number="INV-1")
        allocate(by=system, pairs=[Pair(item, receipt.open_items[0], Decimal(10000), may(20))])

    revalued(finance_manager, books)

    assert list(unrealised(entity=books, customers=[billed.pk], month_end=MAY_END)) == []
    assert value(books, Role.RECEIVABLES_REVALUATION, MAY_END) == 0
    assert prove_ledger().problems == []


def test_the_preview_tells_what_the_run_will_post(billed: Customer, books: LegalEntity) -> None:
    (row,) = preview(books, MAY_END, [billed.pk])

    assert (row.currency, row.rate, row.items) == ("EUR", Decimal("0.87"), 1)
    assert (row.open_amount, row.carried, row.worth, row.to_post) == (10000, 8500, 8700, 200)


def test_a_missing_rate_is_told_before_anything_is_posted(
    books: LegalEntity, make_customer: Any, system: User, may: Callable[[int], date], finance_manager: User
) -> None:
    yen = make_customer("Kyoto Trading", books, "JPY")
    with transaction.atomic():
        post(by=system, entries=[draft_invoice(yen, "INV-9", "6000", may(4), rate=Decimal("0.005"))])

    (row,) = preview(books, MAY_END, [yen.pk])

    assert "No exchange rate from JPY to GBP" in row.refusal
    with pytest.raises(RevaluationRefused, match="No exchange rate from JPY to GBP"):
        start_revaluation(by=finance_manager, entity=books, month_on=MAY_END, asked_on=LATER)
    assert not Run.objects.exists()


def test_a_month_that_is_not_over_or_is_closed_is_refused(
    billed: Customer, books: LegalEntity, finance_manager: User
) -> None:
    with pytest.raises(RevaluationRefused, match="May 2026 isn't over before 01 June 2026"):
        start_revaluation(by=finance_manager, entity=books, month_on=MAY_END, asked_on=MAY_END)
    close_period(by=finance_manager, period=AccountingPeriod.objects.get(entity=books, starts_on=date(2026, 5, 1)))
    with pytest.raises(PeriodClosed, match="May 2026 is closed"):
        start_revaluation(by=finance_manager, entity=books, month_on=MAY_END, asked_on=LATER)


def test_a_soft_locked_month_takes_it_with_a_reason(
    billed: Customer, books: LegalEntity, finance_manager: User
) -> None:
    soft_lock_period(by=finance_manager, period=AccountingPeriod.objects.get(entity=books, starts_on=date(2026, 5, 1)))

    revalued(finance_manager, books, late_reason="Month-end close")

    (row,) = Revaluation.objects.all()
    assert (row.entry.late_reason, row.reversal.late_reason) == ("Month-end close", "")


def test_a_run_that_was_killed_goes_on_where_it_was(
    billed: Customer, books: LegalEntity, finance_manager: User, system: User, make_customer: Any,
    may: Callable[[int], date],
) -> None:  # fmt: skip
    other = make_customer("Ostsee Werft", books, "EUR")
    with transaction.atomic():
        post(by=system, entries=[draft_invoice(other, "INV-2", "100.00", may(4))])
    run, _ = start_revaluation(by=finance_manager, entity=books, month_on=MAY_END, asked_on=LATER)
    with transaction.atomic():
        revalue_items(by=finance_manager, entity=books, customers=[billed.pk], month_end=MAY_END)

    carry_out(run)

    assert RevaluedItem.objects.count() == 2
    assert value(books, Role.RECEIVABLES_REVALUATION, MAY_END) == 202


def test_a_clerk_does_not_revalue(billed: Customer, books: LegalEntity, clerk: User, stranger: User) -> None:
    for person in (clerk, stranger):
        with pytest.raises(NotAllowed):
            start_revaluation(by=person, entity=books, month_on=MAY_END, asked_on=LATER)
