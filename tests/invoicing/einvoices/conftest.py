"""A German company that sells to another one, which takes XRechnung."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core.models import BankAccount, LegalEntity, User
from customers.actions import change_requirements
from customers.models import Address, Customer, PaymentTerms
from invoicing.actions import draft_invoice, issue_invoice
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import Invoice, TaxRate
from ledger.actions import set_up_ledger

LEITWEG = "991-11111-06"


@pytest.fixture
def reach(system: User) -> Callable[..., None]:
    """Say how structured invoices reach a customer: reach(acme, file_format="peppol")."""

    def write(customer: Customer, **facts: str) -> None:
        known: dict[str, Any] = {
            "electronic_scheme": "0088",
            "electronic_address": "4012345000009",
            "buyer_reference": "991-11111-06",
        }
        change_requirements(by=system, customer=customer, **{**known, **facts})

    return write


@pytest.fixture
def halden(de: LegalEntity, system: User) -> LegalEntity:
    """Halden DE with its books, its phone and its account at a bank."""
    LegalEntity.objects.filter(pk=de.pk).update(phone="+49 40 123456", registration_number="HRB 123456")
    de.refresh_from_db()
    set_up_ledger(by=system, entity=de)
    iban = "DE89370400440532013000"
    BankAccount.objects.create(entity=de, name="Haspa", currency="EUR", iban=iban, bic="COBADEFFXXX", is_default=True)
    return de


@pytest.fixture
def town_hall(halden: LegalEntity, reach: Callable[..., None]) -> Customer:
    """Stadtwerke Kiel takes XRechnung under its Leitweg-ID."""
    terms = PaymentTerms.objects.create(
        entity=halden, code="N30", name="30 Tage netto", net_days=30, discount_percent=Decimal(2), discount_days=10
    )
    facts = {"currency": "EUR", "language": "de", "terms": terms, "payment_reference": ""}
    customer = Customer.objects.create(entity=halden, code="K1", name="Stadtwerke Kiel", **facts)
    Address.objects.create(customer=customer, lines="Uhlenkrog 32", city="Kiel", postcode="24113", country="DE")
    reach(customer, file_format="xrechnung", electronic_scheme="0204", electronic_address=LEITWEG)
    return customer


@pytest.fixture
def german_sale(halden: LegalEntity, town_hall: Customer, system: User) -> Callable[..., Invoice]:
    """Halden bills Stadtwerke Kiel."""

    def make() -> Invoice:
        rate = TaxRate.objects.create(
            entity=halden, code="S19", name="19 %", category="S", percent=Decimal(19), valid_from=date(2021, 1, 1)
        )
        lines = [DraftLine(description="Wartung", unit_price=Decimal("99.95"), quantity=Decimal(7), tax_rate=rate)]
        draft = draft_invoice(by=system, entity=halden, draft=InvoiceDraft(customer=town_hall, lines=lines))
        return issue_invoice(by=system, entity=halden, invoice=draft, issued_on=date(2026, 5, 4))

    return make
