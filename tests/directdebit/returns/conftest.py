"""Brightwater collects from Castle Fibre by Bacs: one invoice of 120.00, drawn on 12 May 2026 and presumed paid."""

# ruff: noqa: F401, F811 - fixtures of neighbours

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from controls.actions import set_up_limits
from core.files import store_file
from core.models import BankAccount, LegalEntity, StoredFile, User
from customers.models import Customer, CustomerBankAccount
from directdebit.actions.booking import book_return
from directdebit.actions.paying import presume_paid
from directdebit.actions.reports import take_in_report
from directdebit.models import Collection, CollectionPart, Creditor, Mandate, ReturnedDebit, ReturnReport
from directdebit.steps import step_collections, step_mandate
from ledger.actions import set_up_ledger
from ledger.models import OpenItem
from tests.cashapp.conftest import bank_account
from tests.cashapp.receipts.conftest import castle, customer_of, halden, invoice

Draw = Callable[..., Collection]


@pytest.fixture
def books(uk: LegalEntity, system: User, bank_account: BankAccount) -> LegalEntity:
    """Brightwater UK with a chart of accounts and the standard limits."""
    set_up_ledger(by=system, entity=uk)
    set_up_limits(by=system, entity=uk)
    return uk


@pytest.fixture
def creditor(books: LegalEntity, bank_account: BankAccount) -> Creditor:
    return Creditor.objects.create(
        entity=books,
        code="bacs-uk",
        name="BRIGHTWATER",
        scheme="bacs",
        identifier="123456",
        bank_account=bank_account,
        notice_days=10,
    )


def mandate_of(creditor: Creditor, customer: Customer, reference: str, by: User, **more: str) -> Mandate:
    """A live mandate, lodged long ago."""
    account = CustomerBankAccount.objects.create(
        customer=customer,
        bank_code="200000",
        account_number="55779911",
        country="GB",
        holder=customer.name,
        added_by=by,
    )
    mandate = Mandate.objects.create(
        entity=creditor.entity,
        creditor=creditor,
        customer=customer,
        bank_account=account,
        reference=reference,
        signed_on=date(2026, 1, 5),
        usable_from=date(2026, 1, 10),
        created_by=by,
        **more,
    )
    for state in (Mandate.State.PENDING_LODGEMENT, Mandate.State.LODGED, Mandate.State.ACTIVE):
        step_mandate(by, mandate, state, date(2026, 1, 10))
    return mandate


@pytest.fixture
def mandate(creditor: Creditor, castle: Customer, system: User) -> Mandate:
    return mandate_of(creditor, castle, "CASTLE-001", system)


@pytest.fixture
def draw(system: User) -> Draw:
    """Send a collection for some items: draw(mandate, [item], may(12)); it is presumed paid unless told otherwise."""

    def make(mandate: Mandate, items: list[OpenItem], on: date, *, is_paid: bool = True, **more: object) -> Collection:
        number = Collection.objects.count() + 1
        collection = Collection.objects.create(
            entity=mandate.entity,
            mandate=mandate,
            customer=mandate.customer,
            reference=f"DD26-{number:05}",
            amount=sum((item.amount for item in items), Decimal(0)),
            currency=mandate.creditor.currency,
            collect_on=on,
            sequence=Collection.Sequence.RECURRING,
            **more,
        )
        for item in items:
            CollectionPart.objects.create(collection=collection, item=item, amount=item.amount)
        for state in (Collection.State.NOTIFIED, Collection.State.SUBMITTED):
            step_collections(system, [collection], state, on)
        if is_paid:
            presume_paid(by=system, entity=mandate.entity, as_of=on)
            collection = Collection.objects.get(pk=collection.pk)
        return collection

    return make


@pytest.fixture
def paid(
    mandate: Mandate,
    castle: Customer,
    invoice: Callable[..., OpenItem],
    draw: Draw,
    may: Callable[[int], date],
) -> Collection:
    """The collection of INV-1 on 12 May."""
    item = invoice(castle, "INV-1", "120.00", may(1), due_on=may(10))
    return draw(mandate, [item], may(12))


@pytest.fixture
def take_in(uk: LegalEntity, clerk: User) -> Callable[..., ReturnReport]:
    """Take a report in and book what it tells: take_in(content, may(15))."""

    def carry_out(content: bytes, on: date, name: str = "report.xml") -> ReturnReport:
        report = take_in_report(by=clerk, entity=uk, file=kept(clerk, uk, content, name))
        for returned in report.returns.order_by("pk"):
            book_return(by=clerk, returned=returned, on=on)
        return report

    return carry_out


def kept(by: User, entity: LegalEntity, content: bytes, name: str = "report.xml") -> StoredFile:
    return store_file(by, entity, name, content)


def only(report: ReturnReport) -> ReturnedDebit:
    """The one thing that a report tells."""
    return report.returns.get()
