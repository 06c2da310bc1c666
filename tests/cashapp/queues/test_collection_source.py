"""What collections hears of money that nobody has posted yet: bank lines, payments, cheques."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ar_collections.sources import OnItsWay
from cashapp.actions.cheques import ChequeDraft, record_cheque
from cashapp.actions.payments import post_payment
from cashapp.collection_source import CashSource
from cashapp.electronic import Named
from cashapp.models import MatchTask
from cashapp.taskbook import open_tasks
from core.models import User
from core.money import money
from customers.models import Customer

Make = Callable[..., Any]
Day = Callable[[int], date]


def on_its_way(customer: Customer) -> list[OnItsWay]:
    return list(CashSource().on_its_way([customer.pk]))


def test_a_bank_line_that_is_proposed_to_a_customer(castle: Customer, invoice: Make, bank_line: Make, may: Day) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    line = bank_line("125.00", "INV 1001", on=may(11))
    open_tasks([line])
    tasks = MatchTask.objects.filter(line=line)
    applied = [{"item": item.pk, "number": "INV-1001", "amount": 12000, "open": 12000}]
    tasks.update(state="check", customer=castle, applied=applied)

    words = "Bank line of 11 May 2026, not posted yet"
    assert on_its_way(castle) == [OnItsWay(castle.pk, "GBP", Decimal("125.000"), words, {item.pk: Decimal("120.00")})]
    tasks.update(state="matched")
    assert on_its_way(castle) == []


def test_an_electronic_payment_until_it_is_posted(
    castle: Customer, invoice: Make, paid: Make, clerk: User, may: Day
) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    payment = paid("100.00", "INV-1001", "INV-9999")

    [found] = on_its_way(castle)
    assert (found.amount, found.items) == (Decimal("100.000"), {item.pk: Decimal("100.000")})
    post_payment(by=clerk, payment=payment, posted_on=may(12))
    assert on_its_way(castle) == []


def test_a_cheque_that_lies_here(castle: Customer, invoice: Make, clerk: User, may: Day) -> None:
    item = invoice(castle, "INV-1001", "120.00", may(1))
    draft = ChequeDraft(
        number="100231",
        drawer=castle.name,
        drawn_on="Lloyds 30-90-89",
        money=money("120.00 GBP"),
        received_on=may(12),
        payable_from=may(11),
        customer=castle,
        documents=[Named("INV-1001")],
    )
    record_cheque(by=clerk, entity=castle.entity, draft=draft)

    [found] = on_its_way(castle)
    assert (found.words, found.items) == ("Cheque 100231, to be paid in", {item.pk: Decimal("120.000")})
