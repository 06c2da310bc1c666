"""Importing a bank statement, as Nora does it: the file, the columns, the preview, the statement, the day."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from cashapp.actions.statements import import_statement
from cashapp.models import BankStatement
from core.models import BankAccount, LegalEntity, User
from tests.browser.checks import Watched, assert_page_ok
from tests.cashapp.statements.samples import CSV, MT940

SignIn = Callable[[User], None]
IBAN = "GB33BUKB20201555555555"


def barclays(uk: LegalEntity) -> BankAccount:
    return BankAccount.objects.create(entity=uk, name="Barclays current", currency="GBP", iban=IBAN, is_default=True)


def choose_file(page: Watched, name: str, content: str) -> None:
    page.goto("/bank-statements/import/")
    page.get_by_label("Statement file").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_a_clerk_imports_a_statement_and_reconciles_its_day(
    page: Watched, sign_in: SignIn, clerk: User, uk: LegalEntity
) -> None:
    barclays(uk)
    sign_in(clerk)
    page.goto("/bank-statements/")
    assert_page_ok(page)
    choose_file(page, "may.sta", MT940)
    expect(page.get_by_text("3 new")).to_be_visible()
    assert_page_ok(page)

    page.get_by_role("button", name="Import the statement").click()
    expect(page.get_by_role("heading", name="Barclays current, 12 May 2026")).to_be_visible()
    assert_page_ok(page)
    page.get_by_role("link", name="Reconcile the day").click()
    expect(page.get_by_text("waits at the cash desk").first).to_be_visible()
    assert_page_ok(page)


def test_columns_are_chosen_with_the_lines_beside_them(
    page: Watched, sign_in: SignIn, clerk: User, uk: LegalEntity
) -> None:
    account = barclays(uk)
    BankAccount.objects.create(entity=uk, name="Barclays savings", currency="GBP")
    sign_in(clerk)
    choose_file(page, "export.csv", CSV)
    expect(page.get_by_text("does not name its account")).to_be_visible()
    assert_page_ok(page)

    page.get_by_label("Bank account").select_option(str(account.pk))
    expect(page.get_by_text("3 new")).to_be_visible()
    page.get_by_text("Dates and amounts, and how").click()
    page.get_by_label("Dates look like").select_option("DD.MM.YYYY")
    expect(page.get_by_text("is not a date like DD.MM.YYYY").first).to_be_visible()
    assert_page_ok(page)
    page.get_by_label("Dates look like").select_option("DD/MM/YYYY")
    expect(page.get_by_text("3 new")).to_be_visible()
    page.get_by_label("Remember these columns as").fill("Our bank")
    page.get_by_role("button", name="Import the statement").click()
    expect(page.get_by_text("3 new lines from export.csv")).to_be_visible()
    assert BankStatement.objects.get().bank_account == account


def test_a_gap_shows_on_the_list(page: Watched, sign_in: SignIn, clerk: User, uk: LegalEntity) -> None:
    barclays(uk)
    later = MT940.replace("2605120512", "2605140514").replace("260512", "260514").replace("260511", "260513")
    later = later.replace("1000,00", "1300,00").replace("1225,00", "1525,00").replace("BR-", "BS-")
    for content in (MT940, later):
        import_statement(by=clerk, entity=uk, name="may.sta", content=content.encode())
    sign_in(clerk)

    page.goto("/bank-statements/")

    expect(page.get_by_text("£75.00 that no statement shows")).to_be_visible()
    assert_page_ok(page)
