"""Castle paid twice: 120.00 lies on account, its bank account is verified, and Brightwater's bank takes Bacs files."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cashapp.models import Receipt
from controls.models import ApprovalRequest
from core.models import BankAccount, LegalEntity, User
from core.money import money
from customers.actions import add_bank_account, verify_bank_account
from customers.models import Customer, CustomerBankAccount
from invoicing.actions import approve_refund, request_refund
from invoicing.models import Refund
from refunds.actions import add_channel
from refunds.models import PaymentChannel
from tests.cashapp import conftest as bank
from tests.cashapp.receipts import conftest as desk

bank_account, statement_text = bank.bank_account, bank.statement_text
books, castle, halden, bank_line = desk.books, desk.castle, desk.halden, desk.bank_line
invoice, received = desk.invoice, desk.received


@pytest.fixture
def second_manager(person: Callable[..., User], uk: LegalEntity) -> User:
    """Fiona is the other finance manager."""
    return person("Fiona", uk, "finance_manager")


@pytest.fixture
def paid_to(castle: Customer, manager: User, finance_manager: User) -> CustomerBankAccount:
    """Castle's account: Maya wrote it down, Finn called a number known before."""
    told = add_bank_account(
        by=manager, customer=castle, bank_code="200000", account_number="55779911", holder="Castle Fibre Ltd"
    )
    return verify_bank_account(by=finance_manager, account=told, how="call_back", note="Ms Low, 0117 496 0999")


@pytest.fixture
def channel(bank_account: BankAccount, books: LegalEntity, finance_manager: User) -> PaymentChannel:
    return add_channel(
        by=finance_manager,
        entity=books,
        bank_account=bank_account,
        scheme="bacs",
        name="Brightwater",
        identifier="123456",
    )


@pytest.fixture
def receipt(received: Callable[..., Receipt], castle: Customer, may: Callable[[int], date]) -> Receipt:
    return received(castle, "120.00", may(5))


@pytest.fixture
def approved(receipt: Receipt, clerk: User, manager: User) -> Callable[..., Refund]:
    """A refund that Nora asked for and Maya approved: approved("120.00", paid_to)."""

    def approve(amount: str, account: CustomerBankAccount | None, of: Any = None) -> Refund:
        item = (of or receipt).item
        item.refresh_from_db()
        refund = request_refund(
            by=clerk,
            item=item,
            amount=money(f"{amount} GBP"),
            reason="Paid twice",
            requested_on=date(2026, 5, 12),
            bank_account=account,
        )
        asked = ApprovalRequest.objects.get(subject_id=str(refund.pk))
        return approve_refund(by=manager, request=asked, refund=refund, posted_on=date(2026, 5, 12))

    return approve
