"""A small ledger to read: two customers of Brightwater in two currencies, in May 2026."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from core.models import ExchangeRate, LegalEntity, User
from customers.models import Customer, PaymentTerms
from ledger.actions import set_up_ledger
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, Pair, allocate, post

Bill = Callable[..., OpenItem]


@pytest.fixture
def books(uk: LegalEntity, system: User) -> LegalEntity:
    set_up_ledger(by=system, entity=uk)
    ExchangeRate.objects.create(
        from_currency="EUR", to_currency="GBP", on=date(2026, 1, 1), rate=Decimal("0.85"), source="test"
    )
    return uk


@pytest.fixture
def net30(books: LegalEntity) -> PaymentTerms:
    return PaymentTerms.objects.create(entity=books, code="NET30", name="30 days net", net_days=30)


@pytest.fixture
def acme(books: LegalEntity, net30: PaymentTerms) -> Customer:
    return Customer.objects.create(
        entity=books, code="C-1", name="Acme Ltd", currency="GBP", terms=net30, payment_reference="RF18C1"
    )


@pytest.fixture
def beta(books: LegalEntity, net30: PaymentTerms) -> Customer:
    return Customer.objects.create(
        entity=books, code="C-2", name="Beta BV", currency="EUR", terms=net30, payment_reference="RF18C2"
    )


@pytest.fixture
def bill(system: User) -> Bill:
    """Post an invoice: bill(acme, "INV-1", "120.00", date(2026, 3, 1), due=…)."""

    def make(customer: Customer, number: str, amount: str, on: date, due: date | None = None) -> OpenItem:
        return _posted(system, customer, number, OpenItem.Kind.INVOICE, Decimal(amount), on, due or on)

    return make


@pytest.fixture
def pay(system: User) -> Bill:
    """Post a receipt, and apply it to items: pay(acme, "RC-1", "100.00", date(2026, 4, 1), to=[invoice])."""

    def make(customer: Customer, number: str, amount: str, on: date, to: list[OpenItem] | None = None) -> OpenItem:
        receipt = _posted(system, customer, number, OpenItem.Kind.RECEIPT, Decimal(amount), on, on)
        left = Decimal(amount)
        for item in to or []:
            part = min(left, item.open_amount)
            allocate(by=system, pairs=[Pair(item, receipt, part, on)])
            left -= part
        return receipt

    return make


def _posted(
    by: User, customer: Customer, number: str, kind: OpenItem.Kind, amount: Decimal, on: date, due: date
) -> OpenItem:
    is_receipt = kind == OpenItem.Kind.RECEIPT
    other = Account.Role.UNIDENTIFIED_RECEIPTS if is_receipt else Account.Role.REVENUE
    debit, credit = (Decimal(0), amount) if is_receipt else (amount, Decimal(0))
    draft = EntryDraft(
        entity=customer.entity,
        kind=JournalEntry.Kind.RECEIPT if is_receipt else JournalEntry.Kind.INVOICE,
        posted_on=on,
        currency=customer.currency,
        key=f"test:{number}",
        lines=(
            LineDraft(
                Account.Role.RECEIVABLES,
                debit=debit,
                credit=credit,
                customer=customer,
                item=ItemDraft(number, kind, on, due),
            ),
            LineDraft(other, debit=credit, credit=debit),
        ),
    )
    return post(by=by, entries=[draft])[0].open_items[0]
