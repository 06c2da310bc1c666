"""Open items of other programs come in, every row right or refused with its reason."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.errors import NotAllowed
from core.models import LegalEntity, User
from core.tables import Table, TableRefused, read_table
from customers.models import Customer, PaymentTerms
from integrations.actions import import_open_items
from integrations.open_items.mappings import MAPPINGS
from integrations.open_items.reading import read_items
from integrations.open_items.rows import customers_in
from ledger.actions import set_up_ledger
from ledger.models import JournalEntry, OpenItem
from tests.shared import shared_path

ZOHO = (
    "Customer Number,Customer Name,Invoice Number,Invoice Date,Due Date,Balance,Currency Code,PurchaseOrder,"
    "Payment Terms,Primary Contact EmailID,Invoice Status\n"
)


@pytest.fixture
def us(system: User) -> LegalEntity:
    """A company that keeps its books in dollars."""
    entity = LegalEntity.objects.create(code="US", name="Halden US", legal_name="H Inc", currency="USD", country="US")
    set_up_ledger(by=system, entity=entity)
    return entity


@pytest.fixture
def bring_in(us: LegalEntity) -> Callable[..., dict[str, Any]]:
    """Run the command as a script would."""

    def run(file: Path, mapping: str, *options: str) -> dict[str, Any]:
        out = StringIO()
        call_command(
            "import_open_items", str(file), "--mapping", mapping, "--entity", us.code, "--json", *options, stdout=out
        )
        answer: dict[str, Any] = json.loads(out.getvalue())
        return answer

    return run


def line(
    number: str = "INV-1", code: str = "A1", name: str = "Acme", on: str = "2026-05-01", due: str = "2026-05-31",
    amount: str = "10.00", currency: str = "USD", terms: str = "", state: str = "Open",
) -> str:  # fmt: skip
    """A row of an export; a story names only what matters to it."""
    return f"{code},{name},{number},{on},{due},{amount},{currency},,{terms},,{state}"


def zoho(*rows: str) -> Table:
    return read_table("zoho.csv", (ZOHO + "\n".join(rows)).encode())


def test_an_export_becomes_items_by_customer() -> None:
    reading = read_items(
        zoho(
            "A1,Acme Ltd,INV-1,2026-05-01,2026-05-31,1200.00,USD,PO 7,Net 30,ap@acme.example,Overdue",
            "A1,ACME Limited,INV-2,2026-05-02,2026-06-01,-50.00,USD,,Net 30,,Open",
            "A1,Acme Ltd,INV-3,2026-05-02,2026-06-01,0.00,USD,,Net 30,,Closed",
        ),
        MAPPINGS["zoho"],
        currency="USD",
    )

    assert [(item.number, item.amount, item.due_on) for item in reading.items] == [
        ("INV-1", Decimal("1200.00"), date(2026, 5, 31)),
        ("INV-2", Decimal("-50.00"), date(2026, 6, 1)),
    ]
    assert [row.reason for row in reading.left_out] == ["Its state is closed."]
    (customer,) = customers_in(reading.items, 30)
    assert (customer.code, customer.net_days, customer.spellings) == ("A1", 30, ["ACME Limited", "Acme Ltd"])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (line(number=""), "It has no document number."),
        (line(code="", name=""), "It names no customer."),
        (line(on=""), "It has no document date."),
        (line(on="01.05.26"), "“01.05.26” in Invoice Date is not a date like %Y-%m-%d."),
        (line(on="0001-05-01"), "“0001-05-01” in Invoice Date is not a date like %Y-%m-%d."),
        (line(due="2026-04-01"), "It is due on 01 Apr 2026, before its date 01 May 2026."),
        (line(amount="ten"), "“ten” in Balance is not an amount."),
        (line(amount='"1,50"'), "“1,50” in Balance is not an amount."),
        (line(amount=""), "Balance is empty."),
        (line(amount="10.555"), "10.555 has more decimals than USD has."),
        (line(currency="XYZ"), "“XYZ” is not a currency."),
    ],
)
def test_a_wrong_row_is_refused_with_its_reason(row: str, reason: str) -> None:
    reading = read_items(zoho(row), MAPPINGS["zoho"], currency="USD")

    assert reading.items == []
    assert [(refused.row, refused.reason) for refused in reading.refused] == [(2, reason)]


def test_one_number_twice_is_never_two_items() -> None:
    reading = read_items(
        zoho(
            line(),
            line(amount="11.00"),
            line(code="B1", name="Beta", amount="12.00"),
        ),
        MAPPINGS["zoho"],
        currency="USD",
    )

    assert [item.amount for item in reading.items] == [Decimal("10.00")]
    assert [row.reason for row in reading.refused] == [
        "Document INV-1 stands in row 2 with another amount or date.",
        "Row 2 has the same number for Acme.",
    ]


def test_an_export_of_another_program_is_refused_by_its_columns() -> None:
    with pytest.raises(TableRefused, match="no export of Wave.*There is no column|there is no column"):
        read_items(zoho(line()), MAPPINGS["wave"], currency="USD")


def test_items_are_posted_against_opening_balances(us: LegalEntity, system: User) -> None:
    table = zoho(
        "A1,Acme,INV-1,2026-05-01,2026-05-31,10.00,USD,,Net 30,,Open", "A1,Acme,CN-1,2026-05-03,,-4.00,USD,,,,Open"
    )
    items = read_items(table, MAPPINGS["zoho"], currency="USD").items

    first = import_open_items(by=system, entity=us, items=items, program="Zoho", usual_days=30)
    again = import_open_items(by=system, entity=us, items=items, program="Zoho", usual_days=30)

    assert [entry.pk for entry in again] == [entry.pk for entry in first], "the same file adds nothing"
    assert JournalEntry.objects.count() == 2
    rows = OpenItem.objects.order_by("number").values_list("number", "side", "open_amount", "due_on")
    assert list(rows) == [
        ("CN-1", "credit", Decimal(4), date(2026, 6, 2)),
        ("INV-1", "debit", Decimal(10), date(2026, 5, 31)),
    ]
    assert PaymentTerms.objects.get(entity=us, code="Net 30").net_days == 30


def test_a_customer_that_is_here_already_is_found_by_code(us: LegalEntity, system: User) -> None:
    items = read_items(zoho(line()), MAPPINGS["zoho"], currency="USD").items
    import_open_items(by=system, entity=us, items=items, program="Zoho", usual_days=30)
    more = read_items(zoho(line("INV-9", name="ACME plc")), MAPPINGS["zoho"], currency="USD")

    import_open_items(by=system, entity=us, items=more.items, program="Zoho", usual_days=30)

    assert Customer.objects.get().open_items.count() == 2


def test_a_collector_may_not_post_opening_balances(us: LegalEntity, person: Callable[..., User]) -> None:
    with pytest.raises(NotAllowed):
        import_open_items(by=person("Colin", us, "collector"), entity=us, items=[], program="Zoho", usual_days=30)


def test_the_command_stops_at_wrong_rows_unless_told_otherwise(
    us: LegalEntity, bring_in: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    file = tmp_path / "zoho.csv"
    good, bad = (
        "A1,Acme,INV-1,2026-05-01,2026-05-31,10.00,USD,,,,Open",
        "A1,Acme,INV-2,2026-05-01,2026-05-31,x,USD,,,,Open",
    )
    file.write_text(ZOHO + f"{good}\n{bad}\n")

    with pytest.raises(CommandError, match="1 of 2 rows are wrong, so nothing was brought in.*row 3, INV-2"):
        bring_in(file, "zoho")
    assert not OpenItem.objects.exists()
    assert bring_in(file, "zoho", "--dry-run")["refused"][0]["row"] == 3
    assert bring_in(file, "zoho", "--skip-refused")["imported"] == 1


@pytest.mark.parametrize("mapping", ["nothing", ""])
def test_an_unknown_mapping_is_refused_with_those_that_there_are(
    bring_in: Callable[..., dict[str, Any]], tmp_path: Path, mapping: str
) -> None:
    file = tmp_path / "x.csv"
    file.write_text(ZOHO)

    with pytest.raises(CommandError, match="ibm, highradius, zoho"):
        bring_in(file, mapping)


@pytest.mark.parametrize(
    ("name", "mapping", "items", "amount", "refused"),
    [
        ("ar_history/ibm/ibm_ar_asof_2013-06-30.csv", "ibm", 84, "5119.85", 0),
        ("ar_import/invoiceninja__wave_invoices.csv", "wave", 2, "8474.41", 0),
        ("ar_import/invoiceninja__freshbooks_invoices.csv", "freshbooks", 1, "7890.00", 0),
        ("ar_import/invoiceninja__invoice.csv", "invoice_ninja", 184, "2878.86", 215),
    ],
)
def test_real_exports_are_read(name: str, mapping: str, items: int, amount: str, refused: int) -> None:
    table = read_table(name, shared_path(f"data/{name}").read_bytes())

    reading = read_items(table, MAPPINGS[mapping], currency="USD")

    assert (len(reading.items), sum(item.amount for item in reading.items)) == (items, Decimal(amount))
    assert len(reading.refused) == refused
    assert all("before its date" in row.reason for row in reading.refused)
