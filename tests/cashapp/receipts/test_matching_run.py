"""Matching a statement as a run: started once, taken up again, stopped, and a company's lines in foreign money."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cashapp import matching_runs
from cashapp.actions.matching import match_again, match_statement
from cashapp.actions.receipts import post_receipt
from cashapp.models import MatchTask, Receipt
from cashapp.money_in import Incoming, Payment
from cashapp.tasks import match_lines, resume_matching
from core import clock, runs
from core.actions.rates import add_rates
from core.errors import NotAllowed
from core.models import AuditEvent, BankAccount, ExchangeRate, LegalEntity, Run, User
from core.money import money
from customers.models import Customer
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft
from tests.cashapp.receipts.conftest import customer_of, open_amounts, posted, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]


@pytest.fixture
def lines(castle: Customer, invoice: Make, bank_line: Make, may: Day) -> list[Any]:
    """Three lines that are sure and one that is not."""
    made = []
    for number in (1001, 1002, 1003):
        invoice(castle, f"INV-{number}", f"{number}.00", may(1))
        made.append(bank_line(f"{number}.00", f"INV-{number}", on=may(10), payer="CASTLE FIBRE LTD"))
    return [*made, bank_line("77.00", "PAYMENT", on=may(11))]


def test_a_statement_is_matched_by_a_run_that_starts_once(clerk: User, lines: list[Any], may: Day) -> None:
    run = match_statement(by=clerk, statement=lines[0].statement)
    assert match_statement(by=clerk, statement=lines[0].statement) == run
    match_lines.delay(run.pk)
    run.refresh_from_db()
    assert (run.state, run.total, run.result) == (Run.State.DONE, 1, {"posted": 1})
    match_lines.delay(run.pk)
    assert Receipt.objects.count() == 1


def test_what_is_left_is_matched_again(clerk: User, lines: list[Any]) -> None:
    run = match_again(by=clerk, entity=lines[0].bank_account.entity)
    assert AuditEvent.objects.get(event="run.started").by == clerk
    match_lines.delay(run.pk)
    run.refresh_from_db()
    assert run.result == {"posted": 3, "unidentified": 1}
    assert MatchTask.objects.get(state="to_match").decision == "unidentified"


def test_a_run_that_was_killed_is_taken_up_where_it_stood(
    clerk: User, lines: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = match_again(by=clerk, entity=lines[0].bank_account.entity)
    monkeypatch.setattr(matching_runs, "BATCH", 1)
    steps = iter([True, True])

    def die(run: Run, done: int = 1) -> bool:
        if not next(steps, False):
            raise KeyboardInterrupt
        return True

    with monkeypatch.context() as patch:
        patch.setattr(runs, "advance", die)
        with pytest.raises(KeyboardInterrupt):
            matching_runs.carry_out(run)
    assert Receipt.objects.count() == 3
    Run.objects.filter(pk=run.pk).update(state=Run.State.WAITING)

    matching_runs.carry_out(run)

    run.refresh_from_db()
    assert (run.state, run.total, run.result) == (Run.State.DONE, 1, {"unidentified": 1})
    assert Receipt.objects.count() == 3


def test_a_run_that_somebody_stopped_goes_no_further(
    clerk: User, lines: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = match_again(by=clerk, entity=lines[0].bank_account.entity)
    monkeypatch.setattr(matching_runs, "BATCH", 1)
    with monkeypatch.context() as patch:
        patch.setattr(runs, "advance", lambda run, done=1: False)
        matching_runs.carry_out(run)
    assert Receipt.objects.count() == 1


def test_who_may_not_start_one(collector: User, lines: list[Any]) -> None:
    with pytest.raises(NotAllowed):
        match_statement(by=collector, statement=lines[0].statement)
    with pytest.raises(NotAllowed):
        match_again(by=collector, entity=lines[0].bank_account.entity)


def test_a_receipt_in_foreign_money_realises_the_exchange_difference(
    clerk: User, system: User, books: LegalEntity, may: Day
) -> None:
    """Invoiced at 0.85, received at 0.86: a gain of 100 pounds on 10,000 euro."""
    account = BankAccount.objects.create(entity=books, name="Euro account", currency="EUR", is_default=True)
    customer = customer_of(books, "C-10009", "Halden Systeme GmbH")
    invoice = in_euro(system, customer, "INV-1", "0.85", may(1))
    rate = ExchangeRate(from_currency="EUR", to_currency="GBP", on=may(10), rate=Decimal("0.86"), source="ECB")
    add_rates(by=system, entity=books, rates=[rate])
    incoming = Incoming(money("10000.00 EUR"), may(12), key="eur", bank_account=account)

    post_receipt(by=clerk, customer=customer, incoming=incoming, pays=[Payment(invoice, Decimal(10_000))])

    assert open_amounts([invoice]) == ["0.00"]
    base: dict[str, Decimal] = {}
    for line in JournalEntry.objects.filter(entity=books).values_list(
        "lines__account__role", "lines__base_debit", "lines__base_credit"
    ):
        base[line[0]] = base.get(line[0], Decimal(0)) + line[1] - line[2]
    assert (base["exchange_differences"], base["receivables"], base["bank"]) == (-100, 0, 8600)
    assert t_account(books)["bank"] == "10000.00"


def in_euro(by: User, customer: Customer, number: str, rate: str, on: date) -> OpenItem:
    lines = (
        LineDraft(
            Account.Role.RECEIVABLES,
            debit=Decimal(10_000),
            customer=customer,
            item=ItemDraft(number, OpenItem.Kind.INVOICE, on, on),
        ),
        LineDraft(Account.Role.REVENUE, credit=Decimal(10_000)),
    )
    kind = JournalEntry.Kind.INVOICE
    return posted(by, EntryDraft(customer.entity, kind, on, "EUR", lines, f"i:{number}", rate=Decimal(rate)))


def test_a_run_that_no_worker_took_up_is_started_by_the_clock(clerk: User, lines: list[Any]) -> None:
    run = match_again(by=clerk, entity=lines[0].bank_account.entity)
    assert resume_matching() == 0
    Run.objects.filter(pk=run.pk).update(created_at=clock.now() - timedelta(minutes=2))

    assert resume_matching() == 1

    run.refresh_from_db()
    assert (run.state, Receipt.objects.count()) == (Run.State.DONE, 3)
    assert resume_matching() == 0


def test_a_run_that_breaks_says_so_and_does_not_seem_to_go_on(clerk: User, lines: list[Any]) -> None:
    run = match_again(by=clerk, entity=lines[0].bank_account.entity)
    Run.objects.filter(pk=run.pk).update(parameters={"statement": "no number"})

    with pytest.raises(ValueError, match="no number"):
        match_lines(run.pk)

    run.refresh_from_db()
    assert run.state == Run.State.FAILED and "no number" in run.message
