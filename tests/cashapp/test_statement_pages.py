"""The pages of bank statements do what their buttons say, also without JavaScript."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, HttpResponse
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from cashapp.actions.statements import import_statement
from cashapp.models import BankStatement, BankStatementLine, StatementMapping
from core.models import BankAccount, LegalEntity, StoredFile, User
from tests.cashapp.statements.samples import CSV, MT940

SignedIn = Callable[[User], Client]
StatementText = Callable[..., bytes]


def upload(browser: Client, content: bytes | str, name: str = "may.sta") -> HttpResponse:
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    return browser.post(reverse("cashapp:upload_statement"), {"file": file}, follow=True)  # type: ignore[return-value]


def page_of(name: str, *args: int) -> str:
    return reverse(f"cashapp:{name}", args=args)


def test_an_upload_shows_what_is_in_it_and_keeps_no_line(
    signed_in: SignedIn, clerk: User, bank_account: BankAccount
) -> None:
    answer = upload(signed_in(clerk), MT940)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "GB33BUKB20201555555555" in page and "Bolt plc" in page and "3 new" in page
    assert not BankStatement.objects.exists()


def test_importing_leads_to_the_statement(signed_in: SignedIn, clerk: User, bank_account: BankAccount) -> None:
    browser = signed_in(clerk)
    upload(browser, MT940)
    file = StoredFile.objects.get()

    answer = browser.post(page_of("import_statement", file.pk), follow=True)

    statement = BankStatement.objects.get()
    assert answer.redirect_chain[-1][0] == page_of("statement", statement.pk)
    assert "3 new lines" in answer.content.decode()
    assert statement.file == file and StoredFile.objects.count() == 1


def test_a_file_that_was_imported_before_says_when_and_by_whom(
    signed_in: SignedIn, clerk: User, person: Callable[..., User], uk: LegalEntity, bank_account: BankAccount
) -> None:
    ola = person("Ola", uk, "ar_specialist")
    (imported,) = import_statement(by=ola, entity=uk, name="may.sta", content=MT940.encode())
    browser = signed_in(clerk)

    page = upload(browser, MT940, "again.sta").content.decode()

    assert "Imported before" in page and "by Ola" in page and "nothing of it is booked yet" not in page
    assert page.count(page_of("statement", imported.statement.pk)) == 2
    file = StoredFile.objects.get(name="again.sta")
    assert page_of("import_statement", file.pk) not in page
    answer = browser.post(page_of("import_statement", file.pk), follow=True)
    assert "again.sta was imported before. Nothing was added." in answer.content.decode()


def test_the_other_side_reads_the_same_before_and_after_the_import(
    signed_in: SignedIn, clerk: User, bank_account: BankAccount, statement_text: StatementText
) -> None:
    browser = signed_in(clerk)
    swift = "/ORDP/CASTLE FIBRE LTD/REMI/MONTHLY ACCOUNT"

    shown = upload(browser, statement_text(12, "1000.00", [("C100,00", swift), ("D1,00", "Fee")])).content.decode()
    answer = browser.post(page_of("import_statement", StoredFile.objects.get().pk), follow=True)

    for page in (shown, answer.content.decode()):
        assert "CASTLE FIBRE LTD" in page and "MONTHLY ACCOUNT" in page and "Not named" in page
    assert "CASTLE FIBRE LTD" in browser.get(page_of("desk")).content.decode()


def test_a_file_of_another_kind_is_refused_in_the_form(
    signed_in: SignedIn, clerk: User, bank_account: BankAccount
) -> None:
    answer = upload(signed_in(clerk), b"PK\x03\x04....", "may.csv")

    assert answer.status_code == 422
    assert "damaged workbook" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_a_refusal_is_shown_in_the_preview_and_the_import_stays_refused(
    signed_in: SignedIn, clerk: User, bank_account: BankAccount, statement_text: StatementText
) -> None:
    browser = signed_in(clerk)
    wrong = statement_text(12, "1000.00", [("C1,00", "INV-1")], closing="1.00")

    answer = upload(browser, wrong)
    assert "is unexplained" in answer.content.decode()
    refused = browser.post(page_of("import_statement", StoredFile.objects.get().pk))

    assert refused.status_code == 422 and "is unexplained" in refused.content.decode()
    assert not BankStatement.objects.exists()


COLUMNS = {
    "booked_on": "Date",
    "amount": "Amount",
    "payer": "Payee",
    "text": ["Description"],
    "date_format": "DD/MM/YYYY",
    "decimal": ".",
    "thousands": ",",
    "header_row": "1",
    "skip_footer": "0",
}


@pytest.fixture
def table(signed_in: SignedIn, clerk: User, bank_account: BankAccount) -> tuple[Client, int]:
    """Nora has uploaded a CSV that no bank of ours sends."""
    browser = signed_in(clerk)
    answer = upload(browser, CSV, "export.csv")
    assert "What each column means" in answer.content.decode()
    return browser, StoredFile.objects.get().pk


def test_the_only_account_in_the_files_currency_is_chosen_until_somebody_says_otherwise(
    signed_in: SignedIn, clerk: User, uk: LegalEntity, bank_account: BankAccount
) -> None:
    browser = signed_in(clerk)
    page = upload(browser, CSV, "export.csv").content.decode()
    chosen = f'<option value="{bank_account.pk}" selected>'
    assert chosen in page and "does not name its account" not in page

    BankAccount.objects.create(entity=uk, name="Barclays euro", currency="EUR")
    page = browser.get(page_of("statement_file", StoredFile.objects.get().pk)).content.decode()
    assert chosen not in page and "Choose the bank account that it is from" in page, "the file tells no currency"

    in_pounds = b"Date,Payee,Description,Amount,Currency\n12/05/2026,Castle Fibre,INV-1,120.00,GBP\n"
    assert chosen in upload(browser, in_pounds, "pounds.csv").content.decode()
    BankAccount.objects.create(entity=uk, name="Barclays reserve", currency="GBP")
    assert chosen not in upload(browser, in_pounds + b"13/05/2026,B,INV-2,1.00,GBP\n", "p.csv").content.decode()


def test_changed_columns_change_the_preview_at_once(table: tuple[Client, int], bank_account: BankAccount) -> None:
    browser, file = table
    data = {**COLUMNS, "payer": "Description", "bank_account": bank_account.pk}

    answer = browser.post(page_of("preview_statement", file), data, headers={"HX-Request": "true"})

    part = answer.content.decode()
    assert "<html" not in part and 'id="preview"' in part
    assert "INV-1001" in part and "3 new" in part
    assert not BankStatement.objects.exists()


def test_a_wrong_date_format_names_the_row(table: tuple[Client, int], bank_account: BankAccount) -> None:
    browser, file = table
    data = {**COLUMNS, "date_format": "DD.MM.YYYY", "bank_account": bank_account.pk}

    page = browser.post(page_of("preview_statement", file), data).content.decode()

    assert "row 2" in page and "Rows that cannot be read" in page


def test_columns_are_saved_under_a_name_with_the_import(
    table: tuple[Client, int], bank_account: BankAccount, uk: LegalEntity
) -> None:
    browser, file = table
    data = {**COLUMNS, "bank_account": bank_account.pk, "name": "My bank"}

    browser.post(page_of("import_statement", file), data)

    saved = StatementMapping.objects.get(entity=uk)
    assert (saved.name, saved.columns["date_format"]) == ("My bank", "DD/MM/YYYY")
    assert BankStatementLine.objects.count() == 3
    chosen = browser.get(page_of("statement_file", file), {"mapping": "My bank"}).content.decode()
    assert '<option value="My bank" selected>' in chosen


def test_an_impossible_choice_is_refused_in_words(table: tuple[Client, int]) -> None:
    browser, file = table

    page = browser.post(page_of("import_statement", file), {**COLUMNS, "amount": ""}).content.decode()

    assert "Choose the column that holds the amount" in page


def test_the_list_and_the_statement_show_the_chain_and_its_gap(
    signed_in: SignedIn,
    auditor: User,
    clerk: User,
    uk: LegalEntity,
    bank_account: BankAccount,
    statement_text: StatementText,
) -> None:
    for content in (
        statement_text(12, "1000.00", [("C100,00", "INV-1 <b>bold</b>")]),
        statement_text(14, "1500.00", [("D1,00", "Fee")]),
    ):
        import_statement(by=clerk, entity=uk, name="may.sta", content=content)
    browser = signed_in(auditor)

    listed = browser.get(page_of("statements")).content.decode()
    assert "£400.00 that no statement shows" in listed
    first = BankStatement.objects.get(closing=1100)
    page = browser.get(page_of("statement", first.pk)).content.decode()
    assert "INV-1 &lt;b&gt;bold&lt;/b&gt;" in page
    only = browser.get(page_of("statements"), {"account": bank_account.pk}).content.decode()
    assert "no. 12" in only


def test_a_statement_goes_into_a_workbook_with_real_figures(
    signed_in: SignedIn, auditor: User, clerk: User, uk: LegalEntity, bank_account: BankAccount
) -> None:
    (imported,) = import_statement(by=clerk, entity=uk, name="may.sta", content=MT940.encode())

    answer = signed_in(auditor).get(page_of("statement_workbook", imported.statement.pk))

    assert isinstance(answer, FileResponse)
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_name("Lines").to_python()
    assert [row[6] for row in rows if row[0] == date(2026, 5, 12)] == [100.0, 150.0, -25.0]


def test_lists_take_the_same_number_of_queries_whatever_their_length(
    signed_in: SignedIn,
    clerk: User,
    uk: LegalEntity,
    bank_account: BankAccount,
    statement_text: StatementText,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    opening = 1000
    for day in range(2, 22):
        content = statement_text(day, f"{opening}.00", [("C1,00", f"INV-{day}")])
        import_statement(by=clerk, entity=uk, name="may.sta", content=content)
        opening += 1
    browser = signed_in(clerk)

    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        browser.get(page_of("statements"))
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        browser.get(page_of("statement", BankStatement.objects.latest("pk").pk))


def test_pages_need_a_role_and_never_show_another_company(
    signed_in: SignedIn, clerk: User, auditor: User, stranger: User, uk: LegalEntity, bank_account: BankAccount
) -> None:
    (imported,) = import_statement(by=clerk, entity=uk, name="may.sta", content=MT940.encode())
    file = imported.statement.file_id
    addresses = [page_of("statement", imported.statement.pk), page_of("statement_file", file)]

    for address in addresses:
        assert signed_in(stranger).get(address).status_code == 404
    assert signed_in(auditor).get(addresses[0]).status_code == 200
    assert signed_in(auditor).get(addresses[1]).status_code == 403
    assert signed_in(auditor).post(page_of("import_statement", file)).status_code == 403
