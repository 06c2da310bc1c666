"""What customers keep back: discount, bank charge, withholding tax, a small difference, or a claim."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cashapp.actions.applying import unapply_receipt
from cashapp.actions.deductions import Difference, note_deduction, settle_difference
from cashapp.actions.ending import reverse_receipt
from cashapp.actions.tolerances import set_withholding
from cashapp.errors import AboveTolerance, AlreadyEnded, DiscountUnearned, WrongDocument
from cashapp.models import Deduction, DeductionReason, WithholdingPattern
from controls.actions.limits import AboveAuthority
from core.errors import NotAllowed
from core.models import User
from core.money import money
from customers.models import Customer
from ledger.posting import OverAllocated
from tests.cashapp.receipts.conftest import open_amounts, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]
Reason = DeductionReason


def test_a_discount_within_the_terms_takes_back_its_tax(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "117.60", may(15), {item: "117.60"})
    taken = Difference(item, money("2.40 GBP"), Reason.SETTLEMENT_DISCOUNT)

    deduction = settle_difference(by=clerk, receipt=receipt, difference=taken, settled_on=may(15))

    assert open_amounts([item]) == ["0.00"]
    accounts = t_account(castle.entity)
    assert (accounts["discounts_allowed"], accounts["output_tax"]) == ("2.00", "-19.60")
    assert str(deduction) == "Settlement discount, 2.40 GBP"


@pytest.mark.parametrize(
    ("paid_on", "amount", "words"),
    [(16, "2.40 GBP", "the last day was 15 May 2026"), (15, "2.41 GBP", "allow 2.40 GBP of discount on INV-1")],
)
def test_a_discount_taken_late_or_too_large_is_not_earned(
    paid_on: int, amount: str, words: str, clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "117.00", may(paid_on), {item: "117.00"})
    taken = Difference(item, money(amount), Reason.SETTLEMENT_DISCOUNT)
    with pytest.raises(DiscountUnearned, match=words):
        settle_difference(by=clerk, receipt=receipt, difference=taken, settled_on=may(16))


@pytest.mark.parametrize(
    ("reason", "account"),
    [
        (Reason.BANK_CHARGE, "bank_charges"),
        (Reason.SMALL_DIFFERENCE, "small_differences"),
        (Reason.WITHHOLDING_TAX, "withholding_tax"),
    ],
)
def test_other_differences_go_to_their_account(
    reason: DeductionReason, account: str, clerk: User, manager: User, castle: Customer, invoice: Make, received: Make,
    may: Day,
) -> None:  # fmt: skip
    tax_of(castle, manager, "4")
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "116.00", may(15), {item: "116.00"})
    settle_difference(
        by=clerk, receipt=receipt, difference=Difference(item, money("4.00 GBP"), reason), settled_on=may(15)
    )
    assert (open_amounts([item]), t_account(castle.entity)[account]) == (["0.00"], "4.00")


def tax_of(customer: Customer, by: User, percent: str) -> None:
    """A tax that the customer keeps back by law, of the amount without tax."""
    set_withholding(
        by=by,
        entity=customer.entity,
        name=f"Tax of {percent}",
        percent=Decimal(percent),
        base=WithholdingPattern.Base.NET,
        customer=customer,
    )


def test_no_more_tax_is_withheld_than_the_highest_rate_says(
    clerk: User, manager: User, castle: Customer, halden: Customer, invoice: Make, received: Make, may: Day
) -> None:
    """Castle's country takes 4 or 10 per cent of 100.00 net; of Halden nobody knows of a tax."""
    for percent in ("4", "10"):
        tax_of(castle, manager, percent)
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "60.00", may(15), {item: "60.00"})

    def withheld(amount: str) -> Deduction:
        gone = Difference(item, money(amount), Reason.WITHHOLDING_TAX)
        return settle_difference(by=clerk, receipt=receipt, difference=gone, settled_on=may(15))

    with pytest.raises(AboveTolerance, match=r"Tax of 10, 10 % .* allows 10.00 GBP on INV-1, not 10.01 GBP"):
        withheld("10.01 GBP")
    withheld("6.00 GBP")
    with pytest.raises(AboveTolerance, match=r"allows 10.00 GBP on INV-1, not 10.50 GBP"):
        withheld("4.50 GBP")
    withheld("4.00 GBP")
    assert open_amounts([item]) == ["50.00"]

    other = invoice(halden, "INV-2", "120.00", may(5))
    short = received(halden, "110.00", may(15), {other: "110.00"})
    with pytest.raises(AboveTolerance, match="10.00 GBP missing on INV-2 .* none is set for Halden Logistics Ltd"):
        gone = Difference(other, money("10.00 GBP"), Reason.WITHHOLDING_TAX)
        settle_difference(by=clerk, receipt=short, difference=gone, settled_on=may(15))


