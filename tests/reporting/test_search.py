"""The palette finds documents and customers by whatever people have at hand."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from core.models import LegalEntity, NumberSeries, User
from customers.actions import add_note
from customers.models import Contact, Customer
from ledger.models import OpenItem
from reporting.queries.search import search

Make = Callable[..., OpenItem]


@pytest.fixture
def ledger(books: LegalEntity, acme: Customer, beta: Customer, bill: Make, system: User) -> None:
    bill(acme, "INV-2026-000123", "1234.50", date(2026, 5, 1))
    bill(beta, "INV-2026-000124", "99.00", date(2026, 5, 1))
    NumberSeries.objects.create(entity=books, kind="invoice", year=2026, pattern="INV-{year}-{number:06d}")
    add_note(by=system, customer=acme, text="Also writes itself Acme-Holding.")
    Contact.objects.create(customer=acme, name="Ruth Hill", email="ruth@acme.example", phone="+44 117 496 0123")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("INV-2026-000123", "Invoice INV-2026-000123"),
        ("inv-2026-000123", "Invoice INV-2026-000123"),
        ("123", "Invoice INV-2026-000123"),
        ("1,234.50", "Invoice INV-2026-000123"),
        ("£1234.50", "Invoice INV-2026-000123"),
        ("1.234,50", "Invoice INV-2026-000123"),
        ("acme", "Acme Ltd"),
        ("c-2", "Beta BV"),
        ("ltd ACME", "Acme Ltd"),
        ("acme-holding", "Acme Ltd"),
        ("1,234.50", "Acme Ltd"),
        ("ruth@acme", "Acme Ltd"),
        ("1174960123", "Acme Ltd"),
    ],
)
def test_it_is_found(books: LegalEntity, ledger: None, collector: User, text: str, found: str) -> None:
    groups = search(by=collector, entity=books, text=text)

    assert found in [item.title for group in groups for item in group.items]


def test_documents_come_before_customers(books: LegalEntity, ledger: None, collector: User) -> None:
    assert [group.label for group in search(by=collector, entity=books, text="000123")][0] == "Documents"


@pytest.mark.parametrize("text", ["", " ", "a", "nobody at all", "%", "__"])
def test_what_is_not_there_is_not_found(books: LegalEntity, ledger: None, collector: User, text: str) -> None:
    assert search(by=collector, entity=books, text=text) == []


def test_who_works_elsewhere_finds_nothing_here(books: LegalEntity, ledger: None, stranger: User) -> None:
    assert search(by=stranger, entity=books, text="acme") == []
    assert search(by=stranger, entity=books, text="INV-2026-000123") == []


def test_the_palette_gets_a_fragment_and_people_without_scripts_a_page(
    books: LegalEntity, ledger: None, collector: User, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(collector)

    assert b"<html" not in browser.get("/search/?q=acme", headers={"HX-Request": "true"}).content
    page = browser.get("/search/?q=acme").content
    assert b"<html" in page
    assert b"Acme Ltd" in page


@pytest.fixture
def settled(ledger: None, acme: Customer, beta: Customer, bill: Make, pay: Make) -> None:
    """Beta paid an invoice of 500.00 by a receipt of 500.00, and part of another of 800.00."""
    pay(beta, "RC-1", "500.00", date(2026, 5, 9), to=[bill(beta, "INV-9", "500.00", date(2026, 5, 2))])
    pay(beta, "RC-2", "300.00", date(2026, 5, 9), to=[bill(beta, "INV-10", "800.00", date(2026, 5, 3))])


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("500", ["Invoice INV-10", "Receipt RC-1", "Invoice INV-9"]),
        ("800.00", ["Invoice INV-10"]),
        ("300", ["Receipt RC-2"]),
        ("599.00", ["Beta BV"]),
        ("501", []),
    ],
)
def test_an_amount_finds_open_and_settled_documents_receipts_and_balances(
    books: LegalEntity, settled: None, collector: User, text: str, titles: list[str]
) -> None:
    groups = search(by=collector, entity=books, text=text)

    assert [item.title for group in groups for item in group.items] == titles


def test_a_customer_that_is_found_by_its_balance_says_so(books: LegalEntity, ledger: None, collector: User) -> None:
    found = search(by=collector, entity=books, text="1,234.5")[-1]

    assert (found.label, [item.note for item in found.items]) == ("Customers", ["C-1 · GBP · balance 1,234.50 GBP"])


@pytest.mark.parametrize(("text", "most"), [("acme", 3), ("123", 6), ("1,234.50", 7)])
def test_whatever_is_typed_takes_few_questions(
    books: LegalEntity,
    ledger: None,
    collector: User,
    text: str,
    most: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    assert collector.roles_by_entity
    with django_assert_max_num_queries(most):
        assert search(by=collector, entity=books, text=text)


def test_amounts_of_another_company_are_not_found(books: LegalEntity, settled: None, stranger: User) -> None:
    assert search(by=stranger, entity=books, text="500.00") == []
