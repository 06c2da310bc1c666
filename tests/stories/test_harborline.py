"""Harborline's customers pay: exactly, several at once, too little, too much, by order number, by amount, or unnamed.

The open invoices and the remittances are real samples. What the customers wrote arrives here in the lines of a bank
statement; each line is decided rightly or laid before a person, never posted wrongly.
"""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from cashapp.actions.deductions import Difference
from cashapp.actions.desk import Verdict, match_line
from cashapp.actions.unidentified import post_unidentified
from cashapp.models import BankStatementLine, DeductionReason, MatchTask, Receipt
from cashapp.money_in import Incoming, Payment
from core.models import BankAccount, LegalEntity, User
from core.money import money
from customers.actions import import_customers
from customers.drafts import CustomerDraft
from customers.models import Customer
from ledger.actions import set_up_ledger
from ledger.models import Account, JournalEntry, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, post
from tests.shared import shared_path

FOLDER = "data/remittance"
ARRIVED = date(2026, 9, 18)


def table(name: str) -> list[dict[str, str]]:
    with shared_path(f"{FOLDER}/ledger/{name}").open(newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture
def harborline(system: User) -> LegalEntity:
    """Harborline Industrial Supply with its six customers and the invoices that they have not paid."""
    entity = LegalEntity.objects.create(
        code="HIS",
        name="Harborline",
        legal_name="Harborline Industrial Supply Inc",
        currency="USD",
        country="US",
        time_zone="America/Chicago",
    )
    BankAccount.objects.create(entity=entity, name="First Midwest", currency="USD", account_number="555019900")
    set_up_ledger(by=system, entity=entity)
    drafts = [
        CustomerDraft(name=row["name"], code=row["account_number"], terms=int(row["payment_terms"].split()[1]))
        for row in table("harborline_customers.csv")
    ]
    customers = {row.code: row for row in import_customers(by=system, entity=entity, drafts=drafts)}
    rows = [row for row in table("harborline_invoices.csv") if row["status"] == "open"]
    with transaction.atomic():
        post(by=system, entries=[entry_of(row, customers[row["account_number"]]) for row in rows])
    return entity


def entry_of(row: dict[str, str], customer: Customer) -> EntryDraft:
    issued_on, amount = date.fromisoformat(row["issue_date"]), Decimal(row["amount"])
    number, due_on = row["invoice_number"], date.fromisoformat(row["due_date"])
    item = ItemDraft(number, OpenItem.Kind.INVOICE, issued_on, due_on, purchase_order=row["po_number"])
    lines = (
        LineDraft(Account.Role.RECEIVABLES, debit=amount, customer=customer, item=item),
        LineDraft(Account.Role.REVENUE, credit=amount),
    )
    return EntryDraft(customer.entity, JournalEntry.Kind.INVOICE, issued_on, "USD", lines, f"invoice:{number}")


def told(name: str) -> dict[str, str]:
    """What a remittance of the samples says, by its labels."""
    lines = shared_path(f"{FOLDER}/{name}").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def amount_of(text: str) -> str:
    return text.replace("$", "").replace(",", "")


@dataclass(frozen=True)
class Arrival:
    """A line of the bank, and what it means to somebody who knows."""

    name: str
    amount: str
    text: str
    payer: str
    truth: dict[str, str]


def lockbox(name: str, truth: dict[str, str]) -> Arrival:
    """A cheque of the lockbox, as the bank copies it into its statement."""
    said = told(f"lockbox_text/{name}")
    text = f"LOCKBOX {said['Batch']} CHECK {said['Check number']} {said['Memo']}"
    return Arrival(said["Batch"], amount_of(said["Check amount"]), text, said["Payer"], truth)


def edi(name: str, truth: dict[str, str]) -> Arrival:
    """A CTX payment whose addenda the bank prints into the text."""
    segments = [part.split("*") for part in shared_path(f"{FOLDER}/edi820/{name}").read_text().split("~")]
    named = " ".join(part[2] for part in segments if part[0].strip() == "RMR")
    paid = next(part[2] for part in segments if part[0].strip() == "BPR")
    payer = next(part[2] for part in segments if part[0].strip() == "N1" and part[1] == "PR")
    return Arrival("820-20260918-VM", paid, f"CTX {named}", payer, truth)


def email(name: str, truth: dict[str, str]) -> Arrival:
    """A short payment; the reason came by e-mail, the money with the number of the invoice."""
    said = told(f"email/{name}")
    return Arrival("short", amount_of(said["Remitting"]), f"ACH {said['Invoices']}", said["Payer"], truth)


def arrivals() -> dict[str, Arrival]:
    """The four remittances of the samples, and the ways that their authors describe and leave unwritten."""
    every = [
        lockbox("harborline__LBX-20260918-014_exact.txt", {"INV-10481": "4250.00"}),
        edi("harborline_EDI-820-20260918-VM.edi", {"INV-10530": "8900.00", "INV-10531": "2150.00"}),
        email("harborline__EML-20260919-CASCADE_short_pay.txt", {"INV-10510": "11240.00"}),
        lockbox("harborline__LBX-20260918-088_overpayment.txt", {"INV-10550": "5600.00"}),
        Arrival(
            "order", "15000.00", "PAYMENT PO RMU-2026-09", "REDWOOD MUNICIPAL UTILITIES", {"INV-10570": "15000.00"}
        ),
        Arrival("amount", "450.25", "ACH CREDIT", "LAKESHORE AUTOMOTIVE GROUP", {"INV-10581": "450.25"}),
        Arrival("nobody", "512.75", "WIRE IN REF 0091827", "", {}),
        Arrival("nobody, amount", "1875.50", "WIRE IN", "", {"INV-10492": "1875.50"}),
        Arrival("settled", "940.00", "INV-10544", "VERTEX MANUFACTURING LLC", {}),
    ]
    return {each.name: each for each in every}


@dataclass(frozen=True)
class Decided:
    """What the program decided about a line."""

    arrival: Arrival
    decision: str
    allocations: dict[str, str]
    customer: str | None
    words: str

    @property
    def is_wrong(self) -> bool:
        """Money that went by itself where it does not belong."""
        return any(self.arrival.truth.get(number) != amount for number, amount in self.allocations.items())


@pytest.fixture
def decide(harborline: LegalEntity, tmp_path: Path) -> Callable[[], dict[str, Decided]]:
    """All lines come on one day and are matched in one go."""

    def run() -> dict[str, Decided]:
        expected, file = arrivals(), tmp_path / "harborline.csv"
        with file.open("w", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(["id", "date", "amount", "text", "name", "iban"])
            for each in expected.values():
                writer.writerow([each.name, ARRIVED, int(Decimal(each.amount) * 100), each.text, each.payer, ""])
        out = StringIO()
        call_command("match_bank_lines", str(file), "--entity", "HIS", "--json", stdout=out)
        return {line["id"]: decided(expected[line["id"]], line) for line in json.loads(out.getvalue())["lines"]}

    return run


def decided(arrival: Arrival, line: dict[str, Any]) -> Decided:
    paid = {each["number"]: f"{Decimal(each['amount']) / 100:.2f}" for each in line["allocations"]}
    return Decided(arrival, line["decision"], paid, line["customer"], " ".join(line["evidence"]))


def open_of(*numbers: str) -> list[str]:
    found = dict(OpenItem.objects.filter(number__in=numbers).values_list("number", "open_amount"))
    return [f"{found[number]:.2f}" for number in numbers]


def test_every_line_is_decided_rightly_or_laid_before_a_person(decide: Callable[[], dict[str, Decided]]) -> None:
    lines = decide()

    assert not [line for line in lines.values() if line.is_wrong]
    assert {name: line.decision for name, line in lines.items()} == {
        "LBX-20260918-014": "posted",
        "820-20260918-VM": "posted",
        "short": "posted",
        "LBX-20260918-088": "proposed",
        "order": "posted",
        "amount": "posted",
        "nobody": "unidentified",
        "nobody, amount": "unidentified",
        "settled": "proposed",
    }


def test_what_was_posted_is_settled_and_nothing_else(decide: Callable[[], dict[str, Decided]]) -> None:
    lines = decide()

    for line in lines.values():
        if line.decision == "posted":
            assert line.allocations == line.arrival.truth, line.arrival.name
    posted = [line for line in lines.values() if line.decision == "posted"]
    assert Receipt.objects.count() == len(posted)
    assert open_of("INV-10481", "INV-10530", "INV-10531", "INV-10570", "INV-10581") == ["0.00"] * 5
    assert open_of("INV-10510") == ["1240.00"], "the disputed part of a short payment stays open"
    assert open_of("INV-10492", "INV-10550", "INV-10580") == ["1875.50", "5600.00", "1100.00"]
    call_command("check_ledger", stdout=StringIO())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("LBX-20260918-014", "Number in reference: INV10481 Amount equals the open amount"),
        ("820-20260918-VM", "Amount equals the sum of the open amounts"),
        ("short", "Part payment"),
        ("LBX-20260918-088", "More than the open amount; the rest stays on account"),
        ("order", "Purchase order in reference: RMU202609"),
        ("amount", "Amount equals this item"),
        ("settled", "INV10544 is written like a number of ours but is not open"),
    ],
)
def test_each_answer_carries_its_reasons(name: str, words: str, decide: Callable[[], dict[str, Decided]]) -> None:
    assert words in decide()[name].words


