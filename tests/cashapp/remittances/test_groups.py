"""Elm Agents pays for Castle and Halden and says what for: each of them gets its part, without a hand."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ar_collections.models import Dispute
from cashapp.actions.desk import undo_line
from cashapp.actions.payer_groups import Declared, add_to_payer_group, declare_payer_group, end_in_payer_group
from cashapp.actions.receipts import post_receipt
from cashapp.actions.remittances import take_in_remittance
from cashapp.models import BankStatementLine, MatchTask, PayerGroup, Receipt
from cashapp.money_in import Incoming
from core.models import LegalEntity, User
from customers.models import Customer
from ledger.models import OpenItem
from tests.cashapp.receipts.conftest import open_amounts

Make = Callable[..., Any]
Day = Callable[[int], date]
ELM = "GB33BUKB20201555555555"
TABLE = "Invoice,Gross,Discount,Deduction,Reason code,Amount"
ROWS = ("INV-1001,,,,,100.00", "INV-3001,30.00,,10.00,PRICE,20.00")


@pytest.fixture
def elm(manager: User, castle: Customer, halden: Customer, may: Day) -> PayerGroup:
    declared = Declared(PayerGroup.Kind.AGENT, "Elm Agents Ltd", ELM)
    group = declare_payer_group(by=manager, entity=castle.entity, declared=declared)
    for customer in (castle, halden):
        add_to_payer_group(by=manager, group=group, customer=customer, from_on=may(1))
    return group


@pytest.fixture
def owed(castle: Customer, halden: Customer, invoice: Make, may: Day) -> list[OpenItem]:
    return [invoice(castle, "INV-1001", "100.00", may(1)), invoice(halden, "INV-3001", "30.00", may(1))]


@pytest.fixture
def advised(clerk: User, uk: LegalEntity) -> Callable[..., None]:
    """Elm's advice of one payment, as a table."""

    def take(*rows: str) -> None:
        content = "\n".join(["Trace,TR-4711042", "Date paid,2026-05-12", TABLE, *(rows or ROWS)]).encode()
        take_in_remittance(by=clerk, entity=uk, name="elm.csv", content=content)

    return take


def of_elm(bank_line: Make, amount: str, on: date) -> BankStatementLine:
    line: BankStatementLine = bank_line(amount, "TR-4711042", on=on, payer="ELM AGENTS", account=ELM)
    return line


def receipts_now() -> dict[str, str]:
    """By customer what came and what of it is on account."""
    rows = Receipt.objects.filter(ended_on=None).select_related("item__customer")
    return {row.item.customer.code: f"{row.amount:.2f}, {row.item.open_amount:.2f} left" for row in rows}


def test_a_remittance_for_two_customers_posts_by_itself(
    clerk: User, elm: PayerGroup, owed: list[OpenItem], advised: Make, bank_line: Make, may: Day, matched: Make
) -> None:
    advised()
    line = of_elm(bank_line, "120.00", may(12))
    matched(line)

    task = MatchTask.objects.get(line=line)
    assert (task.state, task.rule) == ("matched", "remittance_and_sum")
    assert open_amounts(owed) == ["0.00", "10.00"]
    assert receipts_now() == {"C-10001": "120.00, 0.00 left", "C-10002": "20.00, 0.00 left"}
    assert str(Dispute.objects.get()) == "10.00 GBP of INV-3001, price differs"

    undo_line(by=clerk, line=line, undone_on=may(13), reason="Sent to the wrong company")
    assert (open_amounts(owed), receipts_now()) == (["100.00", "30.00"], {})
    assert Dispute.objects.get().outcome == Dispute.Outcome.WITHDRAWN


def test_money_that_came_before_its_remittance_is_shared_out_when_that_comes(
    clerk: User, elm: PayerGroup, castle: Customer, owed: list[OpenItem], advised: Make, bank_line: Make, may: Day
) -> None:
    line = of_elm(bank_line, "120.00", may(12))
    post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(line))

    advised()

    assert open_amounts(owed) == ["0.00", "10.00"]
    assert receipts_now() == {"C-10001": "120.00, 0.00 left", "C-10002": "20.00, 0.00 left"}


def test_who_is_not_in_the_group_any_more_keeps_it_for_a_person(
    manager: User, elm: PayerGroup, halden: Customer, owed: list[OpenItem], advised: Make, bank_line: Make, may: Day,
    matched: Make,
) -> None:  # fmt: skip
    end_in_payer_group(by=manager, member=elm.members.get(customer=halden), ended_on=may(10), reason="Pays itself")
    advised()
    line = of_elm(bank_line, "120.00", may(12))
    matched(line)

    task = MatchTask.objects.get(line=line)
    assert (task.state, open_amounts(owed)) == ("to_match", ["100.00", "30.00"])
    assert "The documents belong to several customers" in str(task.evidence)


def test_a_customer_who_only_gets_a_credit_used_up_keeps_it_for_a_person(
    elm: PayerGroup, halden: Customer, owed: list[OpenItem], credit_note: Make, advised: Make, bank_line: Make,
    may: Day, matched: Make,
) -> None:  # fmt: skip
    """Halden's credit note would pay Castle's invoice: nobody declared that."""
    credit_note(halden, "CN-7001", "20.00", may(3))
    advised("INV-1001,,,,,100.00", "CN-7001,,,,,-20.00")
    line = of_elm(bank_line, "80.00", may(12))
    matched(line)

    assert (MatchTask.objects.get(line=line).state, open_amounts(owed)) == ("to_match", ["100.00", "30.00"])
