"""Acme Ltd buys from Brightwater on 30 days; Maya keeps its data."""

from collections.abc import Callable
from typing import Any

import pytest

from core.models import LegalEntity, User
from customers.actions import add_address, add_contact, create_customer, create_terms
from customers.models import Customer, PaymentTerms

NewCustomer = Callable[..., Customer]


@pytest.fixture
def net_30(uk: LegalEntity, system: User) -> PaymentTerms:
    return create_terms(by=system, entity=uk, code="NET30", name="30 days net", net_days=30)


@pytest.fixture
def new_customer(uk: LegalEntity, net_30: PaymentTerms, system: User) -> NewCustomer:
    """Open a customer: new_customer("Beta Ltd", segment="Retail")."""

    def make(name: str, **fields: Any) -> Customer:
        return create_customer(by=system, entity=uk, name=name, terms=fields.pop("terms", net_30), **fields)

    return make


@pytest.fixture
def acme(new_customer: NewCustomer, system: User) -> Customer:
    customer = new_customer("Acme Trading Ltd", tax_number="GB123456782", segment="Wholesale")
    add_contact(
        by=system,
        customer=customer,
        name="Pat Jones",
        email="pat@acme.example",
        phone="+44 (0)117 496 0100",
        receives_invoices=True,
    )
    add_address(by=system, customer=customer, lines="4 Mill Lane", postcode="BS1 5AB", city="Bristol", country="GB")
    return customer


@pytest.fixture
def foreign(de: LegalEntity, system: User) -> Customer:
    """A customer of the other company."""
    terms = create_terms(by=system, entity=de, code="NET14", name="14 Tage netto", net_days=14)
    return create_customer(by=system, entity=de, name="Nordsee Handel GmbH", terms=terms)
