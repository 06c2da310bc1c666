"""Acme and Bolt buy from Brightwater; books are short to write: an invoice, a receipt, one pays the other."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from core.models import LegalEntity, User
from customers.models import Customer, PaymentTerms
from ledger.actions import set_up_ledger
from ledger.models import Account, Allocation, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post

Role = Account.Role


@pytest.fixture
def books(uk: LegalEntity, system: User) -> LegalEntity:
    """Brightwater UK with its chart of accounts; its books are in pounds."""
    set_up_ledger(by=system, entity=uk)
    return uk


@pytest.fixture
def make_customer() -> Callable[..., Customer]:
    """Make a customer: make_customer("Acme", uk)."""
    numbers = count(1)

    def make(name: str, entity: LegalEntity, currency: str = "", parent: Customer | None = None) -> Customer:
        terms, _ = PaymentTerms.objects.get_or_create(
            entity=entity, code="N30", defaults={"name": "30 days net", "net_days": 30}
        )
        return Customer.objects.create(
            entity=entity,
            code=f"C{next(numbers):04d}",
            name=name,
            currency=currency or entity.currency,
            terms=terms,
            parent=parent,
        )

    return make


@pytest.fixture
def acme(books: LegalEntity, make_customer: Callable[..., Customer]) -> Customer:
    return make_customer("Acme", books)


@pytest.fixture
def bolt(books: LegalEntity, make_customer: Callable[..., Customer]) -> Customer:
    return make_customer("Bolt", books)


def draft_invoice(
    customer: Customer, number: str, amount: str, posted_on: date, due_on: date | None = None, **more: object
) -> EntryDraft:
    """Dr Receivables, Cr Revenue and Output tax (a sixth of the gross, as at 20 %)."""
    gross = Decimal(amount)
    tax = (gross / 6).quantize(Decimal("0.01"))
    item = ItemDraft(number, OpenItem.Kind.INVOICE, posted_on, due_on or posted_on)
    lines = [
        LineDraft(Role.RECEIVABLES, debit=gross, customer=customer, item=item),
        LineDraft(Role.REVENUE, credit=gross - tax),
    ]
    if tax:
        lines.append(LineDraft(Role.OUTPUT_TAX, credit=tax, tax_code="S"))
    facts = {"key": f"invoice:{number}", "currency": customer.currency, **more}
    return EntryDraft(customer.entity, JournalEntry.Kind.INVOICE, posted_on, lines=lines, **facts)


def draft_receipt(
    customer: Customer, number: str, amount: str, posted_on: date, item_kind: str = "receipt", **more: object
) -> EntryDraft:
    """Dr Bank, Cr Receivables."""
    item = ItemDraft(number, item_kind, posted_on, posted_on)
    lines = (
        LineDraft(Role.BANK, debit=Decimal(amount)),
        LineDraft(Role.RECEIVABLES, credit=Decimal(amount), customer=customer, item=item),
    )
    facts = {"key": f"receipt:{number}", "kind": "receipt", "currency": customer.currency, **more}
    return EntryDraft(customer.entity, posted_on=posted_on, lines=lines, **facts)


@pytest.fixture
def invoice(system: User) -> Callable[..., OpenItem]:
    """Post an invoice: invoice(acme, "INV-1", "120.00", may(1)) gives its open item."""

    def make(*facts: Any, **more: Any) -> OpenItem:
        return post(by=system, entries=[draft_invoice(*facts, **more)])[0].open_items[0]

    return make


@pytest.fixture
def receipt(system: User) -> Callable[..., OpenItem]:
    """Post a receipt: receipt(acme, "RC-1", "120.00", may(15)) gives its open item."""

    def make(*facts: Any, **more: Any) -> OpenItem:
        return post(by=system, entries=[draft_receipt(*facts, **more)])[0].open_items[0]

    return make


@pytest.fixture
def apply(system: User) -> Callable[..., Allocation]:
    """Settle a debit with a credit: apply(receipt, invoice, "100.00", may(15))."""

    def make(credit: OpenItem, debit: OpenItem, amount: str, allocated_on: date, late_reason: str = "") -> Allocation:
        pair = Pair(debit, credit, Decimal(amount), allocated_on, late_reason)
        return allocate(by=system, pairs=[pair])[0]

    return make
