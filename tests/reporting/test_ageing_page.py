"""The ageing page: every figure opens onto items that add up to it, and the total is the control account."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from core.models import LegalEntity, RoleGrant, User
from customers.models import Customer
from ledger.models import OpenItem
from reporting.queries.ageing import AgeingQuestion, ageing_report, items_behind, totals_behind

Make = Callable[..., OpenItem]
SignIn = Callable[[User], Client]
TODAY = "?as_at=2026-05-31"


@pytest.fixture
def ledger(acme: Customer, beta: Customer, bill: Make, pay: Make) -> None:
    """Acme owes 300.00, of which 100.00 isn't due; Beta owes 500.00 euro and has 80.00 on account."""
    bill(acme, "INV-1", "250.00", date(2026, 3, 1), date(2026, 3, 31))
    first = OpenItem.objects.get(number="INV-1")
    pay(acme, "RC-1", "50.00", date(2026, 4, 10), to=[first])
    bill(acme, "INV-2", "100.00", date(2026, 5, 20), date(2026, 6, 19))
    bill(beta, "INV-3", "500.00", date(2026, 4, 20), date(2026, 5, 20))
    pay(beta, "RC-2", "80.00", date(2026, 5, 25))


def question(entity: LegalEntity, **changed: Any) -> AgeingQuestion:
    return AgeingQuestion(**{"entities": [entity], "as_of": date(2026, 5, 31), **changed})


def test_the_report_says_who_owes_what_by_age(books: LegalEntity, ledger: None) -> None:
    report = ageing_report(question(books))

    rows = {named.name: named.row for named in report.rows}
    assert rows["Acme Ltd"].amounts == (100, 0, 0, 200, 0)
    assert rows["Beta BV"].amounts == (0, 500, 0, 0, 0)
    assert (rows["Beta BV"].unapplied_cash, rows["Beta BV"].net) == (80, 420)
    assert [(total.currency, total.net) for total in report.totals] == [("EUR", 420), ("GBP", 300)]


def test_the_balance_equals_the_control_account_in_every_currency(books: LegalEntity, ledger: None) -> None:
    ties = ageing_report(question(books)).ties

    assert [(tie.balance.currency, tie.net, tie.is_tied) for tie in ties] == [("EUR", 420, True), ("GBP", 300, True)]


def test_a_past_date_shows_that_days_truth(books: LegalEntity, ledger: None) -> None:
    report = ageing_report(question(books, as_of=date(2026, 3, 31)))

    assert [(named.name, named.row.amounts) for named in report.rows] == [("Acme Ltd", (250, 0, 0, 0, 0))]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("current", {"GBP": Decimal(100)}),
        ("1-30", {"EUR": Decimal(500)}),
        ("61-90", {"GBP": Decimal(200)}),
        ("overdue", {"GBP": Decimal(200), "EUR": Decimal(500)}),
        ("over_31", {"GBP": Decimal(200)}),
        ("owed", {"GBP": Decimal(300), "EUR": Decimal(500)}),
        ("unapplied", {"EUR": Decimal(-80)}),
        ("credits", {}),
        ("", {"GBP": Decimal(300), "EUR": Decimal(420)}),
    ],
)
def test_the_items_behind_a_figure_add_up_to_it(
    books: LegalEntity, ledger: None, part: str, expected: dict[str, Decimal]
) -> None:
    assert totals_behind(items_behind(question(books), part=part)) == expected


def test_every_figure_of_the_page_opens_onto_items_that_add_up_to_it(
    books: LegalEntity, ledger: None, collector: User, signed_in: SignIn
) -> None:
    browser = signed_in(collector)
    page = browser.get(f"/ageing/{TODAY}").content.decode()
    links = re.findall(r'class="tbl-drill"\s+href="([^"]+)">\s*(?:<strong>)?([^<]+)<', page)
    assert len(links) >= 12

    for address, figure in links:
        answer = browser.get(address.replace("&amp;", "&"))
        shown = Decimal(re.sub(r"[^\d.\u2212]", "", figure).replace("\u2212", "-") or "0")
        assert sum(answer.context["totals"].values()) == shown, address


def test_own_buckets_come_from_the_address(
    books: LegalEntity, ledger: None, collector: User, signed_in: SignIn
) -> None:
    page = signed_in(collector).get(f"/ageing/{TODAY}&buckets=10,45")

    assert [row.row.amounts for row in page.context["rows"]] == [(0, 0, 500, 0), (100, 0, 0, 200)]


@pytest.mark.parametrize(
    "query", ["buckets=30,20", "buckets=a", "buckets=0", "group_by=colour", "by=month", "known_at=yesterday"]
)
def test_a_question_that_makes_no_sense_is_refused_with_a_sentence(
    books: LegalEntity, collector: User, signed_in: SignIn, query: str
) -> None:
    assert signed_in(collector).get(f"/ageing/{TODAY}&{query}").status_code == 409


def test_the_workbook_holds_the_report_and_its_items(
    books: LegalEntity, ledger: None, collector: User, signed_in: SignIn
) -> None:
    answer = signed_in(collector).get(f"/ageing.xlsx{TODAY}")

    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    report = [row for row in book.get_sheet_by_name("Ageing").to_python() if row[2] in {"GBP", "EUR"}]
    assert [row[-1] for row in report] == [420.0, 300.0]
    items: list[list[Any]] = book.get_sheet_by_name("Items").to_python()
    assert sum(row[9] for row in items if row[7] == "GBP") == 300.0


def test_the_pdf_is_a_tagged_document(books: LegalEntity, ledger: None, collector: User, signed_in: SignIn) -> None:
    answer = signed_in(collector).get(f"/ageing.pdf{TODAY}")

    paper = PdfReader(BytesIO(answer.content))
    assert "/MarkInfo" in paper.trailer["/Root"]  # type: ignore[operator]
    text = paper.pages[0].extract_text()
    assert "Acme Ltd" in text
    assert "Account of UK in GBP" in text


def test_the_page_takes_as_many_questions_for_many_customers_as_for_two(
    books: LegalEntity, ledger: None, acme: Customer, bill: Make, collector: User, signed_in: SignIn,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    for number in range(30):
        customer = Customer.objects.create(
            entity=books, code=f"M-{number}", name=f"Many {number}", currency="GBP", terms=acme.terms,
            payment_reference=f"RF{number:02d}M",
        )  # fmt: skip
        bill(customer, f"INV-M{number}", "10.00", date(2026, 5, 1))
    browser = signed_in(collector)

    with django_assert_max_num_queries(15):
        browser.get(f"/ageing/{TODAY}")


def test_who_works_elsewhere_sees_nothing_of_it(
    books: LegalEntity, ledger: None, stranger: User, signed_in: SignIn
) -> None:
    browser = signed_in(stranger)

    assert b"Acme" not in browser.get(f"/ageing/{TODAY}&companies=all").content
    assert browser.get(f"/ageing/{TODAY}&entity=UK").status_code == 404
    key = Customer.objects.get(code="C-1").pk
    assert b"INV-1" not in browser.get(f"/ageing/items/{TODAY}&key={key}").content


def test_all_companies_are_only_those_whose_reports_one_may_read(
    books: LegalEntity, ledger: None, stranger: User, signed_in: SignIn
) -> None:
    RoleGrant.objects.create(user=stranger, entity=books, role="administrator", granted_by=stranger)
    browser = signed_in(stranger)

    assert b"Acme" not in browser.get(f"/ageing/{TODAY}&entity=DE&companies=all").content
