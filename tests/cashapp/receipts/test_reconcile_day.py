"""Statement, receipts and ledger of a day: they tie, or every difference has a name."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.http import FileResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from cashapp.actions.ending import reverse_receipt
from cashapp.actions.receipts import post_receipt
from cashapp.models import BankStatementLine, Receipt
from cashapp.money_in import Incoming
from cashapp.queries.reconciliation import day_on_account
from cashapp.reconciling import Cause
from core.models import BankAccount, User
from customers.models import Customer

Received = Callable[..., Receipt]
BankLine = Callable[..., BankStatementLine]
May = Callable[[int], date]
DAY = "/bank-statements/reconciliation/?account={}&day=2026-05-12"


@pytest.fixture
def differences(bank_account: BankAccount, books: object) -> Callable[[date], list[tuple[Cause, str]]]:
    """What lies between bank and ledger on a day; that it adds up is checked on the way."""

    def compare(day: date) -> list[tuple[Cause, str]]:
        comparison = day_on_account(bank_account, day).comparison
        assert comparison.unexplained == 0
        return [(each.cause, f"{each.amount:.2f}") for each in comparison.differences]

    return compare


def test_a_posted_line_leaves_nothing_between_bank_and_ledger(
    received: Received, castle: Customer, may: May, differences: Callable[[date], list[object]]
) -> None:
    received(castle, "120.00", may(12))

    assert differences(may(12)) == []


def test_a_line_that_nobody_posted_waits(
    bank_line: BankLine, may: May, differences: Callable[[date], list[object]]
) -> None:
    bank_line("75.00", "who is this", on=may(12))

    assert differences(may(12)) == [(Cause.WAITING, "75.00")]


def test_a_line_posted_a_day_later_is_named_on_both_days(
    bank_line: BankLine, castle: Customer, clerk: User, may: May, differences: Callable[[date], list[object]]
) -> None:
    line = bank_line("120.00", "INV-1", on=may(12))
    post_receipt(by=clerk, customer=castle, incoming=Incoming.of_line(line), posted_on=may(13))

    assert differences(may(12)) == [(Cause.POSTED_ON_ANOTHER_DAY, "120.00")]
    assert differences(may(13)) == [(Cause.OF_ANOTHER_DAY, "-120.00")]


def test_a_reversed_receipt_puts_its_line_back(
    received: Received, castle: Customer, clerk: User, may: May, differences: Callable[[date], list[object]]
) -> None:
    receipt = received(castle, "120.00", may(12))
    reverse_receipt(by=clerk, receipt=receipt, reversed_on=may(12), reason="Wrong customer")

    assert differences(may(12)) == [(Cause.WAITING, "120.00")]


def test_the_page_names_what_waits_and_the_workbook_holds_it(
    bank_line: BankLine, bank_account: BankAccount, signed_in: Callable[[User], Client], auditor: User, may: May
) -> None:
    bank_line("75.00", "=1+1", on=may(12), payer="Castle & Sons")
    browser = signed_in(auditor)

    page = browser.get(DAY.format(bank_account.pk)).content.decode()
    assert "waits at the cash desk" in page and "£75.00" in page

    answer = browser.get(DAY.format(bank_account.pk).replace("reconciliation/", "reconciliation.xlsx"))
    assert isinstance(answer, FileResponse)
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_name("Bank lines").to_python()
    assert ["Castle & Sons", "=1+1", 75.0] in [row[1:4] for row in rows]


def test_another_company_sees_no_day_of_ours(
    bank_line: BankLine, bank_account: BankAccount, signed_in: Callable[[User], Client], stranger: User, may: May
) -> None:
    bank_line("75.00", "secret words", on=may(12))

    page = signed_in(stranger).get(DAY.format(bank_account.pk)).content.decode()

    assert "secret words" not in page and "Barclays" not in page
