"""Whatever is written down about a bank line is written by whoever holds its row."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cashapp.actions.ending import move_receipt
from cashapp.actions.unidentified import identify_receipt, post_unidentified, reverse_unidentified
from cashapp.money_in import Incoming
from core.models import User
from customers.models import Customer

Make = Callable[..., Any]
Day = Callable[[int], date]


def holds_the_line(done: Callable[[], object]) -> bool:
    with CaptureQueriesContext(connection) as asked:
        done()
    wanted = [sql["sql"] for sql in asked.captured_queries if "cashapp_matchtask" in sql["sql"]]
    return "FOR NO KEY UPDATE" in wanted[0]


def test_a_receipt_is_moved_by_who_holds_its_line(
    castle: Customer, halden: Customer, clerk: User, received: Make, may: Day
) -> None:
    receipt = received(castle, "120.00", may(12))

    assert holds_the_line(
        lambda: move_receipt(by=clerk, receipt=receipt, customer=halden, moved_on=may(13), reason="Halden's money")
    )


def test_unknown_money_is_identified_and_taken_back_by_who_holds_its_line(
    castle: Customer, clerk: User, bank_line: Make, may: Day
) -> None:
    first, second = (
        post_unidentified(by=clerk, entity=castle.entity, incoming=Incoming.of_line(bank_line(amount, on=may(12))))
        for amount in ("10.00", "20.00")
    )

    assert holds_the_line(
        lambda: identify_receipt(by=clerk, unidentified=first, customer=castle, identified_on=may(13))
    )
    assert holds_the_line(
        lambda: reverse_unidentified(by=clerk, unidentified=second, reversed_on=may(13), reason="Not ours")
    )
