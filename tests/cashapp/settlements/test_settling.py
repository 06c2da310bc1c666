"""A settlement file of a provider leads to the payments, the payout and the bank line, and nothing is booked twice."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cashapp.actions.matching import match_lines, match_statement
from cashapp.actions.payments import add_provider, post_payment
from cashapp.actions.receipts import post_receipt
from cashapp.actions.settlements import settle_lines, take_in_settlement
from cashapp.actions.statements import import_statement
from cashapp.errors import NothingChosen
from cashapp.matching import OpenIndex
from cashapp.models import (
    BankStatement,
    BankStatementLine,
    ElectronicPayment,
    MatchTask,
    PaymentProvider,
    Payout,
    SettlementLine,
)
from cashapp.money_in import Incoming
from cashapp.queries.bank_days import month_of_accounts
from cashapp.queries.matching import lines_to_match, load_index
from cashapp.queries.settlements import figures_of, payouts_in, rows_of, settled_lines
from core.errors import NotAllowed
from core.models import BankAccount, LegalEntity, User
from core.money import money
from customers.models import Customer
from ledger.models import JournalEntry, JournalLine
from tests.cashapp.receipts.conftest import open_amounts, t_account
from tests.cashapp.settlements.conftest import differences, stripe_file, work_on

Make = Callable[..., Any]
Day = Callable[[int], date]
TWO_PAYMENTS = (
    "po_1 txn_1 11 120.00 2.50 charge pi_1 Sale INV-1001",
    "po_1 txn_2 12 80.00 1.50 charge pi_2 Sale INV-2002",
)


def clearing(provider: PaymentProvider) -> Decimal:
    """What stands on the provider's clearing account."""
    rows = JournalLine.objects.filter(account=provider.clearing)
    return sum((row.signed_amount for row in rows), Decimal(0))


def story(payment: ElectronicPayment) -> list[str]:
    return list(payment.facts.order_by("pk").values_list("kind", flat=True))


def test_a_file_brings_its_payments_into_the_queue_and_its_payout_onto_the_bank_line(
    clerk: User, castle: Customer, halden: Customer, stripe: PaymentProvider, at_stripe: BankAccount,
    invoice: Make, bring: Make, bank_line: Make, may: Day,
) -> None:  # fmt: skip
    items = [invoice(castle, "INV-1001", "120.00", may(1)), invoice(halden, "INV-2002", "80.00", may(1))]
    line = bank_line("196.00", "STRIPE PAYMENTS UK po_1", on=may(14))
    match_lines(by=clerk, entity=stripe.entity, lines=[line], index=load_index(stripe.entity, may(14)))

    statement = bring(stripe_file(*TWO_PAYMENTS))

    payments = list(ElectronicPayment.objects.order_by("reference"))
    told = [(each.reference, each.customer, each.money, each.method) for each in payments]
    assert told == [("pi_1", castle, money("120.00 GBP"), "card"), ("pi_2", halden, money("80.00 GBP"), "card")]
    payout = Payout.objects.get()
    assert (payout.gross, payout.fee, payout.net) == (Decimal(200), Decimal(4), Decimal(196))
    assert payout.credits.get().line == line and differences(statement) == []
    assert open_amounts(items) == ["0.00", "0.00"], "each names its invoice, and pays it to the penny"
    assert story(payments[0]) == ["received", "posted", "settled", "reconciled"]
    assert t_account(stripe.entity) == {
        "bank": "196.00", "bank_charges": "4.00", "output_tax": "-33.33", "revenue": "-166.67",
    }  # fmt: skip
    assert clearing(stripe) == 0


def test_its_lines_are_no_receipts_to_match(
    stripe: PaymentProvider, at_stripe: BankAccount, castle: Customer, invoice: Make, bring: Make, may: Day
) -> None:
    invoice(castle, "INV-1001", "117.50", may(1))
    statement = bring(stripe_file(TWO_PAYMENTS[0]))
    assert not lines_to_match(stripe.entity).exists()
    assert not MatchTask.objects.filter(line__statement=statement).exists()
    assert month_of_accounts(stripe.entity, may(1), may(31)) == []


def test_a_bank_line_that_comes_after_the_file_finds_its_payout(
    clerk: User, stripe: PaymentProvider, at_stripe: BankAccount, bring: Make, bank_line: Make, may: Day
) -> None:
    statement = bring(stripe_file(*TWO_PAYMENTS))
    assert [row.credit for row in payouts_in(statement)] == [None]

    other, line = bank_line("196.00", "CASTLE FIBRE", on=may(14)), bank_line("196.00", "STRIPE PAYMENTS", on=may(14))
    index = load_index(stripe.entity, may(14))
    match_lines(by=clerk, entity=stripe.entity, lines=[other, line], index=index)

    (row,) = payouts_in(statement)
    assert row.credit is not None and row.credit.line == line
    assert MatchTask.objects.get(line=other).state == MatchTask.State.TO_MATCH
    assert MatchTask.objects.get(line=line).state == MatchTask.State.MATCHED


