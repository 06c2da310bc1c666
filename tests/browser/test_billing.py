"""Billing in a real browser: from a contract to its invoice by keyboard, credit control, surcharges, and every page."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from core import clock
from core.models import LegalEntity, User
from customers.actions import place_credit_hold
from customers.models import CreditHold, Customer
from invoicing.actions import add_surcharge_rule, draft_charges, issue_invoices, prepare_billing_run
from invoicing.models import Contract, Invoice, SurchargeRule, SurchargeWaiver
from invoicing.queries.due import ALL_KINDS
from tests.browser.checks import Watched, assert_page_ok
from tests.invoicing.billing import contract_of, product_of
from tests.invoicing.conftest import acme, books, customer, drafted, issued, line, net30, standard

__all__ = ["acme", "books", "customer", "drafted", "issued", "line", "net30", "standard"]

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], None]
Made = Callable[..., Customer]


@pytest.fixture
def agreed(acme: Customer, clerk: User, books: LegalEntity, standard: Any) -> Contract:
    """Ten seats since the first of the month."""
    first_on = clock.today(books).replace(day=1)
    return contract_of(clerk, acme, starts_on=first_on, ends_on=first_on + timedelta(days=364))


@pytest.fixture
def billed(agreed: Contract, clerk: User, books: LegalEntity) -> Invoice:
    """The first month of them."""
    today = clock.today(books)
    drafts = draft_charges(by=clerk, entity=books, customers=[agreed.customer], through=today, invoice_on=today)
    return issue_invoices(by=clerk, entity=books, invoices=drafts, issued_on=today)[0]


def test_every_page_of_billing_is_accessible_and_fits(
    page: Watched, sign_in: SignIn, manager: User, clerk: User, customer: Made, books: LegalEntity, billed: Invoice
) -> None:
    today = clock.today(books)
    contract_of(clerk, customer("Strict", purchase_order_required=True), starts_on=today)
    run = prepare_billing_run(
        by=clerk, entity=books, billed_through=today, invoice_on=today, kinds=ALL_KINDS, request_id="browser"
    )
    place_credit_hold(by=manager, customer=billed.customer, reason="Pays late", placed_on=today)
    contract = Contract.objects.get(customer=billed.customer)
    sign_in(manager)

    for address in (
        "/products/",
        "/contracts/",
        "/contracts/new/",
        "/contracts/bring-in/",
        f"/contracts/{contract.pk}/",
        f"/contracts/{contract.pk}/amend/add/",
        f"/contracts/{contract.pk}/quote/",
        "/renewals/",
        "/billing/",
        f"/billing/preview/?billed_through={today}&invoice_on={today}&kinds=order&kinds=recurring",
        f"/billing/{run.pk}/",
        f"/billing/exceptions/{run.exceptions.all()[0].pk}/accept/",
        "/billing/checks/",
        f"/billing/finals/?month_on={today:%Y-%m-01}",
        "/credit-control/",
        f"/credit-control/{billed.customer_id}/",
        f"/invoices/{billed.pk}/surcharge/",
        "/surcharges/",
        "/adjustments/",
        f"/adjustments/items/{billed.item_id}/",
        "/refunds/",
        "/refunds/credits/",
        f"/credit-notes/many/?invoice={billed.pk}",
        "/deferred-income/",
        "/invoices/undelivered/",
        "/invoices/uploads/",
    ):
        page.goto(address)
        assert_page_ok(page, widths=(320, 1440))


def test_a_contract_is_written_with_a_product_that_is_found_and_activated(
    page: Watched, sign_in: SignIn, clerk: User, acme: Customer, standard: Any
) -> None:
    product_of(acme, "SEAT", name="Seats of the platform", list_price=Decimal(12), currency="GBP")
    product_of(acme, "HELP", name="Help desk")
    sign_in(clerk)
    page.goto("/contracts/new/")

    page.get_by_label("Customer", exact=True).fill(acme.code)
    page.keyboard.press("Escape")
    page.get_by_label("Starts", exact=True).fill("2026-05-01")
    page.locator("#id_lines-0-product").fill("platform")
    option = page.get_by_role("option", name="Seats of the platform")
    expect(option).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#id_lines-0-product")).to_have_value("SEAT · Seats of the platform")
    page.locator("#id_lines-0-quantity").fill("3")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.locator("h1")).to_contain_text("K-")
    page.locator("body").click()
    page.keyboard.press("a")
    expect(page.locator("h1")).to_contain_text("Active")

    [line] = Contract.objects.get().lines.all()
    assert (line.product.code, line.quantity, line.unit_price) == ("SEAT", 3, Decimal(12))
    assert page.complaints.said == []


def test_users_are_added_once_their_cost_was_seen(
    page: Watched, sign_in: SignIn, clerk: User, agreed: Contract
) -> None:
    sign_in(clerk)
    page.goto(f"/contracts/{agreed.pk}/")

    page.get_by_role("link", name="Add users or a product").click()
    page.get_by_label("Line").select_option(index=1)
    page.get_by_label("How many").fill("5")
    page.get_by_label("From").fill(agreed.starts_on.isoformat())
    page.get_by_role("button", name="Show what it costs").click()
    expect(page.get_by_role("region", name="Working")).to_contain_text("5 × 12")
    page.locator("body").click()
    page.keyboard.press("r")
    expect(page.locator("#changes")).to_contain_text("5 × 12")

    assert agreed.amendments.get().effects.get().amount == Decimal(60)


def test_a_run_goes_from_its_preview_to_its_invoices_by_keys(
    page: Watched, sign_in: SignIn, clerk: User, agreed: Contract
) -> None:
    sign_in(clerk)
    page.goto("/billing/")

    page.keyboard.press("n")
    page.wait_for_url("**/billing/preview/**")
    expect(page.locator("main")).to_contain_text(agreed.customer.name)
    page.keyboard.press("p")
    page.wait_for_url("**/billing/*/")
    expect(page.get_by_role("button", name="Issue 1 invoice")).to_be_enabled()
    page.keyboard.press("i")
    page.wait_for_url("**/runs/*/")

    assert Invoice.objects.get().is_issued
    assert page.complaints.said == []


def test_a_hold_is_placed_where_the_limit_is_passed_and_shows_on_the_account(
    page: Watched, sign_in: SignIn, manager: User, billed: Invoice
) -> None:
    Customer.objects.filter(pk=billed.customer_id).update(credit_limit=Decimal(10))
    sign_in(manager)
    page.goto("/credit-control/")

    expect(page.locator("main")).to_contain_text("Hold suggested")
    page.get_by_role("link", name="Hold", exact=True).click()
    expect(page.locator("#id_reason")).to_have_value(re.compile("over the credit limit of 10.00 GBP"))
    page.get_by_role("button", name="Place the hold").click()
    expect(page.locator("main")).to_contain_text("On hold")

    assert CreditHold.objects.get().customer_id == billed.customer_id
    page.goto(f"/credit-control/{billed.customer_id}/")
    expect(page.locator("h1")).to_contain_text("On hold")


def test_paying_without_a_surcharge_is_asked_for_before_the_payment(
    page: Watched, sign_in: SignIn, clerk: User, system: User, books: LegalEntity, billed: Invoice
) -> None:
    issued_on = billed.issued_on or date.min
    rule = SurchargeRule(
        entity=books, country="GB", product="commercial", currency="GBP", percent=1, acceptance_percent=2,
        basis="Agreed with the acquirer", valid_from=issued_on,
    )  # fmt: skip
    add_surcharge_rule(by=system, rule=rule)
    sign_in(clerk)
    page.goto(f"/invoices/{billed.pk}/")

    page.get_by_role("link", name="Card").click()
    page.locator("#id_reason").fill("Paid by card at our own wish")
    page.get_by_role("button", name="Ask for the waiver").click()
    expect(page.locator("main")).to_contain_text("Paid by card at our own wish")
    assert not SurchargeWaiver.objects.exists(), "nobody has approved it yet"
