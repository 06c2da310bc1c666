"""Electronic payments from the moment a provider tells of them until they stand on our bank account."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cashapp.actions.desk import Verdict, match_line, undo_line
from cashapp.actions.ending import reverse_receipt
from cashapp.actions.payments import (
    add_provider,
    credit_payout,
    post_payment,
    record_payout,
    return_payment,
    say_payer,
    tell_of_payment,
)
from cashapp.actions.payments.taking_back import TakenBack
from cashapp.actions.unidentified import identify_receipt, post_unidentified
from cashapp.electronic import PaidOut, PayoutDraft
from cashapp.errors import AlreadyPosted, PaymentRefused, PayoutRefused, SurchargeNotCharged
from cashapp.models import ElectronicPayment, MatchTask, PaymentFact, PaymentProvider
from cashapp.money_in import Incoming
from cashapp.queries.payments import VIEWS, payments_left, payments_of, state_of
from core.errors import NotAllowed, SameKeyOtherContent
from core.models import User
from core.money import money
from customers.models import Contact, Customer
from messaging.models import Message
from tests.cashapp.queues.conftest import at
from tests.cashapp.receipts.conftest import open_amounts, pays, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]
Kind = PaymentFact.Kind


def story(payment: ElectronicPayment) -> list[str]:
    return list(payment.facts.order_by("pk").values_list("kind", flat=True))


def state(payment: ElectronicPayment, by: User) -> str:
    return state_of(payments_of([payment.entity], by).get(pk=payment.pk))[0]


def test_a_card_payment_goes_from_the_provider_to_our_bank_account(
    clerk: User, castle: Customer, stripe: PaymentProvider, invoice: Make, paid: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    payment = paid("120.00", "INV-1001", reference="pi_7")
    assert state(payment, clerk) == "Received"
    tell_of_payment(by=clerk, payment=payment, kind=Kind.CAPTURED, at=at(10))

    receipt = post_payment(by=clerk, payment=payment, posted_on=may(12))
    assert (open_amounts([item]), receipt.received_on) == (["0.00"], may(12))
    assert t_account(castle.entity)["card_clearing"] == "120.00"

    payout = record_payout(
        by=clerk,
        entity=castle.entity,
        draft=PayoutDraft(
            provider=stripe,
            reference="po_1",
            paid_on=may(14),
            gross=money("120.00 GBP"),
            fee=Decimal("2.50"),
            payments=[PaidOut("pi_7", Decimal(120))],
        ),
    )
    line = bank_line("117.50", "STRIPE PAYOUT", on=may(14))
    credit_payout(by=clerk, payout=payout, line=line)

    assert story(payment) == ["received", "captured", "posted", "settled", "reconciled"]
    assert state(payment, clerk) == "On our bank account"
    assert t_account(castle.entity) == {
        "bank": "117.50", "bank_charges": "2.50", "output_tax": "-20.00", "revenue": "-100.00",
    }  # fmt: skip
    assert MatchTask.objects.get(line=line).state == MatchTask.State.MATCHED


def test_its_payer_gets_a_receipt_by_mail_once(
    clerk: User, castle: Customer, payer: Contact, invoice: Make, paid: Make, may: Day
) -> None:
    invoice(castle, "INV-1001", "120.00", may(1))
    payment = paid("150.00", "INV-1001")
    for _ in range(2):
        receipt = post_payment(by=clerk, payment=payment, posted_on=may(12))
    message = Message.objects.get(kind="payment_receipt")
    assert (message.to_addresses, message.document) == (["priya@castle.example"], str(receipt))

    by_card = paid("10.00", payer_email="till@castle.example")
    post_payment(by=clerk, payment=by_card, posted_on=may(12))
    assert Message.objects.latest("pk").to_addresses == ["till@castle.example"]


def test_the_same_id_comes_in_once_and_never_with_another_amount(paid: Make) -> None:
    first = paid("120.00", reference="pi_1")
    assert paid("120.00", reference="pi_1") == first
    with pytest.raises(SameKeyOtherContent, match="Payment pi_1 came in before, with 120.00 GBP"):
        paid("121.00", reference="pi_1")


def test_a_payment_of_nobody_waits_until_somebody_says_whose_it_is(
    clerk: User, castle: Customer, paid: Make, may: Day
) -> None:
    payment = paid("120.00", customer=None, reference="pi_1")
    with pytest.raises(PaymentRefused, match="Say whose 120.00 GBP payment pi_1 is"):
        post_payment(by=clerk, payment=payment, posted_on=may(12))
    say_payer(by=clerk, payment=payment, customer=castle)
    receipt = post_payment(by=clerk, payment=payment, posted_on=may(12))
    assert (receipt.item.customer, receipt.item.open_amount) == (castle, 120)
    with pytest.raises(PaymentRefused, match="Move the receipt"):
        say_payer(by=clerk, payment=payment, customer=Customer.objects.create(
            entity=castle.entity, code="C-9", name="Nobody Ltd", currency="GBP", terms=castle.terms
        ))  # fmt: skip


def test_a_failed_payment_leaves_the_queue_and_is_never_posted(clerk: User, paid: Make, may: Day) -> None:
    payment = paid("120.00", reference="pi_1")
    assert payments_left(payment.entity) == 1
    tell_of_payment(by=clerk, payment=payment, kind=Kind.FAILED, at=at(11), note="Card declined")
    assert payments_left(payment.entity) == 0
    with pytest.raises(PaymentRefused, match="pi_1 failed"):
        post_payment(by=clerk, payment=payment, posted_on=may(12))


def test_a_wire_reported_ahead_is_posted_with_its_bank_line(clerk: User, paid: Make, may: Day) -> None:
    wire = paid("900.00", method="wire", provider=None, reference="Our transfer of Tuesday")
    with pytest.raises(PaymentRefused, match="match its bank line when it is there"):
        post_payment(by=clerk, payment=wire, posted_on=may(12))
    assert payments_left(wire.entity) == 0


def test_a_wire_is_closed_by_its_bank_line_and_expected_again_when_that_is_undone(
    clerk: User, castle: Customer, invoice: Make, paid: Make, bank_line: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "900.00", may(1))
    wire = paid("900.00", "INV-1001", method="wire", provider=None, reference="Transfer of Tuesday")
    line = bank_line("900.00", "INV-1001", on=may(14), payer="CASTLE FIBRE LTD")

    receipt = match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "900.00"})))

    assert (state(wire, clerk), expected(wire, clerk)) == ("On our bank account", 0)
    assert (story(wire), wire.facts.get(kind="posted").receipt) == (["received", "posted"], receipt)
    undo_line(by=clerk, line=line, undone_on=may(15), reason="Another customer")
    assert (state(wire, clerk), expected(wire, clerk)) == ("Received", 1)
    match_line(by=clerk, line=line, verdict=Verdict(castle, pays({item: "900.00"})))
    assert expected(wire, clerk) == 0


def expected(wire: ElectronicPayment, by: User) -> int:
    """How many payments the company waits for at its bank."""
    return payments_of([wire.entity], by).filter(VIEWS["expected"][1]).count()


def test_of_two_equal_wires_a_line_closes_the_one_that_it_names(
    clerk: User, castle: Customer, paid: Make, bank_line: Make, may: Day
) -> None:
    first, second = (paid("50.00", method="wire", provider=None, reference=f"TRF-{n}") for n in (1, 2))
    match_line(by=clerk, line=bank_line("50.00", "Our trf-2", on=may(13)), verdict=Verdict(castle))
    assert [story(wire)[-1] for wire in (first, second)] == ["received", "posted"]

    match_line(by=clerk, line=bank_line("50.00", "Money", on=may(14)), verdict=Verdict(castle))
    assert story(first) == ["received", "posted"]


def test_money_that_is_not_the_wires_leaves_it_open(
    clerk: User, castle: Customer, halden: Customer, paid: Make, bank_line: Make, may: Day
) -> None:
    """Another sum, another customer, or money that came weeks before anybody told of the wire."""
    wire = paid("50.00", method="wire", provider=None, reference="TRF-1", received_at=at(9, day=20))
    for amount, customer, day in (("51.00", castle, 21), ("50.00", halden, 21), ("50.00", castle, 14)):
        match_line(by=clerk, line=bank_line(amount, f"Money {day}", on=may(day)), verdict=Verdict(customer))
    assert (story(wire), expected(wire, clerk)) == (["received"], 1)


def test_money_that_was_unidentified_closes_the_wire_once_it_is_known(
    clerk: User, castle: Customer, paid: Make, bank_line: Make, may: Day
) -> None:
    wire, line = paid("50.00", method="wire", provider=None), bank_line("50.00", "Money", on=may(13))
    unidentified = post_unidentified(by=clerk, entity=castle.entity, incoming=Incoming.of_line(line))
    assert story(wire) == ["received"]

    identify_receipt(by=clerk, unidentified=unidentified, customer=castle, identified_on=may(14))
    assert story(wire) == ["received", "posted"]


def test_a_chargeback_opens_the_invoice_again_and_books_the_fee(
    clerk: User, castle: Customer, invoice: Make, paid: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    payment = paid("120.00", "INV-1001")
    receipt = post_payment(by=clerk, payment=payment, posted_on=may(12))
    told = TakenBack(Kind.DISPUTED, at(9, day=20), may(20), "dp_1", "Cardholder disputes it", Decimal(15))
    for _ in range(2):
        assert return_payment(by=clerk, payment=payment, told=told) == receipt
    receipt.refresh_from_db()
    assert (receipt.ending, open_amounts([item]), state(payment, clerk)) == ("returned", ["120.00"], "Disputed")
    assert t_account(castle.entity)["card_clearing"] == "-15.00"
    assert payments_left(payment.entity) == 0


def test_a_posting_that_is_reversed_brings_the_payment_back_into_the_queue(clerk: User, paid: Make, may: Day) -> None:
    payment = paid("120.00")
    receipt = post_payment(by=clerk, payment=payment, posted_on=may(12))
    assert payments_left(payment.entity) == 0
    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(12), reason="Wrong customer")
    assert payments_left(payment.entity) == 1
    again = post_payment(by=clerk, payment=payment, posted_on=may(12))
    assert again != receipt


def test_a_payout_that_does_not_add_up_is_refused(clerk: User, stripe: PaymentProvider, paid: Make, may: Day) -> None:
    paid("120.00", reference="pi_1")

    def payout(gross: str, *payments: PaidOut) -> PayoutDraft:
        return PayoutDraft(
            provider=stripe, reference="po_1", paid_on=may(14), gross=money(f"{gross} GBP"), payments=payments
        )

    one = PaidOut("pi_1", Decimal(120))
    with pytest.raises(PayoutRefused, match="says 130.00 GBP, but its payments come to 120.00 GBP"):
        record_payout(by=clerk, entity=stripe.entity, draft=payout("130.00", one))
    with pytest.raises(PayoutRefused, match="payments that never came in: pi_9"):
        record_payout(by=clerk, entity=stripe.entity, draft=payout("120.00", PaidOut("pi_9", Decimal(120))))
    with pytest.raises(PayoutRefused, match="counts 100 for payment pi_1, which was 120.00 GBP"):
        record_payout(by=clerk, entity=stripe.entity, draft=payout("100.00", PaidOut("pi_1", Decimal(100))))
    record_payout(by=clerk, entity=stripe.entity, draft=payout("120.00", one))
    again = PayoutDraft(provider=stripe, reference="po_2", paid_on=may(15), gross=money("120.00 GBP"), payments=[one])
    with pytest.raises(PayoutRefused, match="pi_1 was settled by payout po_1 before"):
        record_payout(by=clerk, entity=stripe.entity, draft=again)


def test_a_payout_is_taken_off_its_bank_line_by_reversal(
    clerk: User, castle: Customer, stripe: PaymentProvider, bank_line: Make, may: Day
) -> None:
    draft = PayoutDraft(provider=stripe, reference="po_1", paid_on=may(14), gross=money("100.00 GBP"), fee=Decimal(3))
    payout = record_payout(by=clerk, entity=stripe.entity, draft=draft)
    other = bank_line("96.00", on=may(14))
    with pytest.raises(PayoutRefused, match="is 97.00 GBP, but the bank line holds 96.00 GBP"):
        credit_payout(by=clerk, payout=payout, line=other)
    line = bank_line("97.00", on=may(14))
    credit_payout(by=clerk, payout=payout, line=line)
    with pytest.raises(AlreadyPosted, match="The line holds po_1"):
        match_line(by=clerk, line=line, verdict=Verdict(castle))

    undo_line(by=clerk, line=line, undone_on=may(15), reason="Another payout")

    assert t_account(stripe.entity) == {}
    assert MatchTask.objects.get(line=line).state == MatchTask.State.TO_MATCH
    credit_payout(by=clerk, payout=payout, line=line)
    assert t_account(stripe.entity)["bank_charges"] == "3.00"


def test_a_surcharge_must_be_charged_before_its_payment_is_posted(clerk: User, paid: Make, may: Day) -> None:
    payment = paid("120.00", surcharge="2.40", reference="pi_1")
    with pytest.raises(SurchargeNotCharged, match="pi_1 collected 2.40 GBP on top, but 0.00 GBP are in the ledger"):
        post_payment(by=clerk, payment=payment, posted_on=may(12))


def test_who_keeps_no_cash_posts_no_payment_and_who_keeps_cash_adds_no_provider(
    clerk: User, manager: User, paid: Make, may: Day
) -> None:
    payment = paid("120.00")
    with pytest.raises(NotAllowed):
        post_payment(by=manager, payment=payment, posted_on=may(12))
    with pytest.raises(NotAllowed, match="add providers of payments"):
        add_provider(by=clerk, entity=payment.entity, code="adyen", name="Adyen")


def test_what_was_told_of_a_payment_is_never_changed(paid: Make) -> None:
    payment = paid("120.00")
    with pytest.raises(DatabaseError, match="keep what they were made with"), transaction.atomic():
        ElectronicPayment.objects.filter(pk=payment.pk).update(amount=1)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        PaymentFact.objects.filter(payment=payment).update(note="x")
