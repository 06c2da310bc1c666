"""The money of a file is found on the bank's statement: tied by itself where the line says so, else proposed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cashapp.actions.statements import import_statement
from cashapp.models import BankStatementLine
from cashapp.taskbook import open_tasks
from core.models import BankAccount, User
from customers.models import Customer
from directdebit.actions.submitting import submit_collections
from directdebit.arriving import Expected, Seen, arrivals
from directdebit.days import pass_day
from directdebit.models import CollectionRun, Submission
from directdebit.queries.arrivals import arrivals_of
from directdebit.queries.runs import runs_of
from ledger.actions import lock_days
from ledger.models import Account
from tests.directdebit.conftest import Live, Owed, balance_of, notice_left
from tests.directdebit.test_runs import SENT

Day = Callable[[int], date]
FILE = Expected(1, 7, Decimal(370), "GBP", date(2026, 5, 19), date(2026, 5, 28), "BACS-UK-260520-1", "123456")
LINE = Seen(5, 7, Decimal(370), "GBP", date(2026, 5, 20), "BACS CREDIT 123456 BACSUK2605201")


@pytest.mark.parametrize(
    ("line", "is_certain"),
    [
        (LINE, True),
        (replace(LINE, words="BACS CREDIT 123456"), True),
        (replace(LINE, words="CREDIT"), False),
        (replace(LINE, booked_on=date(2026, 5, 18)), None),
        (replace(LINE, booked_on=date(2026, 5, 29)), None),
        (replace(LINE, amount=Decimal("370.01")), None),
        (replace(LINE, account=8), None),
        (replace(LINE, currency="EUR"), None),
    ],
)
def test_amount_account_and_days_must_fit_and_only_a_name_makes_it_certain(line: Seen, is_certain: bool | None) -> None:
    found = arrivals([FILE], [line])

    assert [each.is_certain for each in found] == ([] if is_certain is None else [is_certain])


def test_two_lines_or_two_files_that_fit_equally_well_are_for_a_person() -> None:
    words = replace(LINE, words="BACS CREDIT 123456")
    assert {each.is_certain for each in arrivals([FILE], [words, replace(words, line=6)])} == {False}
    twin = replace(FILE, submission=2, name="BACS-UK-260520-2")
    assert {each.is_certain for each in arrivals([FILE, twin], [words])} == {False}
    assert [each.submission for each in arrivals([FILE, twin], [LINE]) if each.is_certain] == [1]


@pytest.fixture
def submission(
    live: Live, owed: Owed, acme: Customer, prepared: Callable[..., CollectionRun], manager: User, may: Day
) -> Submission:
    """Acme's 370.00, drawn on 20 May."""
    live(acme)
    owed(acme, "INV-1", "370.00", due_on=may(15))
    run = prepared()
    notice_left(run.collections.get(), SENT)
    return submit_collections(by=manager, run=run, collect_on=may(20), submitted_on=may(18))


def told_by_the_bank(submission: Submission, text: str, on: date) -> BankStatementLine:
    account = BankAccount.objects.get(entity=submission.entity)
    statement = (
        f":20:ST{on.day}\n:25:{account.iban}\n:28C:{on.day}/1\n:60F:C2605{on.day:02}GBP0,00\n"
        f":61:2605{on.day:02}05{on.day:02}C370,00NTRFNONREF//{on.day}\n:86:{text}\n"
        f":62F:C2605{on.day:02}GBP370,00\n-\n"
    )
    system = User.objects.get(is_system=True)
    import_statement(by=system, entity=account.entity, name="st.sta", content=statement.encode())
    line = BankStatementLine.objects.get(bank_account=account, booked_on=on)
    open_tasks([line])
    return line


def test_a_line_that_names_who_collects_is_tied_with_the_day(submission: Submission, system: User, may: Day) -> None:
    line = told_by_the_bank(submission, "BACS 123456", may(20))

    pass_day(system, submission.entity, may(20))
    pass_day(system, submission.entity, may(20))

    submission.refresh_from_db()
    assert submission.line == line
    assert balance_of(submission.entity, "direct_debit_clearing") == 0
    assert balance_of(submission.entity, "bank") == Decimal(370)


def test_a_line_of_the_amount_alone_is_proposed_and_nora_says_yes(
    submission: Submission, system: User, clerk: User, signed_in: Callable[[User], Client], may: Day
) -> None:
    line = told_by_the_bank(submission, "SUNDRY CREDIT", may(20))
    pass_day(system, submission.entity, may(20))
    submission.refresh_from_db()
    assert submission.line is None

    nora = signed_in(clerk)
    page = nora.get(reverse("directdebit:runs")).content.decode()
    assert "May have arrived" in page and "nothing on the line names the file" in page
    nora.post(reverse("directdebit:settle_submission", args=[submission.pk]), {"line": line.pk})

    submission.refresh_from_db()
    assert submission.line == line
    assert arrivals_of(submission.entity) == []


def test_the_money_of_a_signed_day_counts_on_the_next_open_one(submission: Submission, system: User, may: Day) -> None:
    line = told_by_the_bank(submission, "BACS 123456", may(20))
    account = Account.objects.get(bank_account=line.bank_account)
    lock_days(by=system, account=account, first_on=may(1), last_on=may(21))

    pass_day(system, submission.entity, may(22))

    submission.refresh_from_db()
    assert submission.entry and submission.entry.posted_on == may(22)


def test_the_lists_of_direct_debit_ask_no_more_questions_the_longer_they_are(
    submission: Submission,
    live: Live,
    owed: Owed,
    customer_named: Callable[[str], Customer],
    prepared: Callable[..., CollectionRun],
    clerk: User,
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
    may: Day,
) -> None:
    for number in range(5):
        payer = customer_named(f"Payer{number} Ltd")
        live(payer)
        owed(payer, f"INV-P{number}", "50.00", due_on=may(16))
    run = prepared("many")
    first, nora = run.collections.order_by("pk")[0], signed_in(clerk)
    pages = {
        "mandates": [], "runs": [], "run": [run.pk], "submission": [submission.pk], "creditors": [], "returns": [],
        "follow_ups": [], "collection": [first.pk], "mandate": [first.mandate_id],
    }  # fmt: skip
    for name, keys in pages.items():
        with django_assert_max_num_queries(26):
            assert nora.get(reverse(f"directdebit:{name}", args=keys)).status_code == 200


def test_the_latest_run_stands_first(
    submission: Submission, owed: Owed, acme: Customer, prepared: Callable[..., CollectionRun], clerk: User, may: Day
) -> None:
    owed(acme, "INV-2", "50.00", due_on=may(25))
    later = prepared("later", collect_on=date(2026, 6, 3))

    assert list(runs_of(submission.entity, clerk)) == [later, submission.run]
