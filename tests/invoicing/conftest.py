"""Brightwater's customers and tax rates, and a ledger to issue into."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import segno

from controls.actions import set_up_limits
from core.models import BankAccount, LegalEntity, User
from customers.models import Address, Contact, Customer, PaymentTerms
from invoicing.actions import draft_invoice, issue_invoice
from invoicing.drafts import DraftLine, InvoiceDraft
from invoicing.models import Invoice, TaxRate
from ledger.actions import set_up_ledger

Made = Callable[..., Customer]


@pytest.fixture
def books(uk: LegalEntity, system: User) -> LegalEntity:
    """Brightwater UK with its chart of accounts and an account at a bank."""
    BankAccount.objects.create(
        entity=uk,
        name="Barclays current",
        currency="GBP",
        bank_name="Barclays, Bristol",
        iban="GB29NWBK60161331926819",
        sort_code="60-16-13",
        account_number="31926819",
        is_default=True,
    )
    set_up_ledger(by=system, entity=uk)
    set_up_limits(by=system, entity=uk)
    return uk


@pytest.fixture
def net30(uk: LegalEntity) -> PaymentTerms:
    return PaymentTerms.objects.create(entity=uk, code="N30", name="30 days from invoice", net_days=30)


@pytest.fixture
def customer(books: LegalEntity, net30: PaymentTerms) -> Made:
    """Make a customer with a billing address and somebody who receives invoices."""

    def make(name: str, **facts: Any) -> Customer:
        code = f"C-{name[:8].upper()}"
        values: dict[str, Any] = {"currency": "GBP", "terms": net30, "payment_reference": "", **facts}
        row = Customer.objects.create(entity=books, code=code, name=name, **values)
        Address.objects.create(
            customer=row, lines="12 Lansdown Crescent", city="Bath", postcode="BA1 5EX", country="GB"
        )
        Contact.objects.create(
            customer=row, name="Ann Lee", email=f"ap@{name.split()[0].lower()}.example", receives_invoices=True
        )
        return row

    return make


@pytest.fixture
def acme(customer: Made) -> Customer:
    return customer("Acme Hotels")


@pytest.fixture
def standard(uk: LegalEntity) -> TaxRate:
    return _rate(uk, "S20", "Standard 20 %", "S", "20")


@pytest.fixture
def reduced(uk: LegalEntity) -> TaxRate:
    return _rate(uk, "S5", "Reduced 5 %", "S", "5")


@pytest.fixture
def zero(uk: LegalEntity) -> TaxRate:
    return _rate(uk, "Z", "Zero rated", "Z", "0")


@pytest.fixture
def reverse_charge(uk: LegalEntity) -> TaxRate:
    return _rate(uk, "AE", "Reverse charge", "AE", "0")


@pytest.fixture
def exempt(uk: LegalEntity) -> TaxRate:
    return _rate(uk, "E", "Exempt", "E", "0")


def _rate(entity: LegalEntity, code: str, name: str, category: str, percent: str) -> TaxRate:
    return TaxRate.objects.create(
        entity=entity,
        code=code,
        name=name,
        category=category,
        percent=Decimal(percent),
        valid_from=date(2011, 1, 4),
    )


@pytest.fixture
def line(standard: TaxRate) -> Callable[..., DraftLine]:
    """A line by its price: line("412.50", quantity=14)."""

    def make(price: str, *, quantity: int | str = 1, tax_rate: TaxRate | None = None, **facts: Any) -> DraftLine:
        values: dict[str, Any] = {"description": "Managed Wi-Fi", **facts}
        return DraftLine(unit_price=Decimal(price), quantity=Decimal(quantity), tax_rate=tax_rate or standard, **values)

    return make


@pytest.fixture
def drafted(clerk: User, books: LegalEntity, line: Callable[..., DraftLine]) -> Callable[..., Invoice]:
    """Nora drafts an invoice: drafted(acme, line("100")). Without lines it is one of 100.00."""

    def make(customer: Customer, *lines: DraftLine, **facts: Any) -> Invoice:
        draft = InvoiceDraft(customer=customer, lines=lines or (line("100"),), **facts)
        return draft_invoice(by=clerk, entity=books, draft=draft)

    return make


@pytest.fixture
def issued(clerk: User, books: LegalEntity, drafted: Callable[..., Invoice]) -> Callable[..., Invoice]:
    """Nora drafts and issues an invoice on 4 May: issued(acme, line("100"))."""

    def make(customer: Customer, *lines: DraftLine, **facts: Any) -> Invoice:
        draft = drafted(customer, *lines, **facts)
        return issue_invoice(by=clerk, entity=books, invoice=draft, issued_on=date(2026, 5, 4))

    return make


@pytest.fixture
def png() -> bytes:
    """A small picture."""
    target = io.BytesIO()
    segno.make("o2c").save(target, kind="png", scale=3)
    return target.getvalue()
