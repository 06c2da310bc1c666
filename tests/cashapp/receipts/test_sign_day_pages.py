"""The pages of bank days: named, prepared, signed and opened again by people, without JavaScript."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from cashapp.actions.statements import import_statement
from cashapp.models import BankReconciliation, BankStatementLine, Variance
from core.models import BankAccount, LegalEntity, User

SignedIn = Callable[[User], Client]
PAGE = "/bank-statements/reconciliation/"


@pytest.fixture
def line(
    books: LegalEntity, bank_account: BankAccount, system: User, statement_text: Callable[..., bytes]
) -> BankStatementLine:
    """Somebody's 120.00 on the twelfth, which nobody has posted."""
    content = statement_text(12, "1000.00", [("C120,00", "who is this")])
    (imported,) = import_statement(by=system, entity=books, name="12.sta", content=content)
    return imported.statement.lines.get()


def test_from_a_nameless_difference_to_a_signed_day(
    line: BankStatementLine, bank_account: BankAccount, signed_in: SignedIn, clerk: User, finance_manager: User
) -> None:
    about: dict[str, Any] = {"account": bank_account.pk, "day": "2026-05-12"}
    nora = signed_in(clerk)
    page = nora.get(PAGE, about).content.decode()
    assert "1 difference has no owner, reason and date yet" in page and "No name yet" in page
    assert "Prepare for signing" not in page

    name = {**about, "line": line.pk, "entry": "", "owner": clerk.pk, "reason": "Payer asked", "due_on": "2026-05-20"}
    page = nora.post(f"{PAGE}name/", name, follow=True).content.decode()
    assert "Payer asked" in page and "Prepare for signing" in page
    page = nora.post(f"{PAGE}prepare/", about, follow=True).content.decode()
    row = BankReconciliation.objects.get()
    assert "Somebody else signs it" in page and f"{PAGE}{row.pk}/sign/" not in page

    finn = signed_in(finance_manager)
    assert f"{PAGE}{row.pk}/sign/" in finn.get(PAGE, about).content.decode()
    page = finn.post(f"{PAGE}{row.pk}/sign/", about, follow=True).content.decode()
    assert "Signed by Finn" in page
    assert "Signed" in finn.get("/bank-statements/days/?month_on=2026-05-12").content.decode()
    page = finn.post(f"{PAGE}{row.pk}/reopen/", {**about, "reason": "Late file"}, follow=True).content.decode()
    assert "Open again, with every later day" in page


def test_a_refusal_is_told_on_the_day(
    line: BankStatementLine, bank_account: BankAccount, signed_in: SignedIn, clerk: User
) -> None:
    answer = signed_in(clerk).post(f"{PAGE}prepare/", {"account": bank_account.pk, "day": "2026-05-12"})

    assert answer.status_code == 422
    assert "1 difference has no owner" in answer.content.decode()


def test_the_workbook_holds_the_proof(
    line: BankStatementLine, bank_account: BankAccount, signed_in: SignedIn, auditor: User
) -> None:
    asked: dict[str, Any] = {"account": bank_account.pk, "day": "2026-05-12"}
    answer = signed_in(auditor).get("/bank-statements/reconciliation.xlsx", asked)

    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer)))
    assert book.sheet_names == ["Proof", "In transit", "Differences", "Bank lines"]
    proof = {row[0]: row[1] for row in book.get_sheet_by_name("Proof").to_python()}
    assert (proof["Bank: closing"], proof["Ledger: closing"], proof["Between them: in transit"]) == (1120, 0, 120)


def test_readers_see_no_buttons_and_strangers_nothing(
    line: BankStatementLine, bank_account: BankAccount, signed_in: SignedIn, auditor: User, stranger: User
) -> None:
    asked: dict[str, Any] = {"account": bank_account.pk, "day": "2026-05-12"}
    page = signed_in(auditor).get(PAGE, asked).content.decode()
    assert "Name it" not in page and "Same money" not in page

    assert "who is this" not in signed_in(stranger).get(PAGE, asked).content.decode()


def test_differences_without_a_name_are_named_alike_in_one_step(
    books: LegalEntity, bank_account: BankAccount, system: User, signed_in: SignedIn, clerk: User, auditor: User,
    statement_text: Callable[..., bytes],
) -> None:  # fmt: skip
    told = [("C120,00", "who is this"), ("C80,00", "and this"), ("C7,00", "and that")]
    content = statement_text(12, "1000.00", told)
    (imported,) = import_statement(by=system, entity=books, name="12.sta", content=content)
    first = imported.statement.lines.order_by("pk")[0]
    about: dict[str, Any] = {"account": bank_account.pk, "day": "2026-05-12"}
    name = {**about, "owner": clerk.pk, "reason": "Asked the bank", "due_on": "2026-05-20"}
    nora = signed_in(clerk)
    nora.post(f"{PAGE}name/", {**name, "line": first.pk, "reason": "Payer asked"})
    assert "Name all 2 that have no name alike" in nora.get(PAGE, about).content.decode()

    assert signed_in(auditor).post(f"{PAGE}name/", {**name, "nameless": "all"}).status_code == 403
    page = signed_in(clerk).post(f"{PAGE}name/", {**name, "nameless": "all"}, follow=True).content.decode()

    assert (page.count("Payer asked"), page.count("Asked the bank")) >= (1, 2)
    assert "Every difference has a name" in page and "Prepare for signing" in page and "Name all" not in page
    assert dict(Variance.objects.values_list("line", "reason"))[first.pk] == "Payer asked"
