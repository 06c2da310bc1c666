"""The pages of deferred income: the balance with its rows, the release of a month, and an invoice's schedule."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from core.models import LegalEntity, Run, User
from customers.models import Customer
from invoicing.actions import issue_invoice, release_income
from invoicing.drafts import DraftLine
from invoicing.models import Invoice
from ledger.models import Account
from ledger.posting import EntryDraft, LineDraft, post
from tests.invoicing.test_pages import text_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
YEAR = {"service_from": date(2026, 1, 15), "service_until": date(2027, 1, 14)}
PAGE = "/deferred-income/?as_at=2026-06-30&from_on=2026-06-01"


@pytest.fixture
def invoice(
    acme: Customer,
    clerk: User,
    finance_manager: User,
    books: LegalEntity,
    drafted: Callable[..., Invoice],
    line: Callable[..., DraftLine],
) -> Invoice:
    """12,000 for a year from 15 January, released to June."""
    draft = drafted(acme, line("12000", **YEAR))
    found = issue_invoice(by=clerk, entity=books, invoice=draft, issued_on=date(2026, 1, 15))
    for month in range(1, 7):
        release_income(by=finance_manager, entity=books, customers=[acme.pk], month_on=date(2026, month, 1))
    return found


@pytest.mark.parametrize(
    ("by", "name"), [("customer", "Acme Hotels"), ("invoice", "INV-2026-000001"), ("month", "June 2026")]
)
def test_the_balance_rolls_forward_and_ties(
    by: str, name: str, invoice: Invoice, auditor: User, signed_in: SignIn
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        text = text_of(signed_in(auditor).get(f"{PAGE}&by={by}"))

    for words in (name, "7,495.89", "986.30", "6,509.59", "Difference £0.00"):
        assert words in text
    assert len(asked) <= 20


def test_every_figure_opens_onto_its_movements(invoice: Invoice, auditor: User, signed_in: SignIn) -> None:
    client = signed_in(auditor)
    page = client.get(PAGE).content.decode()
    link = next(part for part in page.split('href="') if "kind=released" in part).split('"')[0].replace("&amp;", "&")

    text = text_of(client.get(link))

    assert "1 movement of Brightwater" in text
    assert "Released to income June 2026" in text
    assert "986.30" in text


def test_the_workbook_has_a_row_for_each_schedule_month(invoice: Invoice, auditor: User, signed_in: SignIn) -> None:
    response = signed_in(auditor).get(f"{PAGE}&format=xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    months = [row for row in book.get_sheet_by_name("Schedule months").to_python() if row and row[0] == "C-ACME HOT"]
    assert len(months) == 13
    assert sum(Decimal(str(row[11])) for row in months) == 12000
    assert [bool(row[13]) for row in months] == [True] * 6 + [False] * 7
    response = signed_in(auditor).get("/deferred-income/movements/?format=xlsx")
    assert response.status_code == 200


def test_nothing_deferred_says_what_would_be(auditor: User, books: LegalEntity, signed_in: SignIn) -> None:
    client = signed_in(auditor)

    assert "Nothing is deferred" in text_of(client.get("/deferred-income/"))
    assert "No such movement" in text_of(client.get("/deferred-income/movements/?kind=released"))


def test_an_invoice_shows_its_months(invoice: Invoice, auditor: User, signed_in: SignIn) -> None:
    text = text_of(signed_in(auditor).get(f"/invoices/{invoice.pk}/"))

    assert "£6,509.59 of £12,000.00 is still deferred, 15 Jan 2026 to 14 Jan 2027" in text
    assert "January 2027 to come 460.27" in text


def test_a_month_is_shown_and_then_released(
    acme: Customer,
    clerk: User,
    books: LegalEntity,
    finance_manager: User,
    drafted: Callable[..., Invoice],
    line: Callable[..., DraftLine],
    signed_in: SignIn,
) -> None:
    draft = drafted(acme, line("12000", **YEAR))
    issue_invoice(by=clerk, entity=books, invoice=draft, issued_on=date(2026, 1, 15))
    client = signed_in(finance_manager)

    assert "GBP 1 558.90 1,479.45" in text_of(client.get("/deferred-income/release/?month_on=2026-02-10"))
    response = client.post("/deferred-income/release/", {"month_on": "2026-02-10"})

    run = Run.objects.get(kind="release_income")
    assert (response.status_code, response["Location"], run.state) == (302, f"/runs/{run.pk}/", "done")
    assert "Nothing is left to release" in text_of(client.get("/deferred-income/release/?month_on=2026-02-10"))
    late = client.post("/deferred-income/release/", {"month_on": "2199-02-10"})
    assert (late.status_code, "isn't over before" in late.content.decode().replace("&#x27;", "'")) == (422, True)


def test_who_may_not_release_is_refused(clerk: User, books: LegalEntity, signed_in: SignIn) -> None:
    assert signed_in(clerk).post("/deferred-income/release/", {"month_on": "2026-02-10"}).status_code == 403


def test_the_proofs_find_what_was_posted_by_hand(
    invoice: Invoice, books: LegalEntity, finance_manager: User, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_deferrals")
    assert "keeps all 3 rules" in capsys.readouterr().out
    lines = [
        LineDraft(Account.Role.DEFERRED_INCOME, debit=Decimal(7)),
        LineDraft(Account.Role.REVENUE, credit=Decimal(7)),
    ]
    by_hand = EntryDraft(books, "adjustment", date(2026, 6, 30), "GBP", lines, key=None, text="By hand")
    entry = post(by=finance_manager, entries=[by_hand])[0]

    with pytest.raises(CommandError, match="1 documents break"):
        call_command("check_deferrals")
    assert f"movements_are_their_entries: {entry.number}" in capsys.readouterr().out
