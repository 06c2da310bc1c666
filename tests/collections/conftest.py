"""Brightwater Hotels buys from Brightwater Software: its account stands as in tests/collections/books.py."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.models import BankAccount, LegalEntity, User
from customers.models import Address, Contact, Customer, PaymentTerms
from customers.references import payment_reference
from ledger.actions import set_up_ledger
from messaging.sender import Tally, deliver
from tests.collections.books import Books


@pytest.fixture(autouse=True)
def mail_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MAIL_DIR = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def books(uk: LegalEntity, system: User) -> LegalEntity:
    """The company's books, and the accounts that customers pay into."""
    set_up_ledger(by=system, entity=uk)
    pounds = {"bank_name": "Barclays, Bristol", "sort_code": "20-13-42", "account_number": "40211870"}
    BankAccount.objects.create(entity=uk, name="Pounds", currency="GBP", is_default=True, **pounds)
    BankAccount.objects.create(entity=uk, name="Euro", currency="EUR", iban="DE89370400440532013000", is_default=True)
    return uk


@pytest.fixture
def new_customer(books: LegalEntity) -> Callable[..., Customer]:
    """Make a customer with an address and somebody who receives statements."""

    def make(code: str, name: str, **fields: Any) -> Customer:
        thirty = {"name": "30 days net", "net_days": 30}
        terms, _ = PaymentTerms.objects.get_or_create(entity=books, code="N30", defaults=thirty)
        customer = Customer.objects.create(
            entity=books,
            code=code,
            name=name,
            terms=terms,
            payment_reference=payment_reference(code),
            **{"currency": "GBP", **fields},
        )
        Address.objects.create(
            customer=customer, lines="12 Lansdown Crescent", postcode="BA1 5EX", city="Bath", country="GB"
        )
        Contact.objects.create(
            customer=customer, name="Priya Nair", email="ap@hotels.example", receives_statements=True
        )
        return customer

    return make


@pytest.fixture
def hotels(new_customer: Callable[..., Customer]) -> Customer:
    return new_customer("C-10420", "Brightwater Hotels Group")


@pytest.fixture
def account(system: User, hotels: Customer) -> Books:
    """The account of the hotels, to be written to."""
    return Books(system, hotels)


@pytest.fixture
def send(system: User) -> Callable[[], Tally]:
    """One round of a sender."""
    return lambda: deliver(by=system)
