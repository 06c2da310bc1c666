"""Brightwater's cash desk: two customers, invoices, and money that the bank tells of in May 2026."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from cashapp.actions.receipts import post_receipt
from cashapp.actions.statements import import_statement
from cashapp.bank_lines_file import MAPPING, Row, bank_table
from cashapp.models import BankStatementLine, Receipt
from cashapp.money_in import Incoming, Payment
from controls.actions import set_up_limits
from core.models import BankAccount, LegalEntity, User
from customers.models import Customer, PaymentTerms
from ledger.actions import set_up_ledger
from ledger.models import Account, JournalEntry, JournalLine, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, post

Role = Account.Role


@pytest.fixture
def books(uk: LegalEntity, system: User, bank_account: BankAccount) -> LegalEntity:
    """Brightwater UK with a chart of accounts, its current account and the standard limits."""
    set_up_ledger(by=system, entity=uk)
    set_up_limits(by=system, entity=uk)
    return uk


def customer_of(entity: LegalEntity, code: str, name: str, **more: Any) -> Customer:
    terms, _ = PaymentTerms.objects.get_or_create(
        entity=entity,
        code="N30",
        defaults={"name": "30 days, 2 % within 10", "net_days": 30, "discount_percent": 2, "discount_days": 10},
    )
    return Customer.objects.create(entity=entity, code=code, name=name, currency=entity.currency, terms=terms, **more)


@pytest.fixture
def castle(books: LegalEntity) -> Customer:
    return customer_of(books, "C-10001", "Castle Fibre Ltd")


@pytest.fixture
def halden(books: LegalEntity) -> Customer:
    return customer_of(books, "C-10002", "Halden Logistics Ltd")


@transaction.atomic
def posted(by: User, entry: EntryDraft) -> OpenItem:
    return post(by=by, entries=[entry])[0].open_items[0]


@pytest.fixture
def invoice(system: User) -> Callable[..., OpenItem]:
    """Post an invoice of a customer: invoice(castle, "INV-1", "120.00", may(1)), a sixth of it tax."""

    def make(customer: Customer, number: str, amount: str, on: date, **more: Any) -> OpenItem:
        gross = Decimal(amount)
        tax = (gross / 6).quantize(Decimal("0.01"))
        item = ItemDraft(number, OpenItem.Kind.INVOICE, on, more.pop("due_on", on), **more)
        lines = (
            LineDraft(Role.RECEIVABLES, debit=gross, customer=customer, item=item),
            LineDraft(Role.REVENUE, credit=gross - tax),
            LineDraft(Role.OUTPUT_TAX, credit=tax, tax_code="S"),
        )
        kind = JournalEntry.Kind.INVOICE
        return posted(system, EntryDraft(customer.entity, kind, on, customer.currency, lines, f"invoice:{number}"))

    return make


@pytest.fixture
def credit_note(system: User) -> Callable[..., OpenItem]:
    """Post a credit note: credit_note(castle, "CN-1", "20.00", may(2))."""

    def make(customer: Customer, number: str, amount: str, on: date) -> OpenItem:
        item = ItemDraft(number, OpenItem.Kind.CREDIT_NOTE, on, on)
        lines = (
            LineDraft(Role.REVENUE, debit=Decimal(amount)),
            LineDraft(Role.RECEIVABLES, credit=Decimal(amount), customer=customer, item=item),
        )
        kind = JournalEntry.Kind.CREDIT_NOTE
        return posted(system, EntryDraft(customer.entity, kind, on, customer.currency, lines, f"credit:{number}"))

    return make


@pytest.fixture
def bank_line(books: LegalEntity, bank_account: BankAccount, system: User) -> Callable[..., BankStatementLine]:
    """The bank tells of money: bank_line("120.00", "INV-1", on=may(12), payer="CASTLE FIBRE LTD")."""
    numbers = count(1)

    def tell(amount: str, text: str = "", *, on: date, payer: str = "", account: str = "") -> BankStatementLine:
        row = Row(f"L{next(numbers)}", on, int(Decimal(amount) * 100), text, payer, account)
        (imported,) = import_statement(
            by=system,
            entity=books,
            name=f"{row.id}.csv",
            content=bank_table([row], "GBP"),
            bank_account=bank_account,
            mapping=MAPPING,
        )
        return imported.statement.lines.get()

    return tell


@pytest.fixture
def received(clerk: User, bank_line: Callable[..., BankStatementLine]) -> Callable[..., Receipt]:
    """Money of a customer, posted: received(castle, "120.00", may(12), {invoice: "120.00"})."""

    def make(customer: Customer, amount: str, on: date, paid: dict[OpenItem, str] | None = None) -> Receipt:
        line = bank_line(amount, f"Money of {customer.name}", on=on)
        return post_receipt(by=clerk, customer=customer, incoming=Incoming.of_line(line), pays=pays(paid or {}))

    return make


def pays(amounts: dict[OpenItem, str]) -> list[Payment]:
    return [Payment(item, Decimal(amount)) for item, amount in amounts.items()]


def open_amounts(items: Sequence[OpenItem]) -> list[str]:
    """What is open of the items now, asked from the database."""
    found = {item.pk: item.open_amount for item in OpenItem.objects.filter(pk__in=[item.pk for item in items])}
    return [f"{found[item.pk]:.2f}" for item in items]


def t_account(entity: LegalEntity) -> dict[str, str]:
    """The balances of the accounts that are not zero, debit positive."""
    balances: dict[str, Decimal] = {}
    for line in JournalLine.objects.filter(entry__entity=entity).select_related("account"):
        balances[line.account.role] = balances.get(line.account.role, Decimal(0)) + line.signed_amount
    return {role: f"{balance:.2f}" for role, balance in sorted(balances.items()) if balance}
