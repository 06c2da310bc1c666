"""The accountants' pages: what they show, to whom, and how few questions they take."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from core.models import LegalEntity, RoleGrant, User
from customers.models import Customer
from ledger.models import AccountingPeriod, OpenItem
from ledger.posting import reverse_allocations

Day = Callable[[int], date]
SignedIn = Callable[[User], Client]
AT = "?as_at=2026-05-31"


@pytest.fixture
def story(acme: Customer, system: User, invoice: Any, receipt: Any, apply: Any, may: Day) -> tuple[OpenItem, OpenItem]:
    """INV-1 of 120.00 is paid on the 15th, the allocation undone on the 20th."""
    bill, cash = invoice(acme, "INV-1", "120.00", may(1), may(10)), receipt(acme, "RC-1", "150.00", may(15))
    allocation = apply(cash, bill, "120.00", may(15))
    reverse_allocations(by=system, allocations=[allocation], allocated_on=may(20), reason="Meant for Bolt")
    return bill, cash


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_accounts_balance_and_tie(story: Any, auditor: User, signed_in: SignedIn) -> None:
    text = text_of(signed_in(auditor), reverse("ledger:accounts") + AT)

    assert "the open items come to" in text and "and so does the receivables account" in text
    assert text.count("270.00") >= 2 or text.count("150.00") >= 2


def test_an_account_is_a_t_with_what_it_came_in_and_goes_out_with(
    story: Any, acme: Customer, invoice: Any, auditor: User, signed_in: SignedIn
) -> None:
    invoice(acme, "INV-0", "60.00", date(2026, 4, 30))

    text = text_of(signed_in(auditor), reverse("ledger:account", args=["1100"]) + AT)

    assert "Opening balance" in text and "60.00" in text
    assert "Closing balance £30.00 debit" in " ".join(text.split())


def test_an_account_is_written_to_a_workbook_in_full(story: Any, auditor: User, signed_in: SignedIn) -> None:
    answer = signed_in(auditor).get(reverse("ledger:account_xlsx", args=["1100"]) + AT)

    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)  # type: ignore[attr-defined]
    rows = sheet.to_python()
    assert ["Account", "1100 Trade receivables"] in [row[:2] for row in rows]
    assert [row[7:9] for row in rows if row[3] == "Acme (C0001)"] == [[120.0, 0.0], [0.0, 150.0]]
    assert rows[-1][0] == "Total", "base amounts add up over all currencies"


def test_an_item_tells_who_settled_it_and_when(story: Any, auditor: User, signed_in: SignedIn) -> None:
    bill, _ = story
    client = signed_in(auditor)

    later = text_of(client, reverse("ledger:item", args=[bill.pk]) + AT)
    earlier = text_of(client, reverse("ledger:item", args=[bill.pk]) + "?as_at=2026-05-16")

    assert "Meant for Bolt" in later and "£120.00 of £120.00 open" in later
    assert "£0.00 of £120.00 open" in earlier
    assert "1 more counts only after" in " ".join(earlier.split())


def test_an_item_turns_its_page_to_its_company(
    story: Any, de: LegalEntity, auditor: User, system: User, signed_in: SignedIn
) -> None:
    RoleGrant.objects.create(user=auditor, entity=de, role="auditor", granted_by=system)
    browser = signed_in(auditor)
    browser.get(reverse("ledger:accounts") + "?entity=DE")

    for name, key in (("item", story[0].pk), ("entry", story[0].line.entry_id)):
        answer = browser.get(reverse(f"ledger:{name}", args=[key]))
        assert answer.context["page"].entity.code == "UK"


def test_an_entry_names_its_reversal(story: Any, auditor: User, signed_in: SignedIn) -> None:
    bill, _ = story
    text = text_of(signed_in(auditor), reverse("ledger:entry", args=[bill.line.entry_id]))
    assert "Invoice INV-1" in text and "invoice:INV-1" in text and "o2c itself" in text


def test_the_journal_is_found_by_number_kind_and_document(story: Any, auditor: User, signed_in: SignedIn) -> None:
    bill, cash = story
    client = signed_in(auditor)
    for query, found in (("q=INV-1", bill), (f"q=j-{cash.line.entry_id}", cash), ("kind=receipt", cash)):
        text = text_of(client, f"{reverse('ledger:journal')}{AT}&{query}")
        assert text.count("data-row-link") == 1 and found.line.entry.number in text


PAGES = ["accounts", "accounts_xlsx", "account", "account_xlsx", "journal", "entry", "item", "periods"]


def address(name: str, item: OpenItem) -> str:
    facts: dict[str, list[Any]] = {"account": ["1100"], "account_xlsx": ["1100"], "entry": [item.line.entry_id]}
    return reverse(f"ledger:{name}", args=facts.get(name, [item.pk] if name == "item" else []))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_takes_few_questions(
    story: Any, auditor: User, signed_in: SignedIn, name: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(auditor)
    with django_assert_max_num_queries(14):
        assert client.get(address(name, story[0]) + AT).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_nobody_sees_the_books_of_another_company(story: Any, stranger: User, signed_in: SignedIn, name: str) -> None:
    answer = signed_in(stranger).get(address(name, story[0]) + AT)
    if answer.status_code == 200 and not answer.streaming:
        assert "INV-1" not in answer.content.decode() and "Acme" not in answer.content.decode()
    if name in ("entry", "item", "account"):
        assert answer.status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_administrators_do_not_see_the_books(story: Any, administrator: User, signed_in: SignedIn, name: str) -> None:
    assert signed_in(administrator).get(address(name, story[0])).status_code == 403


def test_a_month_is_closed_and_opened_on_its_page(story: Any, finance_manager: User, signed_in: SignedIn) -> None:
    client = signed_in(finance_manager)
    period = AccountingPeriod.objects.get()

    assert client.post(reverse("ledger:close_period", args=[period.pk])).status_code == 302
    assert "Closed" in text_of(client, reverse("ledger:periods"))

    answer = client.post(reverse("ledger:reopen_period", args=[period.pk]), {"reason": ""})
    assert answer.status_code == 422 and "Say why May 2026 is opened again" in answer.content.decode()
    assert client.post(reverse("ledger:reopen_period", args=[period.pk]), {"reason": "Late bill"}).status_code == 302


def test_a_clerk_closes_nothing(story: Any, clerk: User, signed_in: SignedIn) -> None:
    client = signed_in(clerk)
    period = AccountingPeriod.objects.get()
    assert client.get(reverse("ledger:close_period", args=[period.pk])).status_code == 405
    assert client.post(reverse("ledger:close_period", args=[period.pk]), {"reason": "Why not"}).status_code == 403
    period.refresh_from_db()
    assert period.state == "open"
