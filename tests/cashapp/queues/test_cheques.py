"""Cheques from the post to the bank's credit, and those that the bank gives back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from cashapp.actions.cheques import (
    Bounce,
    ChequeDraft,
    bounce_cheque,
    credit_slip,
    deposit_cheques,
    fill_slip,
    record_cheque,
)
from cashapp.actions.desk import undo_line
from cashapp.actions.unidentified import identify_receipt
from cashapp.electronic import Named
from cashapp.errors import ChequeRefused, PayoutRefused
from cashapp.models import Cheque, DepositSlip, UnidentifiedReceipt
from cashapp.taskbook import open_tasks
from core.errors import NotAllowed, SameKeyOtherContent
from core.models import BankAccount, LegalEntity, User
from core.money import money
from customers.models import Customer
from tests.cashapp.receipts.conftest import open_amounts, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]


@pytest.fixture
def cheque(clerk: User, books: LegalEntity, may: Day) -> Make:
    """A cheque in the morning's post: cheque("100231", "120.00 GBP", castle, "INV-1001")."""

    def record(number: str, amount: str, customer: Customer | None, *documents: str, **more: Any) -> Cheque:
        draft = ChequeDraft(
            number=number,
            drawer=customer.name if customer else "J Harris",
            drawn_on="Lloyds 30-90-89",
            money=money(amount),
            received_on=may(12),
            payable_from=more.get("payable_from", may(11)),
            customer=customer,
            documents=[Named(each) for each in documents],
        )
        return record_cheque(by=clerk, entity=books, draft=draft)

    return record


def deposited(by: User, books: LegalEntity, account: BankAccount, on: date, *cheques: Cheque) -> DepositSlip:
    slip = fill_slip(by=by, entity=books, bank_account=account, cheques=cheques, on=on)
    return deposit_cheques(by=by, slip=slip, deposited_on=on)


def test_two_cheques_are_credited_by_one_bank_line(
    clerk: User,
    books: LegalEntity,
    bank_account: BankAccount,
    castle: Customer,
    halden: Customer,
    invoice: Make,
    cheque: Make,
    bank_line: Make,
    may: Day,
) -> None:
    items = [invoice(castle, "INV-1001", "120.00", may(1)), invoice(halden, "INV-1002", "60.00", may(1))]
    one = cheque("100231", "120.00 GBP", castle, "INV-1001")
    two = cheque("7", "60.00 GBP", halden, "INV-1002")
    assert t_account(books).get("cheque_clearing") is None

    slip = deposited(clerk, books, bank_account, may(13), one, two)
    assert deposit_cheques(by=clerk, slip=slip, deposited_on=may(13)) == slip
    assert (slip.number, slip.file is not None) == ("DS-2026-00001", True)
    assert (open_amounts(items), t_account(books)["cheque_clearing"]) == (["0.00", "0.00"], "180.00")

    with pytest.raises(PayoutRefused, match="Deposit slip DS-2026-00001 is 180.00 GBP, but the bank line holds 60.00"):
        credit_slip(by=clerk, slip=slip, line=bank_line("60.00", on=may(14)))
    line = bank_line("180.00", "CHQ DEPOSIT", on=may(14))
    assert credit_slip(by=clerk, slip=slip, line=line) == credit_slip(by=clerk, slip=slip, line=line)
    assert (t_account(books)["bank"], t_account(books).get("cheque_clearing")) == ("180.00", None)


