"""Invoicing in a real browser: every page, by keyboard, with and without scripts."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from core.models import User
from core.money import money
from customers.models import Customer
from invoicing.actions import draft_credit_note, issue_credit_note
from invoicing.credits import PartOf
from invoicing.models import CreditNote, Invoice
from tests.browser.checks import Watched, assert_page_ok
from tests.invoicing.conftest import acme, books, customer, drafted, issued, line, net30, standard

__all__ = ["acme", "books", "customer", "drafted", "issued", "line", "net30", "standard"]

pytestmark = pytest.mark.django_db(transaction=True)
Drafted = Callable[..., Invoice]


@pytest.fixture
def credited(acme: Customer, manager: User, issued: Drafted) -> CreditNote:
    """An invoice of which a part was credited."""
    invoice = issued(acme, purchase_order="PO 7")
    draft = draft_credit_note(
        by=manager, invoice=invoice, credit=PartOf(money("20.00 GBP")), reason_code="price", reason="As agreed"
    )
    return issue_credit_note(by=manager, credit_note=draft, issued_on=date(2026, 5, 20))


def test_every_page_is_accessible_and_fits(
    page: Watched,
    sign_in: Callable[[User], None],
    manager: User,
    acme: Customer,
    customer: Any,
    drafted: Drafted,
    credited: CreditNote,
) -> None:
    sign_in(manager)
    draft, strict = drafted(acme), drafted(customer("Strict", purchase_order_required=True))
    invoice = credited.invoice_id

    for address in (
        "/invoices/",
        "/invoices/?state=draft",
        "/invoices/?q=nothing",
        "/invoices/new/",
        "/invoices/issue/",
        f"/invoices/{invoice}/",
        f"/invoices/{invoice}/credit/",
        f"/invoices/{draft.pk}/change/",
        f"/invoices/{strict.pk}/",
        "/credit-notes/",
        f"/credit-notes/{credited.pk}/",
        "/tax-rates/",
        "/tax-rules/",
    ):
        page.goto(address)
        assert_page_ok(page)


def test_an_invoice_is_written_and_issued_without_a_mouse(
    page: Watched, sign_in: Callable[[User], None], clerk: User, acme: Customer, standard: Any
) -> None:
    sign_in(clerk)
    page.goto("/invoices/")
    page.keyboard.press("n")
    page.wait_for_url("**/invoices/new/")

    page.get_by_label("Customer", exact=True).fill(acme.code)
    page.keyboard.press("Escape")
    page.locator("#id_lines-0-description").fill("Licence")
    page.locator("#id_lines-0-quantity").fill("3")
    page.locator("#id_lines-0-unit_price").fill("100")
    page.keyboard.press("Tab")
    expect(page.locator("#draft-totals")).to_contain_text("£360.00")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/invoices/*/")
    expect(page.locator("h1")).to_contain_text("Ready")

    page.locator("body").click()
    page.keyboard.press("i")
    expect(page.locator("h1")).to_contain_text("INV-")
    assert Invoice.objects.get().is_issued
    assert page.complaints.said == []


def test_lines_are_added_one_by_one(
    page: Watched, sign_in: Callable[[User], None], clerk: User, acme: Customer, standard: Any
) -> None:
    sign_in(clerk)
    page.goto("/invoices/new/")

    for index in (3, 4):
        page.get_by_role("button", name="Add a line").click()
        expect(page.locator(f"#id_lines-{index}-description")).to_be_visible()
    page.get_by_label("Customer", exact=True).fill(acme.code)
    page.keyboard.press("Escape")
    page.locator("#id_lines-4-description").fill("The fifth row")
    page.locator("#id_lines-4-unit_price").fill("12.50")
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url("**/invoices/*/")

    assert [line.description for line in Invoice.objects.get().lines.all()] == ["The fifth row"]


def test_the_list_is_walked_by_keys_and_drafts_are_ticked(
    page: Watched, sign_in: Callable[[User], None], clerk: User, acme: Customer, drafted: Drafted
) -> None:
    drafts = [drafted(acme) for _ in range(3)]
    sign_in(clerk)
    page.goto("/invoices/?state=draft")

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-count-text]")).to_have_text("1")
    page.get_by_role("button", name="Issue the chosen ones").click()
    expect(page.locator("h1")).to_contain_text("Issue drafts")
    expect(page.locator(".kpi-strip")).to_contain_text("Will be issued")
    assert len(drafts) == 3
    assert page.complaints.said == []
