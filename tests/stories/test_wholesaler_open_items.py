"""A wholesaler changes programs: seven thousand open items of customers who are spelled many ways come in.

The file is looked at first, Canadian dollars are refused until somebody gives a rate, and then the ageing of any day is
what the file itself adds up to.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.models import ExchangeRate, LegalEntity, User
from customers.models import Customer, CustomerNote, PaymentTerms
from ledger.actions import set_up_ledger
from ledger.ageing import BUCKETS, ageing
from ledger.models import OpenItem
from reporting.queries.search import search
from tests.shared import shared_path

FILE = "data/ar_history/highradius_open_items/highradius_open_items_open.csv"
DAYS = [date(2020, 3, 31), date(2020, 4, 30), date(2020, 5, 31), date(2020, 12, 31)]
WINC = "0200706844"


@dataclass(frozen=True)
class Row:
    """A row of the file, as anybody would read it."""

    customer: str
    spelling: str
    number: str
    issued_on: date
    due_on: date
    currency: str
    amount: Decimal


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with shared_path(FILE).open(newline="") as handle:
        return [
            Row(
                row["cust_number"],
                row["name_customer"],
                row["doc_id"].removesuffix(".0"),
                date.fromisoformat(row["baseline_create_date"]),
                date.fromisoformat(row["due_in_date"]),
                row["invoice_currency"],
                Decimal(row["total_open_amount"]),
            )
            for row in csv.DictReader(handle)
        ]


@pytest.fixture
def us(system: User) -> LegalEntity:
    """A company that keeps its books in US dollars."""
    entity = LegalEntity.objects.create(
        code="US", name="Wholesale", legal_name="Wholesale Inc", currency="USD", country="US"
    )
    set_up_ledger(by=system, entity=entity)
    return entity


@pytest.fixture
def finance_manager(person: Callable[..., User], us: LegalEntity) -> User:
    return person("Finn", us, "finance_manager")


def bring_in(file: Path, *options: str) -> dict[str, Any]:
    """Run the command as a script would."""
    out = StringIO()
    call_command(
        "import_open_items", str(file), "--mapping", "highradius", "--entity", "US", "--json", *options, stdout=out
    )
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def buckets_of(rows: list[Row], as_of: date) -> dict[str, list[Decimal]]:
    """What the file adds up to at the end of a day, by currency and days overdue."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(BUCKETS))
    for row in rows:
        if row.issued_on <= as_of:
            (place,) = [n for n, bucket in enumerate(BUCKETS) if bucket.holds((as_of - row.due_on).days)]
            sums[row.currency][place] += row.amount
    return dict(sums)


def spellings(rows: list[Row], code: str) -> set[str]:
    return {" ".join(row.spelling.split()) for row in rows if row.customer == code}


def give_a_rate(browser: Client) -> None:
    """Finn types the rate into the page of rates."""
    rate = {
        "from_currency": "cad",
        "to_currency": "usd",
        "rate": "0.75",
        "on": "2020-01-01",
        "source": "Bank of Canada",
    }
    answer = browser.post(reverse("core:rates"), rate)
    assert answer.status_code == 302, answer.content.decode()


def test_the_preview_says_of_every_row_whether_it_is_right(us: LegalEntity, rows: list[Row]) -> None:
    preview = bring_in(shared_path(FILE), "--dry-run")

    canadian = {row.number for row in rows if row.currency == "CAD"}
    assert {refused["label"] for refused in preview["refused"]} == canadian
    assert {refused["reason"] for refused in preview["refused"]} == {
        "No exchange rate from CAD to USD is known on or before 27 Feb 2020. Add one in the settings."
    }
    assert preview["items"] + len(preview["refused"]) == preview["rows"] == len(rows) == 7135
    dollars = sum(row.amount for row in rows if row.currency == "USD")
    assert preview["currencies"] == {"USD": {"items": 6627, "amount": int(dollars * 100)}}
    assert not OpenItem.objects.exists()
    assert not Customer.objects.exists()


def test_the_wholesalers_open_items_come_in_whole_and_age_as_the_file_says(
    us: LegalEntity, finance_manager: User, signed_in: Callable[[User], Client], rows: list[Row]
) -> None:
    file = shared_path(FILE)
    with pytest.raises(CommandError, match="508 of 7135 rows are wrong, so nothing was brought in"):
        bring_in(file)
    assert not OpenItem.objects.exists()

    give_a_rate(signed_in(finance_manager))
    assert ExchangeRate.objects.get().rate == Decimal("0.75")
    answer = bring_in(file)

    assert (answer["imported"], answer["customers"], answer["spelled_differently"]) == (7135, 429, 261)
    assert answer["refused"] == []
    for as_of in DAYS:
        aged = ageing(entities=[us], as_of=as_of, group_by="currency")
        assert {row.currency: list(row.amounts) for row in aged} == buckets_of(rows, as_of), as_of
        assert not any(row.unapplied_cash or row.credits for row in aged)
    one_customer_however_it_is_spelled(us, rows)
    it_is_found(us, finance_manager, rows)
    the_same_file_again_adds_nothing(file)
    call_command("check_ledger", stdout=StringIO())


def one_customer_however_it_is_spelled(us: LegalEntity, rows: list[Row]) -> None:
    assert Customer.objects.filter(entity=us).count() == len({row.customer for row in rows})
    winc = Customer.objects.get(entity=us, code=WINC)
    note = CustomerNote.objects.get(customer=winc).text
    assert {winc.name, *note.removeprefix("Also spelled ").split(" in the open")[0].split("; ")} == spellings(
        rows, WINC
    )
    assert OpenItem.objects.filter(customer=winc).count() == sum(row.customer == WINC for row in rows)
    assert PaymentTerms.objects.filter(entity=us, code="NAA8").exists()


def it_is_found(us: LegalEntity, by: User, rows: list[Row]) -> None:
    """By its code, by the word that all spellings share, by the number of a document and by its exact amount."""
    winc = Customer.objects.get(entity=us, code=WINC)
    document = next(row for row in rows if row.customer == WINC)
    for text in (WINC, "winc", winc.name):
        assert winc.name in titles(us, by, text), text
    for text in (document.number, f"{document.amount:,}"):
        assert any(document.number in title for title in titles(us, by, text)), text


def titles(us: LegalEntity, by: User, text: str) -> list[str]:
    return [item.title for group in search(by=by, entity=us, text=text) for item in group.items]


def the_same_file_again_adds_nothing(file: Path) -> None:
    bring_in(file)
    assert OpenItem.objects.count() == 7135
    assert Customer.objects.count() == 429
