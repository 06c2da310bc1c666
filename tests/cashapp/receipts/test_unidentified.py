"""Money that nobody can name the sender of yet."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from cashapp.actions.ending import reverse_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.actions.unidentified import (
    identify_receipt,
    post_unidentified,
    post_unidentified_many,
    reverse_unidentified,
)
from cashapp.errors import AlreadyEnded, AlreadyPosted, MoreThanReceived, ReasonMissing
from cashapp.models import MatchTask, UnidentifiedReceipt
from cashapp.money_in import Incoming
from core.actions.rates import add_rates
from core.errors import NotAllowed, Refused
from core.models import ExchangeRate, LegalEntity, User
from core.money import money
from customers.models import Customer
from ledger.models import JournalLine
from tests.cashapp.receipts.conftest import customer_of, open_amounts, pays, t_account

Make = Callable[..., Any]
Day = Callable[[int], date]


@pytest.fixture
def unknown(clerk: User, castle: Customer, bank_line: Make, may: Day) -> UnidentifiedReceipt:
    line = bank_line("915.00", "FT REF 0091827", on=may(12))
    return post_unidentified(by=clerk, entity=castle.entity, incoming=Incoming.of_line(line))


def test_it_waits_in_suspense(castle: Customer, unknown: UnidentifiedReceipt) -> None:
    assert t_account(castle.entity) == {"bank": "915.00", "unidentified_receipts": "-915.00"}
    assert MatchTask.objects.get(line=unknown.line).state == MatchTask.State.CHECK


def test_booking_it_twice_gives_the_first(clerk: User, castle: Customer, unknown: UnidentifiedReceipt) -> None:
    assert unknown.line is not None
    again = post_unidentified(by=clerk, entity=castle.entity, incoming=Incoming.of_line(unknown.line))
    assert again == unknown


def test_identified_it_leaves_suspense_and_pays(
    clerk: User, castle: Customer, unknown: UnidentifiedReceipt, invoice: Make, may: Day
) -> None:
    item = invoice(castle, "INV-1", "900.00", may(1))
    receipt = identify_receipt(
        by=clerk, unidentified=unknown, customer=castle, identified_on=may(20), pays=pays({item: "900.00"})
    )
    assert open_amounts([item, receipt.item]) == ["0.00", "15.00"]
    assert "unidentified_receipts" not in t_account(castle.entity)
    assert (receipt.item.document_on, receipt.item.posted_on, receipt.line) == (may(12), may(20), unknown.line)
    again = identify_receipt(by=clerk, unidentified=unknown, customer=castle, identified_on=may(21))
    assert again == receipt


def test_foreign_money_leaves_suspense_at_the_rate_of_the_day_it_came(
    system: User, clerk: User, books: LegalEntity, may: Day
) -> None:
    overseas = customer_of(books, "C-10009", "Overseas BV")
    Customer.objects.filter(pk=overseas.pk).update(currency="EUR")
    overseas.refresh_from_db()
    for day, rate in ((12, "0.85"), (20, "0.90")):
        known = ExchangeRate(from_currency="EUR", to_currency="GBP", on=may(day), rate=Decimal(rate), source="ECB")
        add_rates(by=system, entity=books, rates=[known])
    euros = Incoming(money("100.00 EUR"), may(12), key="lockbox:1")
    unknown = post_unidentified(by=clerk, entity=books, incoming=euros)

    identify_receipt(by=clerk, unidentified=unknown, customer=overseas, identified_on=may(20))

    suspense = JournalLine.objects.filter(account__role="unidentified_receipts")
    assert sum(line.base_debit - line.base_credit for line in suspense) == 0


def test_identifying_it_as_somebody_else_afterwards_is_refused(
    clerk: User, castle: Customer, halden: Customer, unknown: UnidentifiedReceipt, may: Day
) -> None:
    identify_receipt(by=clerk, unidentified=unknown, customer=castle, identified_on=may(20))
    with pytest.raises(AlreadyEnded, match=r"915.00 GBP of 12 May 2026 were identified before"):
        identify_receipt(by=clerk, unidentified=unknown, customer=halden, identified_on=may(20))


def test_reversing_what_was_identified_puts_it_back_into_suspense(
    clerk: User, castle: Customer, halden: Customer, unknown: UnidentifiedReceipt, may: Day
) -> None:
    receipt = identify_receipt(by=clerk, unidentified=unknown, customer=castle, identified_on=may(20))
    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(21), reason="Not theirs")
    unknown.refresh_from_db()
    assert unknown.is_live
    assert t_account(castle.entity) == {"bank": "915.00", "unidentified_receipts": "-915.00"}
    second = identify_receipt(by=clerk, unidentified=unknown, customer=halden, identified_on=may(22))
    assert second.item.customer == halden


def test_taken_out_of_suspense_the_line_is_to_be_matched_again(
    clerk: User, castle: Customer, unknown: UnidentifiedReceipt, may: Day
) -> None:
    with pytest.raises(ReasonMissing):
        reverse_unidentified(by=clerk, unidentified=unknown, reversed_on=may(13), reason="")
    reverse_unidentified(by=clerk, unidentified=unknown, reversed_on=may(13), reason="Sender found")
    assert t_account(castle.entity) == {}
    assert unknown.line is not None
    receipt = post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(unknown.line))
    assert open_amounts([receipt.item]) == ["915.00"]
    with pytest.raises(AlreadyPosted):
        post_unidentified(by=clerk, entity=castle.entity, incoming=Incoming.of_line(unknown.line))


def test_what_cannot_be_identified(
    clerk: User,
    collector: User,
    de: LegalEntity,
    castle: Customer,
    unknown: UnidentifiedReceipt,
    invoice: Make,
    may: Day,
) -> None:
    item = invoice(castle, "INV-1", "2000.00", may(1))
    refused: list[tuple[type[Refused], dict[str, Any]]] = [
        (NotAllowed, {"by": collector}),
        (Refused, {"customer": customer_of(de, "C-1", "Fremd GmbH")}),
        (MoreThanReceived, {"pays": pays({item: "2000.00"})}),
    ]
    for refusal, more in refused:
        facts: dict[str, Any] = {
            "by": clerk, "unidentified": unknown, "customer": castle, "identified_on": may(20), **more,
        }  # fmt: skip
        with pytest.raises(refusal):
            identify_receipt(**facts)


def test_many_are_booked_at_once_and_only_once(clerk: User, castle: Customer, may: Day) -> None:
    incomings = [
        Incoming(money=money(f"{amount}.00 GBP"), received_on=may(12), key=f"folder:{amount}") for amount in (10, 20)
    ]
    assert post_unidentified_many(by=clerk, entity=castle.entity, incomings=incomings) == 2
    assert post_unidentified_many(by=clerk, entity=castle.entity, incomings=incomings) == 0
    assert t_account(castle.entity) == {"bank": "30.00", "unidentified_receipts": "-30.00"}


def test_many_need_a_key_each(clerk: User, castle: Customer, may: Day) -> None:
    twice = Incoming(money=money("10.00 GBP"), received_on=may(12), key="folder:1")
    with pytest.raises(Refused, match="key of its own"):
        post_unidentified_many(by=clerk, entity=castle.entity, incomings=[twice, twice])
