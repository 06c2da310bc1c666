"""A whole ledger comes in from a folder, and its ageing is the one that the folder itself expects."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cashapp.models import UnidentifiedReceipt
from core.models import LegalEntity, User
from invoicing.models import CreditNote, Invoice, InvoiceLine, InvoiceTax
from ledger.actions import set_up_ledger
from ledger.models import JournalEntry, OpenItem
from tests.shared import shared_path

Command = Callable[..., dict[str, Any]]


@pytest.fixture
def eu(system: User) -> LegalEntity:
    entity = LegalEntity.objects.create(code="EU", name="Halden", legal_name="Halden AG", currency="EUR", country="DE")
    set_up_ledger(by=system, entity=entity)
    return entity


@pytest.fixture
def run(eu: LegalEntity) -> Command:
    def call(name: str, *words: str) -> dict[str, Any]:
        out = StringIO()
        call_command(name, *words, "--entity", eu.code, "--json", stdout=out)
        answer: dict[str, Any] = json.loads(out.getvalue())
        return answer

    return call


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred customers and a thousand invoices, made by the workload generator."""
    folder = tmp_path_factory.mktemp("ledger")
    words = [sys.executable, str(shared_path("bench/gen.py")), str(folder), "--size", "XS"]
    subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - our own generator
    return folder


