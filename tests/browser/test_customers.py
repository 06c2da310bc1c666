"""Customers and approvals in a real browser: accessible, quiet, no wider than the window, and quick under the hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from controls.actions import request_approval, set_up_limits
from controls.models import ApprovalRequest, Authority
from core.models import LegalEntity, User
from core.money import money
from customers.actions import (
    add_bank_account,
    add_note,
    attach_file,
    create_terms,
    import_customers,
    record_certificate,
    set_parent,
    upload_customers,
)
from customers.drafts import AddressDraft, ContactDraft, CustomerDraft
from customers.models import Customer, PaymentTerms
from tests.browser.checks import Watched, assert_fits, assert_page_ok

SignIn = Callable[[User], None]
ROWS = "\n".join(
    [
        "Customer name,Code,E-mail,Terms,Credit limit,VAT number,Country",
        "Ashdown Marine Ltd,A-100,ap@ashdown.example,NET30,12000,GB123456782,United Kingdom",
        "Müller & Söhne GmbH,A-101,rechnung@mueller.example,45,,DE136695976,Deutschland",
        "Castle Fibre Limited,A-102,nobody,NET30,,,Atlantis",
        '"<b>Bold</b> Foods Ltd",A-102,,NET30,-5,,GB',
    ]
)


@pytest.fixture
def terms(uk: LegalEntity, system: User) -> PaymentTerms:
    create_terms(by=system, entity=uk, code="NET14", name="14 days net", net_days=14)
    return create_terms(by=system, entity=uk, code="NET30", name="30 days net", net_days=30)


@pytest.fixture
def castle(uk: LegalEntity, system: User, manager: User, terms: PaymentTerms) -> Customer:
    """Castle Fibre with everything that can belong to a customer, among 60 others."""
    trades = ("Marine", "Foods", "Timber", "Optics", "Media", "Energy")
    drafts = [
        CustomerDraft(
            name=f"{place} {trades[number % 6]} {number} Ltd",
            terms=terms,
            segment=("Wholesale", "Retail", "Public")[number % 3],
            currency=("GBP", "EUR")[number % 2],
            credit_limit=Decimal(1_000 * number) or None,
            contacts=(ContactDraft(name="Accounts", email=f"ap@{place.lower()}{number}.example"),)
            if number % 5
            else (),
            address=AddressDraft(lines="1 Quay", city=place, country="GB"),
        )
        for number, place in enumerate(["Bristol", "Hull", "Leith", "Poole", "Truro", "Whitby"] * 10)
    ]
    child = import_customers(by=system, entity=uk, drafts=drafts)[7]
    main = CustomerDraft(
        name="Castle Fibre Limited",
        terms=terms,
        segment="Wholesale",
        credit_limit=Decimal(50_000),
        tax_number="GB123456782",
        contacts=(ContactDraft(name="Pat Jones", email="pat.jones@castlefibre.example", phone="+44 117 496 0100"),),
        address=AddressDraft(lines="4 Mill Lane\nUnit 7", postcode="BS1 5AB", city="Bristol", country="GB"),
    )
    customer = import_customers(by=system, entity=uk, drafts=[main])[0]
    set_parent(by=manager, customer=child, parent=customer)
    add_bank_account(by=manager, customer=customer, iban="GB33BUKB20201555555555", holder="Castle Fibre Ltd")
    add_note(by=manager, customer=customer, text="Pays on the last Friday of the month. Ask for Pat.")
    attach_file(by=manager, customer=customer, name="frame-contract-2026.pdf", content=b"%PDF-1.7 x", kind="contract")
    record_certificate(by=manager, customer=customer, number="EX-77", jurisdiction="GB", valid_from=date(2026, 1, 1))
    return customer


@pytest.fixture
def asked(uk: LegalEntity, clerk: User, system: User) -> ApprovalRequest:
    """A credit note above what Nora decides alone."""
    set_up_limits(by=system, entity=uk)
    return request_approval(
        by=clerk,
        entity=uk,
        kind=Authority.CREDIT_NOTE,
        subject=uk,
        subject_url="/companies/UK/",
        facts=[("Customer", "Castle Fibre Limited"), ("Corrects", "INV-2026-000012"), ("Reason", "Billed twice")],
        effect="The credit note is issued and e-mailed; INV-2026-000012 has £300.00 left open.",
        amount=money("1200.00 GBP"),
        counts_with="customer:1",
        reason="Ten licences were billed twice in October; see Pat's mail of the 12th.",
        decide_url_name="controls:approval",
        requested_on=date(2999, 1, 1),
    )


@pytest.mark.parametrize(
    "address",
    [
        "/customers/",
        "/customers/?q=nobody",
        "/customers/new/",
        "/customers/{pk}/details/",
        "/customers/{pk}/change/",
        "/customers/{pk}/contacts/new/",
        "/terms/",
        "/terms/new/",
        "/customers/import/",
        "/api/docs/",
    ],
)
def test_pages_about_customers_are_accessible_and_fit(
    page: Watched, sign_in: SignIn, manager: User, castle: Customer, address: str
) -> None:
    sign_in(manager)
    page.goto(address.format(pk=castle.pk))

    assert_page_ok(page)


def test_the_import_is_accessible_and_fits_step_by_step(
    page: Watched, sign_in: SignIn, manager: User, uk: LegalEntity, castle: Customer
) -> None:
    taken = upload_customers(by=manager, entity=uk, name="new customers.csv", content=ROWS.encode())
    sign_in(manager)
    page.goto(f"/customers/import/{taken.pk}/columns/")
    assert_page_ok(page)

    page.get_by_label("Terms where a row names none").select_option(label="30 days net")
    page.get_by_role("button", name="Show the preview").click()
    page.get_by_role("heading", name="Preview of new customers.csv").wait_for()
    assert page.get_by_text("“nobody” is not an e-mail address").is_visible()
    assert_page_ok(page)


def test_likely_doubles_show_up_while_typing(page: Watched, sign_in: SignIn, manager: User, castle: Customer) -> None:
    sign_in(manager)
    page.goto("/customers/new/")

    page.get_by_label("Legal name").press_sequentially("Castle Fibr")

    page.get_by_role("link", name="Castle Fibre Limited").wait_for()
    assert page.get_by_text("a very similar name").is_visible()
    assert page.get_by_label("Legal name").input_value() == "Castle Fibr"
    assert_page_ok(page)


@pytest.mark.parametrize("address", ["/approvals/", "/approvals/?view=mine", "/limits/"])
def test_the_controls_are_accessible_and_fit(
    page: Watched, sign_in: SignIn, manager: User, asked: ApprovalRequest, address: str
) -> None:
    sign_in(manager)
    page.goto(address)

    assert_page_ok(page)


def test_a_request_is_opened_and_declined_with_the_keyboard(
    page: Watched, sign_in: SignIn, manager: User, asked: ApprovalRequest
) -> None:
    sign_in(manager)
    page.goto("/approvals/?list=1")
    page.keyboard.press("j")
    page.get_by_role("heading", name="Credit note").wait_for()

    page.get_by_label("Comment").fill("Only five were doubled.")
    page.get_by_label("Comment").press("Tab")
    page.keyboard.press("d")

    page.get_by_text("Nothing waits for you").wait_for()
    asked.refresh_from_db()
    assert (asked.decision, asked.comment) == ("declined", "Only five were doubled.")


def test_on_a_phone_a_request_takes_the_whole_screen(
    page: Watched, sign_in: SignIn, manager: User, asked: ApprovalRequest
) -> None:
    sign_in(manager)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/approvals/")

    page.locator("[data-row]").first.click()

    page.get_by_role("button", name="Approve and carry out").wait_for()
    assert_fits(page, (320, 390))
