"""Brightwater's account at Barclays through May 2026, proved and signed day by day, and who pays into it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from cashapp.actions.matching import match_statement
from cashapp.actions.reconciling import name_variance, prepare_reconciliation, sign_reconciliation
from cashapp.actions.statements import import_statement
from cashapp.matching_runs import carry_out
from cashapp.models import BankStatementLine, MatchTask
from cashapp.queries.proving import DayProof, day_proof
from core.models import BankAccount, LegalEntity, User
from customers.models import Address, Contact, Customer
from ledger.models import Account, JournalEntry, JournalLine, OpenItem
from tests.cashapp.conftest import IBAN, StatementText
from tests.cashapp.conftest import bank_account as bank_account
from tests.cashapp.conftest import statement_text as statement_text
from tests.cashapp.receipts.conftest import books as books
from tests.cashapp.receipts.conftest import castle as castle
from tests.cashapp.receipts.conftest import customer_of, open_amounts
from tests.cashapp.receipts.conftest import halden as halden
from tests.cashapp.receipts.conftest import invoice as invoice

Make = Callable[..., Any]
OPENING = Decimal("10000.00")


@dataclass
class Month:
    """The account through May: brings each day's statement, lets the worker match it, has the day named and signed."""

    account: BankAccount
    clerk: User
    signer: User
    write: StatementText
    balance: Decimal = OPENING
    last: int = 4
    signed: list[DayProof] = field(default_factory=list)

    @property
    def entity(self) -> LegalEntity:
        return self.account.entity

    def bring(self, day: int, *lines: tuple[str, str]) -> list[BankStatementLine]:
        """A day's statement comes in and is matched; each line is what the bank writes of one movement."""
        marked = [(f"{amount}//{day}-{place}", text) for place, (amount, text) in enumerate(lines)]
        text = self.write(day, f"{self.balance:.2f}", marked, opened=self.last).decode()
        content = text.replace(IBAN, self.account.iban).replace("GBP", self.account.currency).encode()
        (told,) = import_statement(by=self.clerk, entity=self.entity, name=f"{day}.sta", content=content)
        assert told.statement.closing is not None
        self.balance, self.last = told.statement.closing, day
        carry_out(match_statement(by=self.clerk, statement=told.statement))
        return list(told.statement.lines.order_by("pk"))

    def sign(self, day: int) -> DayProof:
        """Nora names what is on its way and prepares the day, Finn signs it."""
        on = date(2026, 5, day)
        for each in proof_of(self.account, on).items:
            line, entry = each.item.subject
            name_variance(
                by=self.clerk,
                bank_account=self.account,
                line=BankStatementLine.objects.get(pk=line) if line else None,
                entry=JournalEntry.objects.get(pk=entry) if entry else None,
                owner=self.clerk,
                reason="Looked into",
                due_on=on + timedelta(days=7),
            )
        proof = proof_of(self.account, on)
        assert proof.problems == []
        prepared = prepare_reconciliation(by=self.clerk, bank_account=self.account, day=on)
        sign_reconciliation(by=self.signer, reconciliation=prepared)
        self._prove(proof)
        return proof

    def _prove(self, proof: DayProof) -> None:
        """The bank's closing is the ledger's, the balance of before, and what is on its way; nothing else."""
        assert proof.statement.closing == self.balance
        assert proof.standing == OPENING, "only what the bank held before May stands apart for good"
        assert proof.statement.closing == proof.ledger.closing + OPENING + proof.carried.total
        assert_control_account(self.entity)
        self.signed.append(proof)


def euro_month(month: Month, by: User) -> Month:
    """The account in euro, with an account of its own in the ledger."""
    account = BankAccount.objects.create(
        entity=month.entity, name="Barclays euro", currency="EUR", iban="GB94BARC20201530093459", bank_name="Barclays"
    )
    Account.objects.create(
        entity=month.entity, code="1202", name="Bank in euro", kind=Account.Kind.ASSET, role=Account.Role.BANK,
        bank_account=account,
    )  # fmt: skip
    return Month(account, month.clerk, month.signer, month.write)


def proof_of(account: BankAccount, on: date) -> DayProof:
    proof = day_proof(account, on)
    assert proof is not None
    return proof


def balance(entity: LegalEntity, role: str, currency: str = "GBP") -> Decimal:
    """What stands on the accounts of a role, debits less credits."""
    rows = JournalLine.objects.filter(account__entity=entity, account__role=role, currency=currency)
    sums = rows.aggregate(debit=Sum("debit"), credit=Sum("credit"))
    return (sums["debit"] or Decimal(0)) - (sums["credit"] or Decimal(0))


def assert_control_account(entity: LegalEntity) -> None:
    """The open items of each currency are what the control account holds."""
    for currency in ("GBP", "EUR"):
        rows = OpenItem.objects.filter(entity=entity, currency=currency, open_amount__gt=0)
        owed = sum((item.open_amount * item.sign for item in rows), Decimal(0))
        assert owed == balance(entity, Account.Role.RECEIVABLES, currency)


def task_of(line: BankStatementLine) -> MatchTask:
    return MatchTask.objects.get(line=line)


def is_matched(line: BankStatementLine) -> bool:
    return task_of(line).state == MatchTask.State.MATCHED


@pytest.fixture
def month(
    books: LegalEntity, bank_account: BankAccount, clerk: User, finance_manager: User, statement_text: StatementText
) -> Month:
    bank_account.sort_code, bank_account.account_number = "20-20-15", "55555555"
    bank_account.save(update_fields=["sort_code", "account_number"])
    return Month(bank_account, clerk, finance_manager, statement_text)


@dataclass
class Cast:
    """Who pays in May, and what each of them owes."""

    castle: Customer
    halden: Customer
    birch: Customer
    kerala: Customer
    oak: Customer
    acme: Customer
    bill: Callable[..., OpenItem]
    owed: dict[str, OpenItem] = field(default_factory=dict)

    def owes(self, customer: Customer, **amounts: str) -> None:
        """Invoices of 1 May, by their numbers without the prefix."""
        for number, amount in amounts.items():
            name = number.replace("n", "INV-")
            self.owed[name] = self.bill(customer, name, amount, date(2026, 5, 1), due_on=date(2026, 5, 10))

    def left(self, *numbers: str) -> list[str]:
        return open_amounts([self.owed[number] for number in numbers])


@pytest.fixture
def cast(castle: Customer, halden: Customer, books: LegalEntity, invoice: Make) -> Cast:
    names = {
        "birch": "Birch Print Ltd",
        "kerala": "Kerala Spices Pvt",
        "oak": "Oak Hardware Ltd",
        "acme": "Acme Trading Ltd",
    }
    made = {key: customer_of(books, f"C-2000{n}", name) for n, (key, name) in enumerate(names.items())}
    Contact.objects.create(
        customer=made["acme"], name="Pat Jones", email="pay@acme.example", role=Contact.Role.PAYMENTS
    )
    Address.objects.create(customer=made["kerala"], lines="1 Street", city="Kochi", country="IN", kind="billing")
    cast = Cast(castle, halden, made["birch"], made["kerala"], made["oak"], made["acme"], invoice)
    cast.owes(castle, n1001="120.00", n1002="120.00", n1003="84.00", n1004="70.00")
    cast.owes(halden, n2001="300.00", n2002="60.00", n2003="900.00")
    cast.owes(cast.birch, n3001="240.00", n3002="100.00", n3003="50.00", n3004="60.00")
    cast.owes(cast.kerala, n4001="120.00")
    cast.owes(cast.oak, n5001="80.00", n5002="130.00", n5003="30.00", n5004="512.75")
    return cast
