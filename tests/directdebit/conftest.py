"""Brightwater collects by Bacs: Maya notes an account, Finn verifies it, Nora drafts the mandate and prepares runs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from core.models import BankAccount, LegalEntity, User
from customers.actions import add_bank_account, verify_bank_account
from customers.models import Contact, Customer, CustomerBankAccount, PaymentTerms
from directdebit.actions.creditors import add_creditor
from directdebit.actions.mandates import draft_mandate, release_mandate, review_mandates
from directdebit.actions.runs import prepare_run
from directdebit.actions.submitting import lodge_mandates
from directdebit.models import Collection, CollectionRun, Creditor, Mandate
from directdebit.planning import Wanted
from ledger.actions import set_up_ledger
from ledger.models import JournalLine, OpenItem
from ledger.posting import post
from messaging.models import Message
from tests.ledger.conftest import draft_invoice

SORT_CODE, NUMBER = "089999", "66374958"
Live = Callable[..., Mandate]
Owed = Callable[..., OpenItem]


@pytest.fixture
def books(uk: LegalEntity, system: User) -> LegalEntity:
    BankAccount.objects.create(
        entity=uk,
        name="Barclays current",
        currency="GBP",
        iban="GB33BUKB20201555555555",
        sort_code="20-20-15",
        account_number="55555555",
        is_default=True,
    )
    set_up_ledger(by=system, entity=uk)
    return uk


@pytest.fixture
def bacs(books: LegalEntity, finance_manager: User) -> Creditor:
    """Brightwater as Bacs knows it, with ten working days of notice."""
    return add_creditor(
        by=finance_manager,
        entity=books,
        code="BACS-UK",
        name="BRIGHTWATER",
        scheme="bacs",
        identifier="123456",
        bank_account=BankAccount.objects.get(),
    )


@pytest.fixture
def customer_named(books: LegalEntity) -> Callable[[str], Customer]:
    numbers = count(1)

    def make(name: str) -> Customer:
        terms, _ = PaymentTerms.objects.get_or_create(
            entity=books, code="N30", defaults={"name": "30 days net", "net_days": 30}
        )
        row = Customer.objects.create(
            entity=books, code=f"C-{next(numbers):04d}", name=name, currency="GBP", terms=terms
        )
        email = f"pay@{name.split()[0].lower()}.example"
        Contact.objects.create(customer=row, name="Pat Jones", email=email, role=Contact.Role.PAYMENTS)
        return row

    return make


@pytest.fixture
def acme(customer_named: Callable[[str], Customer]) -> Customer:
    return customer_named("Acme Trading Ltd")


@pytest.fixture
def account_of(manager: User, finance_manager: User) -> Callable[..., CustomerBankAccount]:
    """An account that Maya noted and, unless told otherwise, Finn verified."""

    def make(customer: Customer, *, verified: bool = True) -> CustomerBankAccount:
        account = add_bank_account(
            by=manager, customer=customer, bank_code=SORT_CODE, account_number=NUMBER, holder=customer.name
        )
        if verified:
            account = verify_bank_account(
                by=finance_manager, account=account, how="call_back", note="Pat, 0117 496 0100"
            )
        return account

    return make


@pytest.fixture
def live(
    bacs: Creditor,
    account_of: Callable[..., CustomerBankAccount],
    clerk: User,
    system: User,
    may: Callable[[int], date],
) -> Live:
    """A mandate that was lodged in April and is active: live(acme)."""

    def make(customer: Customer, **facts: Any) -> Mandate:
        drafted = draft_mandate(
            by=clerk,
            creditor=bacs,
            customer=customer,
            bank_account=account_of(customer),
            reference=f"BRIGHT-{customer.code}",
            signed_on=date(2026, 4, 1),
            **facts,
        )
        release_mandate(by=clerk, mandate=drafted, released_on=date(2026, 4, 1))
        lodge_mandates(by=clerk, creditor=bacs, lodged_on=date(2026, 4, 2))
        review_mandates(by=system, entity=bacs.entity, as_of=date(2026, 4, 20))
        return Mandate.objects.get(pk=drafted.pk)

    return make


@pytest.fixture
def owed(system: User) -> Owed:
    """What a customer owes: owed(acme, "INV-1", "120.00", due_on=may(1))."""

    def make(customer: Customer, number: str, amount: str, due_on: date) -> OpenItem:
        draft = draft_invoice(customer, number, amount, due_on - timedelta(days=30), due_on)
        return post(by=system, entries=[draft])[0].open_items[0]

    return make


@pytest.fixture
def prepared(bacs: Creditor, clerk: User) -> Callable[..., CollectionRun]:
    """A run that Nora prepares on 5 May for a debit on 20 May."""

    def make(key: str = "one", collect_on: date = date(2026, 5, 20), on: date = date(2026, 5, 5)) -> CollectionRun:
        return prepare_run(by=clerk, wanted=Wanted(bacs, collect_on, collect_on, on), request_id=key)

    return make


def notice_left(collection: Collection, at: datetime) -> Message:
    """The notice goes through the outbox as every message does, and leaves at a moment of the story."""
    assert collection.notice_id is not None
    rows = Message.objects.filter(pk=collection.notice_id)
    rows.update(state="claimed", claimed_by="test", claimed_at=at)
    rows.update(state="sending")
    rows.update(state="sent", sent_at=at)
    return rows.get()


def amounts(run: CollectionRun) -> dict[str, Decimal]:
    """What a run draws, by customer."""
    return {each.customer.name: each.amount for each in run.collections.select_related("customer")}


def balance_of(entity: LegalEntity, role: str) -> Decimal:
    """What stands on an account, debits less credits."""
    lines = JournalLine.objects.filter(account__entity=entity, account__role=role)
    return sum((line.debit - line.credit for line in lines), Decimal(0))
