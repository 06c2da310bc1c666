"""Measures out of a ledger: for any day, a group or a currency, and every one opens onto rows that add up to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from core.models import LegalEntity, User
from customers.models import Customer
from ledger.models import Account, Allocation, JournalEntry, OpenItem
from ledger.posting import (
    EntryDraft,
    ItemDraft,
    LineDraft,
    Pair,
    allocate,
    post,
    reverse_allocations,
    reverse_entry,
)
from reporting.measures.catalogue import MEASURES
from reporting.measures.figures import Standing
from reporting.queries.ageing import AgeingQuestion, ageing_report
from reporting.queries.flows import Scope, base_total, billed_documents, payments_behind, receipts_behind
from reporting.queries.measures import inputs_of

Make = Callable[..., OpenItem]
SignIn = Callable[[User], Client]
LAST = date(2026, 5, 31)


@pytest.fixture
def ledger(acme: Customer, beta: Customer, bill: Make, pay: Make) -> None:
    """£250 of March late, £50 of it paid ten days after due; £100 of May; €500 of April; €80 on account."""
    late = bill(acme, "INV-1", "250.00", date(2026, 3, 1), date(2026, 3, 31))
    pay(acme, "RC-1", "50.00", date(2026, 4, 10), to=[late])
    bill(acme, "INV-2", "100.00", date(2026, 5, 20), date(2026, 6, 19))
    bill(beta, "INV-3", "500.00", date(2026, 4, 20), date(2026, 5, 20))
    pay(beta, "RC-2", "80.00", date(2026, 5, 25))


@pytest.fixture
def gamma(books: LegalEntity, acme: Customer) -> Customer:
    return Customer.objects.create(
        entity=books, code="C-3", name="Gamma Ltd", currency="GBP", terms=acme.terms, payment_reference="RF18C3"
    )


def test_the_parts_are_those_of_the_ledger(books: LegalEntity, ledger: None) -> None:
    of = inputs_of(Scope(books), last=LAST, months=3)

    assert (of.first_on, of.days) == (date(2026, 3, 1), 92)
    assert of.opening == Standing()
    assert of.closing == Standing(Decimal(100), Decimal(425), Decimal(200), Decimal(0), Decimal(68))
    assert of.billed == Decimal(250) + Decimal(100) + Decimal(425)
    assert (of.payments.amount, of.payments.late, of.payments.since_invoice) == (50, 500, 2000)
    assert of.receipts_of_30_days == 68
    assert (of.terms > 29) and (of.terms < 31)


def test_the_closing_balance_is_that_of_the_ageing_and_the_control_account(books: LegalEntity, ledger: None) -> None:
    for day in (date(2026, 3, 31), date(2026, 4, 15), LAST):
        [tie] = [
            tie
            for tie in ageing_report(AgeingQuestion([books], day, currency="GBP")).ties
            if tie.balance.currency == "GBP"
        ]
        closing = inputs_of(Scope(books, currency="GBP"), last=day, months=1).closing
        assert closing.net == tie.net == tie.balance.account


def test_a_payment_that_is_undone_weighs_nothing_and_an_earlier_day_still_knows_it(
    books: LegalEntity, ledger: None, system: User
) -> None:
    before = timezone.now()
    reverse_allocations(
        by=system, allocations=[Allocation.objects.get()], allocated_on=date(2026, 4, 10), reason="Wrong invoice"
    )

    assert inputs_of(Scope(books), last=LAST, months=3).payments.amount == 0
    assert inputs_of(Scope(books, known_at=before), last=LAST, months=3).payments.amount == 50


def test_a_customer_stands_for_the_group(books: LegalEntity, ledger: None, acme: Customer, beta: Customer) -> None:
    Customer.objects.filter(pk=beta.pk).update(parent=acme)
    whole = inputs_of(Scope(books), last=LAST, months=3)

    group = inputs_of(Scope(books, (acme.pk, beta.pk)), last=LAST, months=3)
    assert replace(group, unidentified=whole.unidentified) == whole
    assert group.unidentified == 0
    assert inputs_of(Scope(books, (acme.pk,)), last=LAST, months=3).billed == 350


def test_the_rows_behind_add_up(books: LegalEntity, ledger: None) -> None:
    scope, first = Scope(books), date(2026, 3, 1)
    of = inputs_of(scope, last=LAST, months=3)

    assert base_total(billed_documents(scope, first=first, last=LAST)) == of.billed
    assert sum(row.debit_base for row in payments_behind(scope, first=first, last=LAST)) == of.payments.amount


def test_every_measure_opens_and_leads_to_its_rows(
    books: LegalEntity, ledger: None, collector: User, signed_in: SignIn, acme: Customer
) -> None:
    browser = signed_in(collector)
    page = browser.get("/measures/?as_at=2026-05-31").content.decode()
    for measure in MEASURES.values():
        assert measure.name in page
        shown = browser.get(f"/measures/{measure.code}/?as_at=2026-05-31&customer={acme.pk}").content.decode()
        assert measure.meaning in shown.replace("&#x27;", "'")

    billed = browser.get("/measures/billed/?as_at=2026-05-31&month=2026-04-01").content.decode()
    assert "INV-3" in billed and "INV-1" not in billed and "£425.00" in billed
    paid = browser.get("/measures/payments/?as_at=2026-05-31").content.decode()
    assert "RC-1" in paid and ">10<" in paid
    assert "RC-2" in browser.get("/measures/received/?as_at=2026-05-31").content.decode()
    assert browser.get("/measures/nothing/").status_code == 404


def test_an_empty_company_gives_reasons_and_no_noughts(books: LegalEntity, collector: User, signed_in: SignIn) -> None:
    page = signed_in(collector).get("/measures/").content.decode()

    assert "Nothing was billed in the time looked at." in page


def test_the_workbook_has_numbers_month_by_month_and_definitions(
    books: LegalEntity, ledger: None, collector: User, signed_in: SignIn
) -> None:
    answer = signed_in(collector).get("/measures.xlsx?as_at=2026-05-31")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]

    rows = book.get_sheet_by_name("Measures").to_python()
    [over_31] = [row for row in rows if row[0] == "31 days and more past due"]
    assert over_31[-1] == 200
    assert len(book.get_sheet_by_name("Definitions").to_python()) == len(MEASURES) + 1


def test_somebody_elses_customer_is_not_there(
    books: LegalEntity, ledger: None, collector: User, signed_in: SignIn, de: LegalEntity
) -> None:
    assert signed_in(collector).get("/measures/?customer=999999").status_code == 404


def test_more_history_asks_no_more_questions(
    books: LegalEntity,
    ledger: None,
    collector: User,
    signed_in: SignIn,
    bill: Make,
    acme: Customer,
    django_assert_max_num_queries: Any,
) -> None:
    browser = signed_in(collector)
    for number in range(20):
        bill(acme, f"INV-9{number}", "10.00", date(2026, 1 + number % 5, 3))

    with django_assert_max_num_queries(60):
        browser.get("/measures/?as_at=2026-05-31")


def test_money_that_was_moved_or_returned_is_not_received_again(
    books: LegalEntity, ledger: None, system: User, acme: Customer, gamma: Customer, pay: Make
) -> None:
    """£100 for Acme are really Gamma's; £30 come back from the bank on 28 May; £7 were unidentified at first."""
    wrong = pay(acme, "RC-3", "100.00", date(2026, 5, 12))
    bounced = pay(acme, "RC-4", "30.00", date(2026, 5, 15))
    move = JournalEntry.Kind.TRANSFER
    out = ItemDraft("RC-3/RC-5", OpenItem.Kind.RECEIPT, date(2026, 5, 20), date(2026, 5, 20))
    into = ItemDraft("RC-5", OpenItem.Kind.RECEIPT, date(2026, 5, 12), date(2026, 5, 20))
    found = ItemDraft("RC-6", OpenItem.Kind.RECEIPT, date(2026, 5, 14), date(2026, 5, 14))
    moved, _ = post(
        by=system,
        entries=[
            EntryDraft(
                books, move, date(2026, 5, 20), "GBP", key="moved:RC-5",
                lines=(
                    LineDraft(Account.Role.RECEIVABLES, debit=Decimal(100), customer=acme, item=out),
                    LineDraft(Account.Role.RECEIVABLES, credit=Decimal(100), customer=gamma, item=into),
                ),
            ),
            EntryDraft(
                books, move, date(2026, 5, 22), "GBP", key="identified:RC-6",
                lines=(
                    LineDraft(Account.Role.UNIDENTIFIED_RECEIPTS, debit=Decimal(7)),
                    LineDraft(Account.Role.RECEIVABLES, credit=Decimal(7), customer=gamma, item=found),
                ),
            ),
        ],
    )  # fmt: skip
    allocate(by=system, pairs=[Pair(moved.open_items[0], wrong, Decimal(100), date(2026, 5, 20))])

    def received(last: date, **scope: Any) -> tuple[Decimal, list[str]]:
        of = Scope(books, **scope)
        rows = receipts_behind(of, last=last)
        assert inputs_of(of, last=last, months=1).receipts_of_30_days == -base_total(rows)
        return -base_total(rows), [row.number for row in rows]

    came = (Decimal(68 + 100 + 30 + 7), ["RC-3", "RC-6", "RC-4", "RC-2"])
    assert received(LAST) == came
    before = timezone.now()
    reverse_entry(by=system, entry=bounced.line.entry, posted_on=date(2026, 5, 28), reason="Returned")
    assert received(date(2026, 5, 27)) == came, "the day before it was there"
    assert received(LAST) == (Decimal(68 + 100 + 7), ["RC-3", "RC-6", "RC-2"])
    assert received(LAST, known_at=before) == came, "as known then"
    undo = date(2026, 5, 29)
    undone = reverse_allocations(
        by=system, allocations=list(moved.open_items[0].debit_allocations.all()), allocated_on=undo, reason="Acme's"
    )
    assert undone
    reverse_entry(by=system, entry=moved, posted_on=undo, reason="Acme's after all")
    assert received(LAST) == (Decimal(68 + 100 + 7), ["RC-3", "RC-6", "RC-2"]), "moved back is not received either"
