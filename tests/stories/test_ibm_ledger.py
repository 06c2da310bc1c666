"""The main job on a real ledger: two thousand invoices come in, their receipts arrive by the bank and are matched.

Then the ageing of any day says what the file itself says was settled when.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.matching import match_statement
from cashapp.actions.statements import import_statement
from cashapp.matching_runs import carry_out
from cashapp.models import BankStatement, BankStatementLine, Receipt
from cashapp.money_in import Payment
from core.models import BankAccount, LegalEntity, User
from customers.models import Customer
from integrations.demo.inbox import Deposit, Morning, as_camt
from ledger.actions import set_up_ledger
from ledger.ageing import ageing
from ledger.models import OpenItem
from tests.shared import shared_path

FILE = "data/ar_history/ibm/ibm_ar_asof_2013-06-30.csv"
DAYS = [date(2012, 12, 31), date(2013, 3, 31), date(2013, 6, 30)]


@dataclass(frozen=True)
class Invoice:
    """A row of the file."""

    customer: str
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    settled_on: date | None


def day(text: str) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007 - a date has no zone


@pytest.fixture(scope="module")
def invoices() -> list[Invoice]:
    with shared_path(FILE).open(newline="") as handle:
        return [
            Invoice(
                row["customerID"],
                row["invoiceNumber"],
                day(row["InvoiceDate"]) or date.min,
                day(row["DueDate"]) or date.min,
                Decimal(row["InvoiceAmount"]),
                day(row["SettledDate"]),
            )
            for row in csv.DictReader(handle)
        ]


@pytest.fixture
def us(system: User) -> LegalEntity:
    entity = LegalEntity.objects.create(
        code="US",
        name="IBM sample",
        legal_name="Sample Inc",
        currency="USD",
        country="US",
        time_zone="America/New_York",
    )
    BankAccount.objects.create(entity=entity, name="Dollars", currency="USD", iban="GB94BARC10201530093459")
    set_up_ledger(by=system, entity=entity)
    return entity


def payments(invoices: list[Invoice]) -> dict[date, list[list[Invoice]]]:
    """What was settled on a day by a customer is one payment."""
    paid: dict[tuple[date, str], list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        if invoice.settled_on:
            paid[invoice.settled_on, invoice.customer].append(invoice)
    by_day: dict[date, list[list[Invoice]]] = defaultdict(list)
    for (on, _), rows in sorted(paid.items()):
        by_day[on].append(rows)
    return by_day


def words(rows: list[Invoice], position: int) -> str:
    """Customers write their numbers right, wrong, or not at all."""
    numbers = [row.number for row in rows]
    if position % 20 < 15:
        return "INV " + " ".join(numbers)
    if position % 20 < 18:
        return "RE " + ",".join(f"{number[:4]}-{number[4:]}" for number in numbers)
    return f"CUST {rows[0].customer}"


def statements(invoices: list[Invoice], account: BankAccount) -> Iterator[tuple[str, list[list[Invoice]]]]:
    """A statement a month, each beginning with what the one before ended with."""
    opening, position = Decimal(0), 0
    months: dict[tuple[int, int], list[tuple[date, list[Invoice]]]] = defaultdict(list)
    for on, groups in sorted(payments(invoices).items()):
        months[on.year, on.month] += [(on, rows) for rows in groups]
    for month in sorted(months):
        deposits = []
        for on, rows in months[month]:
            position += 1
            total = sum((row.amount for row in rows), Decimal(0))
            deposits.append(Deposit(on, total, f"CUSTOMER {rows[0].customer}", "", words(rows, position)))
        morning = Morning(account, opening, deposits)
        opening = morning.closing
        yield as_camt(morning), [rows for _, rows in months[month]]


def expected_ageing(invoices: list[Invoice], as_of: date) -> tuple[Decimal, ...]:
    """What the file itself says was open, by days overdue."""
    buckets = [Decimal(0)] * 5
    for invoice in invoices:
        if invoice.issued_on <= as_of and (invoice.settled_on is None or invoice.settled_on > as_of):
            overdue = (as_of - invoice.due_on).days
            buckets[0 if overdue <= 0 else 1 + min((overdue - 1) // 30, 3)] += invoice.amount
    return tuple(buckets)


def take_in(us: LegalEntity, clerk: User, content: str, truth: list[list[Invoice]]) -> tuple[int, int]:
    """Import a statement, let it be matched, decide what is left. Returns how many posted alone, and of how many."""
    (imported,) = import_statement(by=clerk, entity=us, name="month.xml", content=content.encode())
    carry_out(match_statement(by=clerk, statement=imported.statement))
    lines = BankStatementLine.objects.filter(listings__statement=imported.statement).order_by("pk")
    alone = 0
    for line, rows in zip(lines, truth, strict=True):
        receipt = Receipt.objects.filter(line=line, ended_on=None).first()
        if receipt is not None and receipt.item.open_amount == 0:
            paid = set(receipt.item.credit_allocations.values_list("debit_item__number", flat=True))
            assert paid == {row.number for row in rows}, f"{line.text} was posted wrongly"
            alone += 1
        else:
            decide(us, clerk, line, rows)
    return alone, len(truth)


def decide(us: LegalEntity, clerk: User, line: BankStatementLine, rows: list[Invoice]) -> None:
    customer = Customer.objects.get(entity=us, code=rows[0].customer)
    items = OpenItem.objects.filter(entity=us, number__in=[row.number for row in rows])
    pays = [Payment(item, item.open_amount) for item in items]
    match_line(by=clerk, line=line, verdict=Verdict(customer, pays))


def test_the_ibm_ledger_from_open_items_to_a_proved_ageing(
    us: LegalEntity, person: Any, invoices: list[Invoice]
) -> None:
    clerk = person("Nora", us, "ar_specialist")
    options = ["--mapping", "ibm", "--entity", "US", "--with-settled"]
    call_command("import_open_items", str(shared_path(FILE)), *options, stdout=StringIO())
    assert OpenItem.objects.filter(entity=us).count() == len(invoices) == 1930

    results = [
        take_in(us, clerk, content, truth)
        for content, truth in statements(invoices, BankAccount.objects.get(entity=us))
    ]

    assert BankStatement.objects.count() == len(results)
    for as_of in DAYS:
        rows = ageing(entities=[us], as_of=as_of, group_by="currency")
        assert rows[0].amounts == expected_ageing(invoices, as_of), as_of
        assert rows[0].unapplied_cash == 0
    alone, lines = (sum(column) for column in zip(*results, strict=True))
    assert alone / lines > 0.85, f"{alone} of {lines} lines posted by themselves"
    call_command("check_ledger", stdout=StringIO())