def test_two_bank_lines_that_could_be_the_payout_are_left_to_a_person(
    clerk: User, stripe: PaymentProvider, at_stripe: BankAccount, bring: Make, bank_line: Make, may: Day
) -> None:
    statement = bring(stripe_file(*TWO_PAYMENTS))
    lines = [bank_line("196.00", "STRIPE PAYMENTS", on=may(day)) for day in (14, 15)]
    match_lines(by=clerk, entity=stripe.entity, lines=lines, index=load_index(stripe.entity, may(15)))
    assert [row.credit for row in payouts_in(statement)] == [None]
    named = bank_line("196.00", "STRIPE PO_1", on=may(15))
    match_lines(by=clerk, entity=stripe.entity, lines=[named], index=load_index(stripe.entity, may(15)))
    (row,) = payouts_in(statement)
    assert row.credit is not None and row.credit.line == named


def test_a_payment_that_the_provider_told_of_before_is_the_same_payment(
    stripe: PaymentProvider, at_stripe: BankAccount, paid: Make, bring: Make
) -> None:
    known = paid("120.00", "INV-1001", reference="pi_1")
    other = paid("75.00", reference="pi_2")

    statement = bring(stripe_file(*TWO_PAYMENTS))

    assert ElectronicPayment.objects.count() == 2
    assert (story(known), story(other)) == (["received", "settled"], ["received"])
    assert differences(statement) == ["Stripe settles 80.00 GBP for pi_2, which came in with 75.00 GBP."]
    assert Payout.objects.get().gross == 200


def test_the_same_file_and_a_longer_one_with_the_same_movements_change_nothing(
    system: User, stripe: PaymentProvider, at_stripe: BankAccount, bring: Make, may: Day
) -> None:
    statement = bring(stripe_file(*TWO_PAYMENTS))
    entries = JournalEntry.objects.count()
    bring(stripe_file(*TWO_PAYMENTS))
    longer = bring(stripe_file(*TWO_PAYMENTS, "po_2 txn_3 13 50.00 1.00 charge pi_3 Sale"))
    lines = list(statement.lines.all())
    assert settle_lines(by=system, account=at_stripe, lines=lines, on=may(20), index=OpenIndex())
    assert ElectronicPayment.objects.count() == 3
    assert (Payout.objects.count(), JournalEntry.objects.count()) == (2, entries)
    assert SettlementLine.objects.count() == 5 and differences(longer) == []


def test_a_refund_of_all_of_a_payment_opens_its_invoice_again(
    clerk: User, stripe: PaymentProvider, at_stripe: BankAccount, castle: Customer, invoice: Make, paid: Make,
    bring: Make, bank_line: Make, may: Day,
) -> None:  # fmt: skip
    item = invoice(castle, "INV-1001", "120.00", may(1))
    payment = paid("120.00", "INV-1001", reference="pi_1")
    receipt = post_payment(by=clerk, payment=payment, posted_on=may(12))
    bring(stripe_file(TWO_PAYMENTS[0]))

    back = "po_2 txn_9 18 -120.00 0.00 refund pi_1 Refund"
    statement = bring(stripe_file("po_2 txn_3 18 500.00 9.00 charge pi_3 Sale", back))

    receipt.refresh_from_db()
    assert (receipt.ending, open_amounts([item])) == ("returned", ["120.00"])
    assert story(payment) == ["received", "posted", "settled", "refunded"]
    assert differences(statement) == []
    payout = Payout.objects.get(reference="po_2")
    assert (payout.gross, payout.fee, payout.net) == (Decimal(380), Decimal(9), Decimal(371))


def test_a_chargeback_takes_its_fee_with_it_and_a_dispute_that_is_won_posts_the_payment_again(
    clerk: User, stripe: PaymentProvider, at_stripe: BankAccount, castle: Customer, invoice: Make, paid: Make,
    bring: Make, bank_line: Make, may: Day,
) -> None:  # fmt: skip
    item = invoice(castle, "INV-1001", "120.00", may(1))
    payment = paid("120.00", "INV-1001", reference="pi_1")
    post_payment(by=clerk, payment=payment, posted_on=may(12))
    bank_lines = [bank_line(amount, f"STRIPE {name}", on=may(14)) for amount, name in (
        ("117.50", "po_1"), ("356.00", "po_2"), ("120.00", "po_3")
    )]  # fmt: skip
    match_lines(by=clerk, entity=stripe.entity, lines=bank_lines, index=load_index(stripe.entity, may(14)))
    bring(stripe_file(TWO_PAYMENTS[0]))
    sale = "po_2 txn_3 18 500.00 9.00 charge pi_3 Sale"
    lost = bring(stripe_file(sale, "po_2 txn_9 18 -120.00 15.00 dispute pi_1 Fraudulent"))
    assert (open_amounts([item]), differences(lost)) == (["120.00"], [])

    won = bring(stripe_file("po_3 txn_12 25 120.00 0.00 dispute_reversal pi_1 Won"))

    assert (open_amounts([item]), differences(won)) == (["0.00"], [])
    assert story(payment)[-3:] == ["reconciled", "disputed", "posted"]
    assert clearing(stripe) == Decimal(-500), "only the payment that nobody posted yet is missing"
    assert t_account(stripe.entity)["bank_charges"] == "26.50"