def test_a_person_finishes_what_was_only_proposed(
    harborline: LegalEntity, person: Callable[..., User], decide: Callable[[], dict[str, Decided]]
) -> None:
    decide()
    clerk = person("Nora", harborline, "ar_specialist")

    kept = match_line(by=clerk, line=line_of("LBX-20260918-088"), verdict=paying("PG-44102", {"INV-10550": "5600.00"}))
    assert kept.item.open_amount == Decimal("500.00"), "the rest waits on the customer's account"

    damaged = Difference(
        OpenItem.objects.get(number="INV-10510"), money("1240.00 USD"), DeductionReason.QUANTITY, "27 cartons crushed"
    )
    match_line(by=clerk, line=line_of("short"), verdict=replace(paying("CH-22018", {}), differences=[damaged]))
    assert open_of("INV-10510") == ["1240.00"]

    wire = line_of("nobody, amount")
    post_unidentified(by=clerk, entity=harborline, incoming=Incoming.of_line(wire))
    later = replace(paying("NW-10042", {"INV-10492": "1875.50"}), on=ARRIVED + timedelta(days=3))
    match_line(by=clerk, line=wire, verdict=later)

    assert open_of("INV-10550", "INV-10492") == ["0.00", "0.00"]
    left = MatchTask.objects.filter(state=MatchTask.State.TO_MATCH)
    assert {task.line.references["bank_reference"] for task in left} == {"nobody", "settled"}
    call_command("check_ledger", stdout=StringIO())


def line_of(name: str) -> BankStatementLine:
    return BankStatementLine.objects.get(references__bank_reference=name)


def paying(code: str, amounts: dict[str, str]) -> Verdict:
    items = {item.number: item for item in OpenItem.objects.filter(number__in=amounts)}
    pays = [Payment(items[number], Decimal(amount)) for number, amount in amounts.items()]
    return Verdict(Customer.objects.select_related("entity", "terms").get(code=code), pays)
