"""The palette finds documents and customers by whatever people have at hand."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from core.models import LegalEntity, NumberSeries, User
from customers.models import Contact, Customer
from ledger.models import OpenItem
from reporting.queries.search import amount_in, search

Make = Callable[..., OpenItem]


@pytest.fixture
def ledger(books: LegalEntity, acme: Customer, beta: Customer, bill: Make) -> None:
    bill(acme, "INV-2026-000123", "1234.50", date(2026, 5, 1))
    bill(beta, "INV-2026-000124", "99.00", date(2026, 5, 1))
    NumberSeries.objects.create(entity=books, kind="invoice", year=2026, pattern="INV-{year}-{number:06d}")
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


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12", "12"), ("1,234.5", "1234.5"), ("1.234,50", "1234.50"), ("-5", "5"), ("12,50", "12.50"), ("x", None)],
)
def test_amounts_are_read_as_people_type_them(text: str, amount: str | None) -> None:
    assert amount_in(text) == (Decimal(amount) if amount else None)