def test_a_part_that_went_back_is_named_until_its_refund_is_kept(
    clerk: User, stripe: PaymentProvider, at_stripe: BankAccount, paid: Make, bring: Make
) -> None:
    paid("120.00", reference="pi_1")
    rows = (TWO_PAYMENTS[0], "po_1 txn_9 13 -20.00 0.00 refund pi_1 Goodwill")
    statement = bring(stripe_file(*rows, "po_1 txn_8 13 -7.00 0.00 refund pi_0 Old"))
    assert differences(statement) == [
        "20.00 GBP of pi_1 went back to the payer. A part goes back by a refund: record it there, then look again.",
        "A refund of 7.00 GBP: its payment pi_0 never came in here, so nothing was opened again.",
    ]
    assert Payout.objects.get().gross == 93


def test_what_no_payout_names_has_its_fee_booked_at_once(
    system: User, books: LegalEntity, finance_manager: User, bring: Make, may: Day
) -> None:
    paypal = add_provider(by=finance_manager, entity=books, code="paypal", name="PayPal")
    BankAccount.objects.create(entity=books, name="PayPal balance", currency="GBP", bank_name="PayPal")
    titles = (
        "Date,Time,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Reference Txn ID,Invoice Number,Name,Balance\n"
    )
    rows = "13/05/2026,10:00,Website Payment,Completed,GBP,84.00,-4.25,79.75,T1,,,Acme,79.75\n"
    rows += "14/05/2026,10:00,General Withdrawal,Completed,GBP,-70.00,0.00,-70.00,T2,,,,9.75\n"
    rows += "14/05/2026,11:00,Payment Refund,Completed,GBP,-3.00,-0.50,-3.50,T4,T0,,,6.25\n"
    rows += "15/05/2026,10:00,General Currency Conversion,Completed,GBP,-5.00,0.00,-5.00,T3,,,,1.25\n"

    statement = bring((titles + rows).encode())

    payment = ElectronicPayment.objects.get()
    assert (payment.reference, payment.method, payment.provider) == ("T1", "wallet", paypal)
    assert t_account(books) == {"bank_charges": "4.75", "card_clearing": "-4.75"}
    assert Payout.objects.get().gross == 70
    assert differences(statement) == [
        "A refund of 3.00 GBP: its payment T0 never came in here, so nothing was opened again.",
        "PayPal exchanged 5.00 GBP, but the other half is in no file yet. "
        "Bring in the file of that currency, then look again.",
    ]
    figures = figures_of(rows_of(settled_lines(statement)))
    assert (figures.gross, figures.fees, figures.returned, figures.paid_out) == (84, Decimal("4.75"), -3, 70)


def test_a_provider_that_nobody_added_keeps_everything_waiting(
    system: User, books: LegalEntity, finance_manager: User, at_stripe: BankAccount, bring: Make
) -> None:
    statement = bring(stripe_file(*TWO_PAYMENTS))
    run = match_statement(by=system, statement=statement)
    assert "Stripe is not among the providers of Brightwater yet" in run.errors.get().message
    assert not ElectronicPayment.objects.exists() and not SettlementLine.objects.exists()

    add_provider(by=finance_manager, entity=books, code="stripe", name="Stripe")
    again = work_on(take_in_settlement(by=system, statement=statement))

    assert (again.failed, ElectronicPayment.objects.count(), Payout.objects.count()) == (0, 2, 1)


def test_a_line_that_somebody_matched_before_is_named_and_not_booked_again(
    system: User, stripe: PaymentProvider, at_stripe: BankAccount, castle: Customer, bring: Make, may: Day
) -> None:
    content = stripe_file(TWO_PAYMENTS[0])
    (imported,) = import_statement(by=system, entity=stripe.entity, name="s.csv", content=content)
    line = imported.statement.lines.earliest("pk")
    MatchTask.objects.create(line=line, entity=stripe.entity)
    receipt = post_receipt(by=system, customer=castle, incoming=Incoming.of_line(line))
    bring(content)
    assert differences(imported.statement) == [
        f"The line was matched at the desk as {receipt}. Reverse that, then look again."
    ]
    assert not ElectronicPayment.objects.exists()


def test_who_may_not_and_what_is_no_settlement(
    manager: User, clerk: User, stripe: PaymentProvider, at_stripe: BankAccount, bring: Make, bank_line: Make, may: Day
) -> None:
    statement = bring(stripe_file(*TWO_PAYMENTS))
    with pytest.raises(NotAllowed, match="take in settlement files"):
        take_in_settlement(by=manager, statement=statement)
    with pytest.raises(NotAllowed):
        settle_lines(by=manager, account=at_stripe, lines=list(statement.lines.all()), on=may(14), index=OpenIndex())
    ordinary: BankStatementLine = bank_line("5.00", on=may(14))
    with pytest.raises(NothingChosen, match="is no settlement file"):
        take_in_settlement(by=clerk, statement=BankStatement.objects.get(pk=ordinary.statement_id))
