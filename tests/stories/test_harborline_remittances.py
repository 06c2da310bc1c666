"""Harborline's customers say what they pay for: by lockbox, EDI and e-mail. Every remittance comes out right.

What is beyond doubt is booked with the undisputed part applied, the disputed part a dispute, and what is over on
account. The others wait for a person with the reason. The money tells nothing itself: only who paid and how much.
"""

import csv
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from ar_collections.models import Dispute
from ar_collections.reasons import DeductionReason
from cashapp.actions.remittances import take_in_remittance
from cashapp.models import BankStatementLine, MatchTask, Receipt, Remittance
from controls.actions import set_up_limits
from core.models import LegalEntity, User
from tests.shared import shared_path
from tests.stories.test_harborline import FOLDER, harborline, open_of

__all__ = ["harborline"]

FILES = {
    "exact": "lockbox_text/harborline__LBX-20260918-014_exact.txt",
    "two invoices": "edi820/harborline_EDI-820-20260918-VM.edi",
    "short": "email/harborline__EML-20260919-CASCADE_short_pay.txt",
    "over": "lockbox_text/harborline__LBX-20260918-088_overpayment.txt",
}
# Four more of the kinds that their authors tell of, in words of our own.
WRITTEN = {
    "order": """
ISA*00*          *00*          *ZZ*REDWOOD        *ZZ*HARBORLINE     *260918*1400*U*00401*000000007*0*P*:~
ST*820*0001~BPR*C*15000.00*C*ACH*CTX*01*121000248*DA*111222333*4445556666**01*071000013*DA*555019900*20260918~
TRN*1*RMU-PAY-4411~REF*AC*RM-55077~N1*PR*REDWOOD MUNICIPAL UTILITIES~REF*PO*RMU-2026-09~SE*7*0001~IEA*1*000000007~""",
    "two, one short": """From: Payables <ap@lakeshore.example>
To: cash@harborline.example
Subject: Our payment of Sunday
Date: Sun, 20 Sep 2026 16:00:00 -0400

Payer: Lakeshore Automotive Group
Account: LA-61290
Remitting: $1,500.00
Invoices: INV-10580, INV-10581
Deduction: $50.25 shortage, invoice INV-10581

Apply $1,100.00 to INV-10580 and $400.00 to INV-10581, please.
""",
    "on account": """LOCKBOX REMITTANCE ADVICE
Batch: LBX-20260921-300
Deposit date: 2026-09-21
Payer: NORTHWIND RETAIL CO
Account: NW-10042
Check number: 882311
Check amount: 1875.50
Invoices:
Memo: On account
""",
    "nobody we know": """LOCKBOX REMITTANCE ADVICE
Batch: LBX-20260918-103
Deposit date: 2026-09-18
Payer: APEX SURPLUS TRADERS
Account:
Check number: 904418
Check amount: 2000.00
Invoices:
Memo: The envelope held the cheque alone
""",
}
MONEY = {
    "exact": ("4250.00", "LOCKBOX DEPOSIT CHECK 882104", "", date(2026, 9, 18)),
    "two invoices": ("11050.00", "CTX 820-20260918-VM", "VERTEX MANUFACTURING LLC", date(2026, 9, 18)),
    "short": ("11240.00", "ACH CREDIT", "CASCADE HEALTH SYSTEMS", date(2026, 9, 21)),
    "over": ("6100.00", "LOCKBOX DEPOSIT CHECK 441902", "", date(2026, 9, 18)),
    "order": ("15000.00", "CTX RMU-PAY-4411", "REDWOOD MUNICIPAL UTILITIES", date(2026, 9, 18)),
    "two, one short": ("1500.00", "ACH CREDIT", "LAKESHORE AUTOMOTIVE GROUP", date(2026, 9, 21)),
    "on account": ("1875.50", "LOCKBOX DEPOSIT CHECK 882311", "NORTHWIND RETAIL CO", date(2026, 9, 21)),
    "nobody we know": ("2000.00", "LOCKBOX DEPOSIT CHECK 904418", "", date(2026, 9, 18)),
}
BOOKED = {
    "exact": ({"INV-10481": "4250.00"}, "0.00"),
    "two invoices": ({"INV-10530": "8900.00", "INV-10531": "2150.00"}, "0.00"),
    "short": ({"INV-10510": "11240.00"}, "0.00"),
    "over": ({"INV-10550": "5600.00"}, "500.00"),
    "order": ({"INV-10570": "15000.00"}, "0.00"),
    "two, one short": ({"INV-10580": "1100.00", "INV-10581": "400.00"}, "0.00"),
}


def content_of(name: str) -> bytes:
    return shared_path(f"{FOLDER}/{FILES[name]}").read_bytes() if name in FILES else WRITTEN[name].encode()


@pytest.fixture
def stage(harborline: LegalEntity, system: User) -> LegalEntity:
    set_up_limits(by=system, entity=harborline)
    return harborline


@pytest.fixture
def nora(stage: LegalEntity, person: Callable[..., User]) -> User:
    return person("Nora", stage, "ar_specialist")


@pytest.fixture
def remit(stage: LegalEntity, nora: User) -> Callable[..., None]:
    def run(*names: str) -> None:
        for name in names:
            take_in_remittance(by=nora, entity=stage, name=f"{name}.txt", content=content_of(name))

    return run


