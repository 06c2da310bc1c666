"""Everything that was posted can be undone, and both sides show it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cashapp.actions.applying import apply_receipt, unapply_receipt
from cashapp.actions.deductions import Difference, settle_difference
from cashapp.actions.ending import move_receipt, return_receipt, reverse_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.errors import AlreadyEnded, MoreThanReceived, MovedAway, NothingToUndo, ReasonMissing, WrongDocument
from cashapp.models import DeductionReason, MatchTask
from cashapp.money_in import Incoming
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, User
from core.money import money
from customers.models import Customer
from tests.cashapp.receipts.conftest import customer_of, open_amounts, pays, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]


def test_money_on_account_is_applied_later(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    receipt = received(castle, "200.00", may(12))
    item = invoice(castle, "INV-1", "120.00", may(14))
    (allocation,) = apply_receipt(by=clerk, receipt=receipt, pays=pays({item: "120.00"}), applied_on=may(13))
    assert allocation.allocated_on == may(14)
    assert open_amounts([item, receipt.item]) == ["0.00", "80.00"]
    assert MatchTask.objects.get(line=receipt.line).state == MatchTask.State.MATCHED


def test_no_more_than_is_left_can_be_applied(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    first, second = invoice(castle, "INV-1", "120.00", may(1)), invoice(castle, "INV-2", "120.00", may(1))
    receipt = received(castle, "200.00", may(12), {first: "120.00"})
    with pytest.raises(MoreThanReceived, match=r"RC-2026-000001 has only 80.00 GBP left"):
        apply_receipt(by=clerk, receipt=receipt, pays=pays({second: "120.00"}), applied_on=may(13))


def test_taking_a_receipt_off_one_document_leaves_the_others_paid(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    first, second = invoice(castle, "INV-1", "120.00", may(1)), invoice(castle, "INV-2", "60.00", may(1))
    receipt = received(castle, "180.00", may(12), {first: "120.00", second: "60.00"})
    unapply_receipt(by=clerk, receipt=receipt, unapplied_on=may(20), reason="Meant for INV-3", items=[first])
    assert open_amounts([first, second, receipt.item]) == ["120.00", "0.00", "120.00"]
    assert AuditEvent.objects.get(event="receipt.unapplied").reason == "Meant for INV-3"


def test_taking_off_takes_a_reason_and_something_to_take_off(
    clerk: User, castle: Customer, received: Make, may: Day
) -> None:
    receipt = received(castle, "180.00", may(12))
    with pytest.raises(ReasonMissing):
        unapply_receipt(by=clerk, receipt=receipt, unapplied_on=may(20), reason=" ")
    with pytest.raises(NothingToUndo):
        unapply_receipt(by=clerk, receipt=receipt, unapplied_on=may(20), reason="Wrong")


def test_reversing_opens_documents_credit_notes_and_deductions_again(
    clerk: User, castle: Customer, invoice: Make, credit_note: Make, received: Make, may: Day
) -> None:
    item, note = invoice(castle, "INV-1", "120.00", may(1)), credit_note(castle, "CN-1", "20.00", may(2))
    before = t_account(castle.entity)
    receipt = received(castle, "97.00", may(12), {item: "117.00", note: "-20.00"})
    missing = Difference(item, money("3.00 GBP"), DeductionReason.SMALL_DIFFERENCE)
    settle_difference(by=clerk, receipt=receipt, difference=missing, settled_on=may(12))
    assert open_amounts([item, note]) == ["0.00", "0.00"]

    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(20), reason="Wrong customer")

    assert open_amounts([item, note, receipt.item]) == ["120.00", "20.00", "0.00"]
    assert t_account(castle.entity) == before
    assert (receipt.ending, receipt.ended_on, receipt.ended_by) == ("reversed", may(20), clerk)
    assert MatchTask.objects.get(line=receipt.line).state == MatchTask.State.TO_MATCH


def test_a_line_can_be_posted_again_after_its_receipt_was_reversed(
    clerk: User, castle: Customer, halden: Customer, received: Make, may: Day
) -> None:
    receipt = received(castle, "120.00", may(12))
    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(13), reason="It was Halden's")
    again = post_receipt(by=clerk, customer=halden, incoming=Incoming.of_line(receipt.line))
    assert (again.item.number, again.item.customer, again.line) == ("RC-2026-000002", halden, receipt.line)


def test_reversing_twice_without_a_reason_or_without_the_right_is_refused(
    clerk: User, collector: User, castle: Customer, received: Make, may: Day
) -> None:
    receipt = received(castle, "120.00", may(12))
    with pytest.raises(ReasonMissing):
        reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(13), reason="")
    with pytest.raises(NotAllowed):
        reverse_receipt(by=collector, receipt=receipt, reversed_on=may(13), reason="Wrong")
    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(13), reason="Wrong")
    with pytest.raises(AlreadyEnded, match=r"RC-2026-000001 was reversed on 13 May 2026"):
        reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(13), reason="Wrong")


def test_a_payment_that_the_bank_returned_opens_its_invoice_again(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(1))
    receipt = received(castle, "120.00", may(12), {item: "120.00"})
    return_receipt(by=clerk, receipt=receipt, returned_on=may(18), reason="Account closed")
    assert open_amounts([item]) == ["120.00"]
    assert receipt.get_ending_display() == "Returned by the bank"
    assert "bank" not in t_account(castle.entity)


def test_moving_a_receipt_shows_on_both_accounts_and_not_at_the_bank(
    clerk: User, castle: Customer, halden: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(1))
    receipt = received(castle, "120.00", may(12), {item: "120.00"})

    moved = move_receipt(by=clerk, receipt=receipt, customer=halden, moved_on=may(20), reason="Halden's money")

    assert open_amounts([item, receipt.item, moved.item]) == ["120.00", "0.00", "120.00"]
    assert (moved.item.customer, moved.line, moved.moved_from) == (halden, receipt.line, receipt)
    assert t_account(castle.entity)["bank"] == "120.00"


def test_one_payer_for_two_customers_is_a_receipt_of_which_a_part_moves(
    clerk: User, castle: Customer, halden: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item, other = invoice(castle, "INV-1", "120.00", may(1)), invoice(halden, "INV-2", "80.00", may(1))
    receipt = received(castle, "200.00", may(12), {item: "120.00"})
    moved = move_receipt(
        by=clerk, receipt=receipt, customer=halden, moved_on=may(12), reason="Pays for Halden", amount=Decimal(80)
    )
    apply_receipt(by=clerk, receipt=moved, pays=pays({other: "80.00"}), applied_on=may(12))
    assert open_amounts([item, other, receipt.item, moved.item]) == ["0.00"] * 4


def test_a_receipt_of_which_a_part_moved_is_undone_from_the_end(
    clerk: User, castle: Customer, halden: Customer, received: Make, may: Day
) -> None:
    receipt = received(castle, "200.00", may(12))
    moved = move_receipt(by=clerk, receipt=receipt, customer=halden, moved_on=may(13), reason="Halden's")
    with pytest.raises(MovedAway, match=r"200.00 GBP of RC-2026-000001 went to Halden Logistics Ltd"):
        reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(14), reason="Wrong")

    reverse_receipt(by=clerk, receipt=moved, reversed_on=may(14), reason="It was Castle's after all")
    assert open_amounts([receipt.item, moved.item]) == ["200.00", "0.00"]
    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(14), reason="Wrong")
    assert t_account(castle.entity) == {}


def test_what_cannot_be_moved(
    clerk: User, collector: User, de: LegalEntity, castle: Customer, halden: Customer, received: Make, may: Day
) -> None:
    receipt = received(castle, "200.00", may(12))
    abroad = customer_of(de, "C-1", "Fremd GmbH")
    refused: list[tuple[type[Refused], dict[str, Any]]] = [
        (WrongDocument, {"customer": castle}),
        (WrongDocument, {"customer": abroad}),
        (ReasonMissing, {"customer": halden, "reason": ""}),
        (MoreThanReceived, {"customer": halden, "amount": Decimal("200.01")}),
        (MoreThanReceived, {"customer": halden, "amount": Decimal("-1")}),
        (NotAllowed, {"customer": halden, "by": collector}),
    ]
    for refusal, more in refused:
        facts: dict[str, Any] = {"by": clerk, "receipt": receipt, "moved_on": may(13), "reason": "Wrong", **more}
        with pytest.raises(refusal):
            move_receipt(**facts)
