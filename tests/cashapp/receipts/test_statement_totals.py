"""Who pays just what their last statement of account named has paid what it listed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from ar_collections.actions import send_statement
from cashapp.actions.matching import match_lines
from cashapp.models import MatchTask
from cashapp.queries.matching import lines_to_match, load_index
from core.models import LegalEntity, User
from customers.models import Contact, Customer
from messaging.models import Message
from tests.cashapp.receipts.conftest import open_amounts

Make = Callable[..., Any]
Day = Callable[[int], date]


@pytest.fixture
def billed(castle: Customer, invoice: Make, may: Day) -> list[Any]:
    """Six invoices up to the 6th and one of the 12th, to a customer who gets statements."""
    email = "ap@castle.example"
    Contact.objects.create(customer=castle, name="Accounts", email=email, receives_statements=True)
    later = date(2026, 6, 30)
    amounts = ("100.01", "100.04", "100.09", "100.16", "100.25", "100.36")
    before = [
        invoice(castle, f"INV-{number}", amount, may(number), due_on=later) for number, amount in enumerate(amounts, 1)
    ]
    return [*before, invoice(castle, "INV-9", "55.55", may(12), due_on=later)]


def matched(by: User, entity: LegalEntity, on: date) -> MatchTask:
    match_lines(by=by, entity=entity, lines=list(lines_to_match(entity)), index=load_index(entity, on))
    return MatchTask.objects.get()


def test_money_of_the_amount_that_the_statement_named_pays_what_it_listed(
    books: LegalEntity, castle: Customer, collector: User, clerk: User, billed: list[Any], bank_line: Make, may: Day
) -> None:
    send_statement(by=collector, customer=castle, as_of=may(10))
    bank_line("600.91", "PAYMENT", on=may(14), payer="CASTLE FIBRE LTD")

    task = matched(clerk, books, may(14))

    assert (task.decision, task.rule) == ("posted", "payer_and_statement_total")
    assert open_amounts(billed) == [*["0.00"] * 6, "55.55"]


def test_another_item_of_that_amount_leaves_it_to_a_person(
    books: LegalEntity,
    castle: Customer,
    collector: User,
    clerk: User,
    invoice: Make,
    billed: list[Any],
    bank_line: Make,
    may: Day,
) -> None:
    send_statement(by=collector, customer=castle, as_of=may(10))
    invoice(castle, "INV-10", "600.91", may(13))
    bank_line("600.91", "PAYMENT", on=may(14), payer="CASTLE FIBRE LTD")

    assert matched(clerk, books, may(14)).decision == "proposed"


def test_a_statement_that_never_arrived_or_came_after_the_money_proves_nothing(
    books: LegalEntity, castle: Customer, collector: User, billed: list[Any], may: Day
) -> None:
    sent = send_statement(by=collector, customer=castle, as_of=may(10))
    assert load_index(books, may(14)).statement_of(castle.pk, "GBP") is not None
    assert load_index(books, may(9)).statement_of(castle.pk, "GBP") is None

    Message.objects.filter(pk=sent.pk).update(state="cancelled")
    assert load_index(books, may(14)).statement_of(castle.pk, "GBP") is None


def test_statements_cost_one_question_however_many_there_are(
    books: LegalEntity,
    castle: Customer,
    halden: Customer,
    collector: User,
    invoice: Make,
    billed: list[Any],
    may: Day,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(7):
        load_index(books, may(14))
    invoice(halden, "INV-20", "10.00", may(2))
    for customer in (castle, halden):
        send_statement(by=collector, customer=customer, as_of=may(10))

    with django_assert_num_queries(7):
        load_index(books, may(14))
