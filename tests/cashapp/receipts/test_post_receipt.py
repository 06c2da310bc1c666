"""Posting what customers paid."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from cashapp.actions.drafts import ReceiptDraft
from cashapp.actions.receipts import post_receipt, post_receipts
from cashapp.actions.unidentified import post_unidentified
from cashapp.errors import AlreadyPosted, MoreThanReceived, NotAReceipt, WrongDocument
from cashapp.models import BankStatementLine, MatchDecision, MatchTask, Receipt
from cashapp.money_in import Incoming, Payment
from core.actions import add_rates
from core.errors import NotAllowed, Refused, SameKeyOtherContent
from core.models import AuditEvent, ExchangeRate, LegalEntity, User
from core.money import money
from customers.models import Customer
from ledger.actions import close_period
from ledger.models import Allocation, OpenItem
from ledger.periods import periods_of
from ledger.posting import OverAllocated, PeriodClosed, WrongCustomer
from tests.cashapp.receipts.conftest import customer_of, open_amounts, pays, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]


def test_a_receipt_pays_what_it_names_and_the_rest_waits_on_account(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    first, second = invoice(castle, "INV-1", "120.00", may(1)), invoice(castle, "INV-2", "60.00", may(2))
    line = bank_line("200.00", "INV-1 INV-2", on=may(12), payer="CASTLE FIBRE")

    receipt = post_receipt(
        by=clerk, customer=castle, incoming=Incoming.of_line(line), pays=pays({first: "120.00", second: "60.00"})
    )

    assert open_amounts([first, second, receipt.item]) == ["0.00", "0.00", "20.00"]
    assert t_account(castle.entity) == {
        "bank": "200.00",
        "output_tax": "-30.00",
        "receivables": "-20.00",
        "revenue": "-150.00",
    }
    assert receipt.item.number == "RC-2026-000001"
    assert (receipt.payer, receipt.received_on, receipt.item.posted_on) == ("CASTLE FIBRE", may(12), may(12))


def test_what_was_decided_about_the_line_is_kept(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    receipt = received(castle, "120.00", may(12), {invoice(castle, "INV-1", "120.00", may(1)): "120.00"})

    assert receipt.line.task.state == MatchTask.State.MATCHED
    decision = MatchDecision.objects.get(line=receipt.line)
    assert (decision.outcome, decision.receipt, decision.decided_by) == ("posted", receipt, clerk)
    event = AuditEvent.objects.get(event="receipt.posted")
    assert event.after is not None
    assert (event.object_label, event.after["pays"]) == ("RC-2026-000001", {"INV-1": "120.00"})


def test_money_without_documents_waits_on_account_and_is_to_be_checked(
    castle: Customer, received: Make, may: Day
) -> None:
    receipt = received(castle, "50.00", may(12))
    assert open_amounts([receipt.item]) == ["50.00"]
    assert receipt.line.task.state == MatchTask.State.CHECK


def test_a_credit_note_is_used_up_beside_the_receipt(
    clerk: User, castle: Customer, invoice: Make, credit_note: Make, received: Make, may: Day
) -> None:
    first, second = invoice(castle, "INV-1", "100.00", may(1)), invoice(castle, "INV-2", "50.00", may(1))
    note = credit_note(castle, "CN-1", "120.00", may(2))

    receipt = received(castle, "30.00", may(12), {first: "100.00", second: "50.00", note: "-120.00"})

    assert open_amounts([first, second, note, receipt.item]) == ["0.00"] * 4
    assert [str(used.allocation.amount) for used in receipt.used_credits.all()] == ["100.000", "20.000"]


def test_many_receipts_are_posted_at_once_in_order(
    clerk: User, castle: Customer, halden: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    drafts = []
    for number, customer in enumerate([halden, castle, halden]):
        item = invoice(customer, f"INV-{number}", "10.00", may(1))
        line = bank_line("10.00", f"INV-{number}", on=may(10 + number))
        drafts.append(ReceiptDraft(customer, Incoming.of_line(line), pays({item: "10.00"})))

    receipts = post_receipts(by=clerk, entity=castle.entity, drafts=drafts)

    assert [(receipt.item.number[-1], receipt.item.customer) for receipt in receipts] == [
        ("1", halden),
        ("2", castle),
        ("3", halden),
    ]


def test_two_receipts_of_one_batch_share_an_invoice(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "100.00", may(1))
    drafts = [
        ReceiptDraft(castle, Incoming.of_line(bank_line(amount, on=may(12))), pays({item: amount}))
        for amount in ("60.00", "40.00")
    ]
    post_receipts(by=clerk, entity=castle.entity, drafts=drafts)
    assert open_amounts([item]) == ["0.00"]


def test_money_that_no_statement_tells_of_is_posted_by_hand(
    clerk: User, castle: Customer, bank_account: Any, may: Day
) -> None:
    cheque = Incoming(money("75.00 GBP"), may(12), key="cheque 4711", bank_account=bank_account, text="Cheque 4711")
    receipt = post_receipt(by=clerk, customer=castle, incoming=cheque)
    assert post_receipt(by=clerk, customer=castle, incoming=cheque) == receipt
    with pytest.raises(SameKeyOtherContent):
        other = Incoming(money("80.00 GBP"), may(12), key="cheque 4711", bank_account=bank_account)
        post_receipt(by=clerk, customer=castle, incoming=other)


def test_more_than_came_in_cannot_be_applied(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    with pytest.raises(MoreThanReceived, match=r"only 100.00 GBP left, but 120.00 GBP were to be applied"):
        received(castle, "100.00", may(12), {invoice(castle, "INV-1", "120.00", may(1)): "120.00"})
    assert not Receipt.objects.exists()


def test_more_than_is_open_cannot_be_applied(castle: Customer, invoice: Make, received: Make, may: Day) -> None:
    with pytest.raises(OverAllocated, match=r"INV-1 has only 120.00 GBP left open"):
        received(castle, "200.00", may(12), {invoice(castle, "INV-1", "120.00", may(1)): "150.00"})


def test_another_customers_invoice_cannot_be_paid(
    castle: Customer, halden: Customer, invoice: Make, received: Make, may: Day
) -> None:
    with pytest.raises(WrongCustomer, match="different customers"):
        received(castle, "120.00", may(12), {invoice(halden, "INV-1", "120.00", may(1)): "120.00"})


@pytest.mark.parametrize("amount", ["0.00", "-5.00"])
def test_an_invoice_takes_no_nothing_and_no_negative(
    amount: str, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    with pytest.raises(WrongDocument):
        received(castle, "120.00", may(12), {invoice(castle, "INV-1", "120.00", may(1)): amount})


def test_credit_notes_worth_more_than_the_documents_are_refused(
    castle: Customer, invoice: Make, credit_note: Make, received: Make, may: Day
) -> None:
    note, item = credit_note(castle, "CN-1", "50.00", may(1)), invoice(castle, "INV-1", "20.00", may(1))
    with pytest.raises(WrongDocument, match="worth more"):
        received(castle, "10.00", may(12), {item: "20.00", note: "-50.00"})


def test_a_document_named_twice_is_refused(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(1))
    twice = [Payment(item, Decimal(60)), Payment(item, Decimal(60))]
    with pytest.raises(WrongDocument, match="twice"):
        post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(bank_line("120.00", on=may(12))), pays=twice)


def test_money_that_went_out_is_no_receipt(clerk: User, castle: Customer, bank_line: Make, may: Day) -> None:
    with pytest.raises(NotAReceipt):
        post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(bank_line("-20.00", on=may(12))))


def test_a_closed_month_takes_no_receipt_but_a_later_day_does(
    clerk: User, system: User, castle: Customer, bank_line: Make, may: Day
) -> None:
    (period,) = periods_of(castle.entity, [may(1)]).values()
    close_period(by=system, period=period)
    incoming = Incoming.of_line(bank_line("20.00", on=may(12)))
    with pytest.raises(PeriodClosed, match="May 2026 is closed"):
        post_receipt(by=clerk, customer=castle, incoming=incoming)
    receipt = post_receipt(by=clerk, customer=castle, incoming=incoming, posted_on=date(2026, 6, 1))
    assert (receipt.item.document_on, receipt.item.posted_on) == (may(12), date(2026, 6, 1))


def test_a_customer_of_another_company_is_refused(
    clerk: User, de: LegalEntity, castle: Customer, bank_line: Make, may: Day
) -> None:
    stranger = customer_of(de, "C-1", "Fremd GmbH")
    draft = ReceiptDraft(stranger, Incoming.of_line(bank_line("20.00", on=may(12))))
    with pytest.raises(Refused, match="no customer of Brightwater"):
        post_receipts(by=clerk, entity=castle.entity, drafts=[draft])


def test_the_same_line_twice_gives_the_first_receipt_and_otherwise_is_refused(
    clerk: User, castle: Customer, halden: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(1))
    incoming = Incoming.of_line(bank_line("120.00", "INV-1", on=may(12)))
    first = post_receipt(by=clerk, customer=castle, incoming=incoming, pays=pays({item: "120.00"}))

    assert post_receipt(by=clerk, customer=castle, incoming=incoming, pays=pays({item: "120.00"})) == first
    with pytest.raises(AlreadyPosted, match=r"posted already: RC-2026-000001 of Castle Fibre Ltd"):
        post_receipt(by=clerk, customer=halden, incoming=incoming)
    assert Allocation.objects.count() == 1


def test_a_line_that_waits_as_unidentified_is_not_posted_beside_it(
    clerk: User, castle: Customer, bank_line: Make, may: Day
) -> None:
    incoming = Incoming.of_line(bank_line("120.00", on=may(12)))
    post_unidentified(by=clerk, entity=castle.entity, incoming=incoming)
    with pytest.raises(AlreadyPosted, match="unidentified"):
        post_receipt(by=clerk, customer=castle, incoming=incoming)


def test_who_may_not(collector: User, stranger: User, castle: Customer, bank_line: Make, may: Day) -> None:
    incoming = Incoming.of_line(bank_line("120.00", on=may(12)))
    for person in (collector, stranger):
        with pytest.raises(NotAllowed):
            post_receipt(by=person, customer=castle, incoming=incoming)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_post_one_line_at_once_for_different_customers(
    clerk: User, castle: Customer, halden: Customer, bank_line: Make, may: Day
) -> None:
    line = bank_line("120.00", on=may(12))
    results = at_once(lambda customer: post(clerk, customer, line), [castle, halden])
    assert sorted(type(result).__name__ for result in results) == ["AlreadyPosted", "Receipt"]
    assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_receipts_at_once_never_pay_an_invoice_twice(
    clerk: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(1))
    lines = [bank_line("120.00", on=may(12)), bank_line("120.00", on=may(13))]
    results = at_once(lambda line: post(clerk, castle, line, item), lines)
    assert sorted(type(result).__name__ for result in results) == ["OverAllocated", "Receipt"]
    assert open_amounts([item]) == ["0.00"]


def post(by: User, customer: Customer, line: BankStatementLine, item: OpenItem | None = None) -> Receipt:
    paid = pays({item: str(line.amount)}) if item else ()
    return post_receipt(by=by, customer=customer, incoming=Incoming.of_line(line), pays=paid)


def at_once(work: Callable[[Any], Any], arguments: list[Any]) -> list[Any]:
    """Let threads do the work side by side; what they are refused is their result."""
    ready = threading.Barrier(len(arguments))
    results: list[Any] = [None] * len(arguments)

    def run(place: int) -> None:
        try:
            ready.wait(10)
            results[place] = work(arguments[place])
        except Refused as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(arguments))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_pounds_pay_no_euro_invoice(
    clerk: User, finance_manager: User, castle: Customer, invoice: Make, bank_line: Make, may: Day
) -> None:
    """Castle was billed 100.00 euro and sends 86.00 pounds: they wait on account until somebody asks."""
    rate = ExchangeRate(from_currency="EUR", to_currency="GBP", on=may(1), rate=Decimal("0.86"), source="ECB")
    add_rates(by=finance_manager, entity=castle.entity, rates=[rate])
    castle.currency = "EUR"
    item = invoice(castle, "INV-EUR-1", "100.00", may(1))
    line = bank_line("86.00", "INV-EUR-1", on=may(12))

    with pytest.raises(WrongDocument, match=r"INV-EUR-1 is in EUR; .*86.00 GBP is in GBP and settles only"):
        post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(line), pays=pays({item: "86.00"}))

    receipt = post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(line))
    assert (str(receipt.item.open_money), open_amounts([item])) == ("86.00 GBP", ["100.00"])
