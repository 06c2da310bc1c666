"""The payments team at Brightwater: a provider of card payments, and payments that come in on a Tuesday in May 2026."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from cashapp.actions.payments import add_provider, take_in_payment
from cashapp.electronic import CardUsed, Named, PaymentDraft
from cashapp.models import ElectronicPayment, PaymentProvider
from core.models import LegalEntity, User
from core.money import Money
from customers.models import Contact, Customer
from tests.cashapp.conftest import bank_account as bank_account
from tests.cashapp.receipts.conftest import bank_line as bank_line
from tests.cashapp.receipts.conftest import books as books
from tests.cashapp.receipts.conftest import castle as castle
from tests.cashapp.receipts.conftest import halden as halden
from tests.cashapp.receipts.conftest import invoice as invoice
from tests.cashapp.receipts.conftest import received as received

TUESDAY = 12


def at(hour: int, minute: int = 0, day: int = TUESDAY) -> datetime:
    """A moment in May by UTC; London's clocks are an hour ahead of it."""
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def stripe(books: LegalEntity, finance_manager: User) -> PaymentProvider:
    return add_provider(by=finance_manager, entity=books, code="stripe", name="Stripe")


@pytest.fixture
def payer(castle: Customer) -> Contact:
    """Priya at Castle Fibre gets statements, and so receipts."""
    return Contact.objects.create(
        customer=castle, name="Priya Nair", email="priya@castle.example", receives_statements=True
    )


@pytest.fixture
def paid(clerk: User, stripe: PaymentProvider, castle: Customer) -> Callable[..., ElectronicPayment]:
    """A payment comes in: paid("120.00", "INV-1"), by card and at ten o'clock unless told otherwise."""
    numbers = count(1)

    def take_in(amount: str, *numbers_named: str, **more: Any) -> ElectronicPayment:
        draft = PaymentDraft(
            method=more.pop("method", ElectronicPayment.Method.CARD),
            reference=more.pop("reference", f"pi_{next(numbers)}"),
            money=Money(Decimal(amount), "GBP"),
            received_at=more.pop("received_at", at(9)),
            provider=more.pop("provider", stripe),
            customer=more.pop("customer", castle),
            documents=[Named(number) for number in numbers_named],
            payer=more.pop("payer", "P. Nair"),
            surcharge=Decimal(more.pop("surcharge", "0")),
            card=CardUsed("credit", "commercial", "visa"),
            **more,
        )
        return take_in_payment(by=clerk, entity=stripe.entity, draft=draft, source="api")

    return take_in