def rewrite(folder: Path, name: str, change: Callable[[list[dict[str, str]]], None]) -> None:
    with (folder / name).open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    change(rows)
    with (folder / name).open("w", newline="") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Two customers, two invoices, a receipt that pays the first, and money of nobody."""
    files = {
        "customers.csv": "id,code,name,vat_id,email,street,postcode,city,country,terms_days,credit_limit,iban\n"
        "1,C1,Acme,,ap@acme.example,Main Street 1,10115,Berlin,DE,30,500000,\n2,C2,Beta,,,,,,AT,14,0,\n",
        "invoices.csv": "id,number,customer_id,date,due_date,net,tax_rate,tax,gross,n_lines\n"
        "1,INV-1,1,2026-05-01,2026-05-31,10000,19,1900,11900,1\n2,INV-2,2,2026-05-02,2026-05-16,5000,0,0,5000,1\n",
        "lines.csv": "invoice_id,line_no,description,qty,unit_price,net\n"
        "1,1,Hours,2,5000,10000\n2,1,Part,1,5000,5000\n",
        "credit_notes.csv": "id,number,customer_id,invoice_id,date,net,tax,gross\n1,CN-1,2,2,2026-05-10,1000,0,1000\n",
        "receipts.csv": "id,date,customer_id,amount,kind\n1,2026-05-20,1,12000,over\n2,2026-05-21,,777,unidentified\n",
        "allocations.csv": "kind,source_id,invoice_id,date,amount\n"
        "credit,1,2,2026-05-10,1000\nreceipt,1,1,2026-05-20,11900\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    return tmp_path


def test_a_generated_ledger_ages_as_its_own_folder_expects(run: Command, generated: Path) -> None:
    answer = run("import_ledger", str(generated))

    assert (answer["customers"]["count"], answer["invoices"]["count"]) == (100, 1000)
    for day, expected in json.loads((generated / "expected.json").read_text()).items():
        assert run("ageing", "--as-of", day)["currencies"]["EUR"] == expected, day


def test_documents_receipts_and_unknown_money_each_find_their_place(run: Command, small: Path) -> None:
    run("import_ledger", str(small))

    assert Invoice.objects.get(number="INV-1").gross == 119
    assert InvoiceLine.objects.count() == 2
    assert {item.number: item.open_amount for item in OpenItem.objects.exclude(kind="receipt")} == {
        "INV-1": 0,
        "INV-2": 40,
        "CN-1": 0,
    }
    assert OpenItem.objects.get(kind="receipt").open_amount == 1
    assert UnidentifiedReceipt.objects.get().entry.posted_on.isoformat() == "2026-05-21"


def test_documents_of_several_tax_rates_come_in_as_they_were_charged(run: Command, small: Path) -> None:
    head = "id,number,customer_id,date,due_date,net,tax_rate,tax,gross,n_lines,taxes\n"
    (small / "invoices.csv").write_text(
        head + "1,INV-1,1,2026-05-01,2026-05-31,10000,,1271,11271,2,\n"
        "2,INV-2,2,2026-05-02,2026-05-16,5000,,681,5681,2,19:2500:475; 8.25:2500:206\n"
    )
    (small / "lines.csv").write_text(
        "invoice_id,line_no,description,qty,unit_price,net,tax_rate\n1,1,Hours,1,4750,4750,19\n1,2,Books,1,5250,5250,7\n"
        "2,1,Part,1,2500,2500,19\n2,2,Rate of a town,1,2500,2500,8.25\n"
    )
    (small / "credit_notes.csv").write_text(
        "id,number,customer_id,invoice_id,date,net,tax,gross,taxes\n"
        "1,CN-1,2,2,2026-05-10,1000,136,1136,19:500:95; 8.25:500:41\n"
    )
    rewrite(small, "allocations.csv", lambda rows: rows[0].update(amount="1136"))

    run("import_ledger", str(small), "--without-receipts")

    charged = InvoiceTax.objects.order_by("invoice__number", "-tax_rate__percent")
    assert [(one.invoice.number, one.tax_rate.percent, one.tax) for one in charged] == [
        ("INV-1", 19, Decimal("9.03")),
        ("INV-1", 7, Decimal("3.68")),
        ("INV-2", 19, Decimal("4.75")),
        ("INV-2", Decimal("8.25"), Decimal("2.06")),
    ]
    credited = CreditNote.objects.get().taxes.order_by("tax")
    assert [(one.tax_rate.percent, one.tax) for one in credited] == [
        (Decimal("8.25"), Decimal("0.41")),
        (19, Decimal("0.95")),
    ]


def test_a_tax_of_no_single_rate_is_refused_rather_than_guessed(run: Command, small: Path) -> None:
    rewrite(small, "credit_notes.csv", lambda rows: rows[0].update(net="13000", tax="2150", gross="15150"))

    with pytest.raises(CommandError, match="credit_notes.csv, line 2: 21.50 on 130.00 is no single tax rate"):
        run("import_ledger", str(small))


def test_receipts_can_be_left_to_arrive_by_the_bank(run: Command, small: Path) -> None:
    answer = run("import_ledger", str(small), "--without-receipts")

    assert "receipts" not in answer
    assert OpenItem.objects.get(number="INV-1").open_amount == 119


def test_the_same_folder_again_adds_nothing(run: Command, small: Path) -> None:
    run("import_ledger", str(small))
    before = JournalEntry.objects.count()

    run("import_ledger", str(small))

    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize(
    ("name", "column", "value", "sentence"),
    [
        ("customers.csv", "terms_days", "soon", "customers.csv, line 2"),
        ("invoices.csv", "customer_id", "9", "invoices.csv, line 2: there is no customer 9"),
        ("invoices.csv", "date", "01.05.2026", "invoices.csv, line 2"),
        ("invoices.csv", "gross", "-1", "not above zero"),
        ("invoices.csv", "net", "9999", "don't come to"),
        ("lines.csv", "invoice_id", "7", "lines don't come to|lines.csv, line 2: invoice_id 7 is not there"),
        ("receipts.csv", "amount", "0", "is no money that came in"),
        ("allocations.csv", "amount", "999999", "INV-2|left open|more than"),
        ("allocations.csv", "source_id", "8", "allocations.csv, line 2: source_id 8 is not there"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_file_and_line(
    run: Command, small: Path, name: str, column: str, value: str, sentence: str
) -> None:
    rewrite(small, name, lambda rows: rows[0].update({column: value}))

    with pytest.raises(CommandError, match=sentence):
        run("import_ledger", str(small))


def test_a_missing_file_or_column_is_named_before_anything_is_written(run: Command, small: Path) -> None:
    (small / "credit_notes.csv").write_text("id,number\n")
    with pytest.raises(CommandError, match="credit_notes.csv has no column customer_id"):
        run("import_ledger", str(small))
    (small / "credit_notes.csv").unlink()

    with pytest.raises(CommandError, match="credit_notes.csv is missing"):
        run("import_ledger", str(small))
    assert not OpenItem.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_share_a_ledger_bring_in_the_same_as_one(run: Command, generated: Path) -> None:
    answer = run("import_ledger", str(generated), "--workers", "2")

    assert (answer["customers"]["count"], answer["invoices"]["count"]) == (100, 1000)
    for day, expected in json.loads((generated / "expected.json").read_text()).items():
        assert run("ageing", "--as-of", day)["currencies"]["EUR"] == expected, day
    assert run("import_ledger", str(generated), "--workers", "2")["invoices"]["count"] == 1000
    assert OpenItem.objects.filter(kind="invoice").count() == 1000


@pytest.mark.django_db(transaction=True)
def test_the_sentence_of_a_share_that_refuses_is_the_answer(run: Command, small: Path) -> None:
    rewrite(small, "invoices.csv", lambda rows: rows[0].update(date="01.05.2026"))

    with pytest.raises(CommandError, match=r"invoices\.csv, line 2"):
        run("import_ledger", str(small), "--workers", "2")


@pytest.mark.parametrize("share", ["2/2", "1", "a/b", "-1/2"])
def test_a_share_that_is_none_is_refused(run: Command, small: Path, share: str) -> None:
    with pytest.raises(CommandError, match="is no share"):
        run("import_ledger", str(small), f"--share={share}")