def test_a_cheque_that_bounces_opens_its_invoice_again_and_costs_a_fee(
    clerk: User,
    books: LegalEntity,
    bank_account: BankAccount,
    castle: Customer,
    invoice: Make,
    cheque: Make,
    bank_line: Make,
    may: Day,
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    one = cheque("100231", "120.00 GBP", castle, "INV-1001")
    with pytest.raises(ChequeRefused, match="was not taken to the bank"):
        bounce_cheque(by=clerk, cheque=one, told=Bounce(may(15), "Refer to drawer"))
    slip = deposited(clerk, books, bank_account, may(13), one)
    credit_slip(by=clerk, slip=slip, line=bank_line("120.00", on=may(14)))
    one.refresh_from_db()

    told = Bounce(may(18), "Refer to drawer", Decimal("8.00"))
    assert bounce_cheque(by=clerk, cheque=one, told=told) == bounce_cheque(by=clerk, cheque=one, told=told)

    assert open_amounts([item]) == ["120.00"]
    balances = t_account(books)
    assert (balances["bank"], balances["bank_charges"], balances.get("cheque_clearing")) == ("-8.00", "8.00", None)


@pytest.mark.parametrize("credited", ["60.00", "180.00"])
def test_a_cheque_that_bounces_before_its_slip_is_credited(
    credited: str,
    clerk: User,
    books: LegalEntity,
    bank_account: BankAccount,
    castle: Customer,
    halden: Customer,
    invoice: Make,
    cheque: Make,
    bank_line: Make,
    may: Day,
) -> None:
    """The bank credits what is left of the slip, or all of it and takes the bounced cheque off by another line."""
    items = [invoice(castle, "INV-1001", "120.00", may(1)), invoice(halden, "INV-1002", "60.00", may(1))]
    one, two = cheque("1", "120.00 GBP", castle, "INV-1001"), cheque("2", "60.00 GBP", halden, "INV-1002")
    slip = deposited(clerk, books, bank_account, may(13), one, two)
    one.refresh_from_db()
    bounce_cheque(by=clerk, cheque=one, told=Bounce(may(14), "No funds", Decimal("8.00")))
    assert (open_amounts(items), t_account(books)["cheque_clearing"]) == (["120.00", "0.00"], "60.00")

    with pytest.raises(PayoutRefused, match="Deposit slip DS-2026-00001 is 180.00 GBP, but the bank line holds 59.00"):
        credit_slip(by=clerk, slip=slip, line=bank_line("59.00", on=may(15)))
    line = bank_line(credited, "CHQ DEPOSIT", on=may(15))
    assert credit_slip(by=clerk, slip=slip, line=line) == credit_slip(by=clerk, slip=slip, line=line)

    balances = t_account(books)
    assert (balances.get("cheque_clearing"), balances["bank"], balances["bank_charges"]) == (None, "52.00", "8.00")


def test_a_slip_that_is_credited_anew_debits_its_bounced_cheque_once(
    clerk: User, books: LegalEntity, bank_account: BankAccount, castle: Customer, halden: Customer, cheque: Make,
    bank_line: Make, signed_in: Callable[[User], Client], may: Day,
) -> None:  # fmt: skip
    one, two = cheque("1", "120.00 GBP", castle), cheque("2", "60.00 GBP", halden)
    slip = deposited(clerk, books, bank_account, may(13), one, two)
    one.refresh_from_db()
    bounce_cheque(by=clerk, cheque=one, told=Bounce(may(14), "No funds"))
    lines = {amount: bank_line(amount, on=may(15)) for amount in ("180.00", "60.00", "59.00")}
    open_tasks(lines.values())
    offered = signed_in(clerk).get(f"/cheques/slips/{slip.pk}/").context["lines"]
    assert {f"{line.amount:.2f}" for line in offered} == {"180.00", "60.00"}

    credit_slip(by=clerk, slip=slip, line=lines["180.00"])
    undo_line(by=clerk, line=lines["180.00"], undone_on=may(16), reason="Another slip")
    assert t_account(books)["cheque_clearing"] == "180.00"
    with pytest.raises(PayoutRefused, match="is 180.00 GBP, but the bank line holds 60.00"):
        credit_slip(by=clerk, slip=slip, line=lines["60.00"])
    credit_slip(by=clerk, slip=slip, line=lines["180.00"])
    assert (t_account(books).get("cheque_clearing"), t_account(books)["bank"]) == (None, "60.00")


def test_a_post_dated_cheque_stays_in_the_drawer(
    clerk: User, books: LegalEntity, bank_account: BankAccount, castle: Customer, cheque: Make, may: Day
) -> None:
    later = cheque("100232", "50.00 GBP", castle, payable_from=may(31))
    with pytest.raises(ChequeRefused, match="Cheque 100232 of Castle Fibre Ltd is post-dated; .* 31 May 2026"):
        fill_slip(by=clerk, entity=books, bank_account=bank_account, cheques=[later], on=may(13))
    fill_slip(by=clerk, entity=books, bank_account=bank_account, cheques=[later], on=may(31))
    with pytest.raises(ChequeRefused, match="is on slip DS-2026-00001 already"):
        fill_slip(by=clerk, entity=books, bank_account=bank_account, cheques=[later], on=may(31))


def test_a_cheque_of_nobody_known_is_unidentified_until_it_bounces(
    clerk: User, books: LegalEntity, bank_account: BankAccount, castle: Customer, cheque: Make, may: Day
) -> None:
    one = cheque("5", "70.00 GBP", None)
    deposited(clerk, books, bank_account, may(13), one)
    unidentified = UnidentifiedReceipt.objects.get()
    identify_receipt(by=clerk, unidentified=unidentified, customer=castle, identified_on=may(14))
    one.refresh_from_db()
    bounce_cheque(by=clerk, cheque=one, told=Bounce(may(18), "Account closed"))
    assert t_account(books) == {}


def test_a_cheque_is_recorded_once(castle: Customer, cheque: Make) -> None:
    assert cheque("5", "70.00 GBP", castle) == cheque("5", "70.00 GBP", castle)
    with pytest.raises(SameKeyOtherContent, match="was recorded before, over 70.00 GBP"):
        cheque("5", "71.00 GBP", castle)


def test_a_collector_records_no_cheques(collector: User, books: LegalEntity, may: Day) -> None:
    draft = ChequeDraft(
        number="1", drawer="X", drawn_on="Y", money=money("1.00 GBP"), received_on=may(1), payable_from=may(1)
    )
    with pytest.raises(NotAllowed, match="record cheques"):
        record_cheque(by=collector, entity=books, draft=draft)