def test_above_the_limit_somebody_else_decides(
    clerk: User, manager: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "110.00", may(15), {item: "110.00"})
    first = Difference(item, money("3.00 GBP"), Reason.SMALL_DIFFERENCE)
    settle_difference(by=clerk, receipt=receipt, difference=first, settled_on=may(15))
    with pytest.raises(AboveAuthority, match=r"above your limit of 5.00 GBP, of which 3.00 GBP were used"):
        settle_difference(by=clerk, receipt=receipt, difference=first, settled_on=may(16))
    with pytest.raises(NotAllowed):
        settle_difference(by=manager, receipt=receipt, difference=first, settled_on=may(16))


def test_a_claim_is_noted_and_stays_open(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "100.00", may(15), {item: "100.00"})
    claim = Difference(item, money("20.00 GBP"), Reason.PRICE, "Agreed 100 on the phone")
    deduction = note_deduction(by=clerk, receipt=receipt, difference=claim)
    assert (deduction.entry, deduction.note) == (None, "Agreed 100 on the phone")
    assert open_amounts([item]) == ["20.00"]


def test_each_kind_has_its_action(clerk: User, castle: Customer, invoice: Make, received: Make, may: Day) -> None:
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "100.00", may(15), {item: "100.00"})
    with pytest.raises(WrongDocument, match="stays open"):
        settle_difference(
            by=clerk, receipt=receipt, difference=Difference(item, money("1.00 GBP"), Reason.PRICE), settled_on=may(15)
        )
    with pytest.raises(WrongDocument, match="is settled"):
        note_deduction(by=clerk, receipt=receipt, difference=Difference(item, money("1.00 GBP"), Reason.BANK_CHARGE))


def test_more_than_is_open_or_of_another_customer_is_refused(
    clerk: User, castle: Customer, halden: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item, other = invoice(castle, "INV-1", "120.00", may(5)), invoice(halden, "INV-2", "120.00", may(5))
    receipt = received(castle, "119.00", may(15), {item: "119.00"})
    for refusal, difference in (
        (OverAllocated, Difference(item, money("1.01 GBP"), Reason.SMALL_DIFFERENCE)),
        (WrongDocument, Difference(other, money("1.00 GBP"), Reason.SMALL_DIFFERENCE)),
        (WrongDocument, Difference(item, money("1.00 EUR"), Reason.SMALL_DIFFERENCE)),
    ):
        with pytest.raises(refusal):
            settle_difference(by=clerk, receipt=receipt, difference=difference, settled_on=may(15))


def test_nothing_is_kept_back_of_a_receipt_that_ended(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "117.60", may(15))
    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(16), reason="Not theirs")
    taken = Difference(item, money("2.40 GBP"), Reason.SETTLEMENT_DISCOUNT)

    with pytest.raises(AlreadyEnded, match="was reversed"):
        settle_difference(by=clerk, receipt=receipt, difference=taken, settled_on=may(16))


def test_taking_the_receipt_off_takes_the_deduction_back(
    clerk: User, castle: Customer, invoice: Make, received: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "120.00", may(5))
    receipt = received(castle, "117.60", may(15), {item: "117.60"})
    taken = Difference(item, money("2.40 GBP"), Reason.SETTLEMENT_DISCOUNT)
    settle_difference(by=clerk, receipt=receipt, difference=taken, settled_on=may(15))

    unapply_receipt(by=clerk, receipt=receipt, unapplied_on=may(20), reason="Not theirs")

    assert open_amounts([item]) == ["120.00"]
    assert Deduction.objects.get().ended_on == may(20)
    assert "discounts_allowed" not in t_account(castle.entity)
    settle_difference(by=clerk, receipt=receipt, difference=taken, settled_on=may(20))