@pytest.fixture
def bank_tells(stage: LegalEntity, tmp_path: Path) -> Callable[..., None]:
    """The bank's lines come and are matched."""

    def run(*names: str, **others: tuple[str, str, str, date]) -> None:
        told = {name: MONEY[name] for name in names} | others
        file = tmp_path / f"{'-'.join(told)[:40]}.csv"
        with file.open("w", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(["id", "date", "amount", "text", "name", "iban"])
            for name, (amount, text, payer, on) in told.items():
                writer.writerow([name, on, int(Decimal(amount) * 100), text, payer, ""])
        call_command("match_bank_lines", str(file), "--entity", "HIS", "--json", stdout=StringIO())

    return run


def line_of(name: str) -> BankStatementLine:
    return BankStatementLine.objects.get(references__bank_reference=name)


def booked(name: str) -> tuple[dict[str, str], str]:
    """The documents that the line pays, and what of it is on account."""
    receipt = Receipt.objects.get(line=line_of(name), ended_on=None)
    paid = receipt.item.credit_allocations.filter(reversed_by=None).select_related("debit_item")
    return {each.debit_item.number: f"{each.amount:.2f}" for each in paid}, f"{receipt.item.open_amount:.2f}"


def task_of(name: str) -> MatchTask:
    return MatchTask.objects.get(line=line_of(name))


def words_of(name: str) -> str:
    return " ".join(each["words"] for each in task_of(name).evidence)


@pytest.mark.parametrize("name", BOOKED)
@pytest.mark.parametrize("first", ["the remittance", "the money"])
def test_a_remittance_without_a_question_is_booked_as_it_says(
    name: str, first: str, remit: Callable[..., None], bank_tells: Callable[..., None]
) -> None:
    steps = [remit, bank_tells] if first == "the remittance" else [bank_tells, remit]
    for step in steps:
        step(name)

    assert booked(name) == BOOKED[name]
    call_command("check_ledger", stdout=StringIO())


def test_all_of_them_together_are_booked_the_same(remit: Callable[..., None], bank_tells: Callable[..., None]) -> None:
    remit(*FILES, *WRITTEN)
    bank_tells(*MONEY)

    assert {name: booked(name) for name in BOOKED} == BOOKED
    assert Receipt.objects.count() == len(BOOKED), "nothing else was posted"
    call_command("check_ledger", stdout=StringIO())


def test_what_arrived_crushed_is_a_dispute_and_the_rest_of_the_invoice_is_paid(
    remit: Callable[..., None], bank_tells: Callable[..., None]
) -> None:
    remit("short")
    bank_tells("short")

    dispute = Dispute.objects.get()
    assert (dispute.item.number, f"{dispute.amount:.2f}", dispute.is_open) == ("INV-10510", "1240.00", True)
    assert dispute.reason == DeductionReason.SERVICE
    assert "damaged cartons" in dispute.note
    assert open_of("INV-10510") == ["1240.00"]


def test_the_bins_that_are_still_to_be_counted_are_a_dispute_of_that_invoice_alone(
    remit: Callable[..., None], bank_tells: Callable[..., None]
) -> None:
    remit("two, one short")
    bank_tells("two, one short")

    dispute = Dispute.objects.get()
    assert (dispute.item.number, f"{dispute.amount:.2f}") == ("INV-10581", "50.25")
    assert dispute.reason == DeductionReason.QUANTITY
    assert open_of("INV-10580", "INV-10581") == ["0.00", "50.25"]


def test_money_that_the_payer_names_no_invoice_for_waits_for_a_person(
    remit: Callable[..., None], bank_tells: Callable[..., None]
) -> None:
    """The amount is that of one invoice, but the payer knew the number and wrote “on account”."""
    remit("on account")
    bank_tells("on account")

    task = task_of("on account")
    assert (task.state, task.decision) == (MatchTask.State.TO_MATCH, "proposed")
    assert task.customer is not None and task.customer.code == "NW-10042"
    assert "names no document" in words_of("on account")
    assert open_of("INV-10492") == ["1875.50"]


def test_money_of_a_stranger_waits_with_what_is_known_of_him(
    remit: Callable[..., None], bank_tells: Callable[..., None]
) -> None:
    remit("nobody we know")
    bank_tells("nobody we know")

    task = task_of("nobody we know")
    assert (task.state, task.decision, task.customer) == (MatchTask.State.TO_MATCH, "unidentified", None)
    assert "APEX SURPLUS TRADERS: names no document" in words_of("nobody we know")


def test_a_second_payment_of_the_same_invoice_waits_on_account_with_the_reason(
    remit: Callable[..., None], bank_tells: Callable[..., None], stage: LegalEntity, nora: User
) -> None:
    remit("exact")
    bank_tells("exact")
    again = content_of("exact").replace(b"882104", b"882199").replace(b"-014", b"-015")
    take_in_remittance(by=nora, entity=stage, name="again.txt", content=again)
    bank_tells(again=("4250.00", "LOCKBOX DEPOSIT CHECK 882199", "", date(2026, 9, 18)))

    assert (task_of("again").state, booked("again")) == (MatchTask.State.CHECK, ({}, "4250.00"))
    assert "INV-10481 is already settled" in words_of("again")


def test_the_command_takes_a_remittance_in_and_says_what_became_of_it(
    stage: LegalEntity, bank_tells: Callable[..., None]
) -> None:
    bank_tells("exact")
    path, out = shared_path(f"{FOLDER}/{FILES['exact']}"), StringIO()
    call_command("import_remittance", str(path), "--entity", "HIS", "--json", stdout=out)

    (told,) = json.loads(out.getvalue())["remittances"]
    assert (told["is_new"], told["state"], told["customer"]) == (True, "booked", "NW-10042")
    assert Remittance.objects.count() == 1
