"""The statement's page, its PDF and its workbook, without JavaScript."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import reverse

from ar_collections.forms.statements import known_at_of
from core.models import User
from customers.models import Customer
from messaging.models import Message
from tests.collections.books import Books, brightwater

SignedIn = Callable[[User], Client]


def address(customer: Customer, name: str = "statement", query: str = "?as_at=2026-11-20") -> str:
    return reverse(f"collections:{name}", args=[customer.pk]) + query


def test_the_page_shows_what_is_open(account: Books, hotels: Customer, signed_in: SignedIn, clerk: User) -> None:
    brightwater(account)
    page = signed_in(clerk).get(address(hotels)).content.decode()

    for figure in ("£32,271.40", "£45,147.00", "INV-24118", "£1,171.00", "87 d over", "Not yet applied", "Priya Nair"):
        assert figure in page, figure


def test_the_page_lists_movements_since_a_day(
    account: Books, hotels: Customer, signed_in: SignedIn, clerk: User
) -> None:
    brightwater(account)
    page = signed_in(clerk).get(address(hotels, query="?as_at=2026-11-20&starts_on=2026-11-01")).content.decode()

    assert "Movements since 1\u00a0Nov\u00a02026" in page
    assert "£32,776.40" in page and "RC-5510" in page


def test_nonsense_in_the_address_is_ignored(account: Books, hotels: Customer, signed_in: SignedIn, clerk: User) -> None:
    brightwater(account)
    query = "?as_at=2026-11-20&starts_on=32.13.2026&known_at=2026-99-99T99:99"

    assert signed_in(clerk).get(address(hotels, query=query)).status_code == 200


def test_a_moment_without_an_offset_is_read_at_the_companys_seat() -> None:
    known_at = known_at_of({"known_at": "2026-11-20T12:00"}, ZoneInfo("America/New_York"))

    assert known_at is not None
    assert known_at.isoformat() == "2026-11-20T12:00:00-05:00"


def test_a_long_account_takes_few_queries(
    account: Books,
    hotels: Customer,
    signed_in: SignedIn,
    clerk: User,
    django_assert_max_num_queries: Callable[..., AbstractContextManager[object]],
) -> None:
    for number in range(60):
        account.invoice(f"INV-{number}", "10.00", date(2026, 5, 4), date(2026, 6, 3))
    browser = signed_in(clerk)
    with django_assert_max_num_queries(15):
        browser.get(address(hotels))


def test_pdf_and_workbook_obey_the_address(account: Books, hotels: Customer, signed_in: SignedIn, clerk: User) -> None:
    brightwater(account)
    browser = signed_in(clerk)

    pdf = browser.get(address(hotels, "statement_pdf"))
    workbook = browser.get(address(hotels, "statement_xlsx"))

    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF-")
    assert "statement-UK-C-10420-2026-11-20.pdf" in pdf["Content-Disposition"]
    assert b"".join(workbook.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]


def test_sending_by_form_leads_to_the_message(
    account: Books, hotels: Customer, signed_in: SignedIn, collector: User
) -> None:
    brightwater(account)
    browser = signed_in(collector)
    first = browser.post(address(hotels, "send_statement"), follow=True).content.decode()
    again = browser.post(address(hotels, "send_statement"), follow=True).content.decode()

    assert "The statement to Brightwater Hotels Group is in the outbox." in first
    assert "This statement was sent before." in again
    assert Message.objects.count() == 1
    assert "As at 2026-11-20" in browser.get(address(hotels)).content.decode()


def test_an_empty_account_can_not_be_sent_and_says_so(hotels: Customer, signed_in: SignedIn, collector: User) -> None:
    browser = signed_in(collector)

    assert "Send to" not in browser.get(address(hotels)).content.decode()
    assert browser.post(address(hotels, "send_statement")).status_code == 409


def test_nobody_of_another_company_sees_a_statement(
    account: Books, hotels: Customer, signed_in: SignedIn, stranger: User, auditor: User
) -> None:
    brightwater(account)
    browser = signed_in(stranger)
    for name in ("statement", "statement_pdf", "statement_xlsx"):
        assert browser.get(address(hotels, name)).status_code == 404
    assert browser.post(address(hotels, "send_statement")).status_code == 404

    browser = signed_in(auditor)
    assert browser.get(address(hotels)).status_code == 200
    assert browser.post(address(hotels, "send_statement")).status_code == 403
