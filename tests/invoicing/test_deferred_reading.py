"""What is deferred at any date, as known at any moment: rolled forward, current or not, tied to the ledger."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from core.models import LegalEntity, User
from core.money import money
from customers.models import Customer
from invoicing.actions import draft_credit_note, issue_credit_note, issue_invoice
from invoicing.actions.releasing import release_income
from invoicing.credits import Everything, PartOf
from invoicing.cycles import Days, months_after
from invoicing.drafts import DraftLine
from invoicing.models import Invoice
from invoicing.queries.deferred_income import DeferredQuestion, Figures, roll_forward, sums_of, tie_of
from invoicing.queries.schedule_months import schedule_months
from invoicing.releases import month_weights
from ledger.models import Account
from ledger.posting import EntryDraft, LineDraft, post

pytestmark = pytest.mark.django_db
Line = Callable[..., DraftLine]
YEAR = {"service_from": date(2026, 1, 15), "service_until": date(2027, 1, 14)}


@pytest.fixture
def bill(clerk: User, books: LegalEntity, drafted: Callable[..., Invoice]) -> Callable[..., Invoice]:
    def make(customer: Customer, *lines: DraftLine, on: date = date(2026, 1, 15)) -> Invoice:
        return issue_invoice(by=clerk, entity=books, invoice=drafted(customer, *lines), issued_on=on)

    return make


@pytest.fixture
def story(
    acme: Customer, bill: Callable[..., Invoice], line: Line, finance_manager: User, books: LegalEntity
) -> Invoice:
    """A year from 15 January, released to May, a tenth credited on 10 June, June released."""
    invoice = bill(acme, line("12000", **YEAR))
    for month in range(1, 6):
        release_income(by=finance_manager, entity=books, customers=[acme.pk], month_on=date(2026, month, 1))
    draft = draft_credit_note(
        by=finance_manager, invoice=invoice, credit=PartOf(money("1440.00 GBP")), reason_code="price", reason="A tenth"
    )
    issue_credit_note(by=finance_manager, credit_note=draft, issued_on=date(2026, 6, 10))
    release_income(by=finance_manager, entity=books, customers=[acme.pk], month_on=date(2026, 6, 1))
    return invoice


def asked(books: LegalEntity, from_on: date, as_of: date, **facts: object) -> DeferredQuestion:
    return DeferredQuestion(entity=books, from_on=from_on, as_of=as_of, **facts)  # type: ignore[arg-type]


def test_a_month_rolls_forward(story: Invoice, books: LegalEntity, acme: Customer) -> None:
    released_before = Decimal("4504.11")
    left = Decimal(12000) - released_before
    credited = (Decimal(1200) * left / 12000).quantize(Decimal("0.01"))
    june = ((left - credited) * 30 / 228).quantize(Decimal("0.01"))

    for group_by, name in (("customer", "Acme Hotels"), ("invoice", story.number), ("month", date(2026, 6, 1))):
        row = roll_forward(asked(books, date(2026, 6, 1), date(2026, 6, 30)), group_by)[0]
        assert row.name == name
        assert row.amounts == row.base == Figures(left, Decimal(0), june, credited, left - credited - june)


def test_a_past_date_stays_as_it_was(story: Invoice, books: LegalEntity) -> None:
    row = roll_forward(asked(books, date(2026, 1, 1), date(2026, 3, 31)), "customer")[0]

    assert (row.amounts.billed, row.amounts.closing) == (12000, Decimal(12000) - Decimal("2498.63"))


def test_as_known_before_the_credit_it_was_more(
    acme: Customer, bill: Callable[..., Invoice], line: Line, books: LegalEntity, finance_manager: User
) -> None:
    invoice = bill(acme, line("12000", **YEAR))
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        then = cursor.fetchone()[0]
    draft = draft_credit_note(
        by=finance_manager, invoice=invoice, credit=Everything(), reason_code="price", reason="Not wanted"
    )
    issue_credit_note(by=finance_manager, credit_note=draft, issued_on=date(2026, 1, 20))

    for known_at, closing in ((then, 12000), (None, 0), (clock.now() + timedelta(1), 0)):
        question = asked(books, date(2026, 1, 1), date(2026, 1, 31), known_at=known_at)
        assert roll_forward(question, "invoice")[0].amounts.closing == closing
        assert (tie_of(question).ledger, tie_of(question).difference) == (closing, 0)


def test_what_becomes_income_after_a_year_is_not_current(
    acme: Customer, bill: Callable[..., Invoice], line: Line, books: LegalEntity
) -> None:
    bill(acme, line("36500", service_from=date(2026, 1, 1), service_until=date(2027, 12, 31)), on=date(2026, 1, 1))

    row = roll_forward(asked(books, date(2026, 1, 1), date(2026, 1, 31)), "customer")[0]

    assert (row.later, row.current) == (Decimal("16700.00"), Decimal("19800.00"))
    assert next(sums_of([row])).later == row.later


def test_the_account_of_the_ledger_is_the_schedules(story: Invoice, books: LegalEntity, finance_manager: User) -> None:
    for month in range(1, 8):
        assert tie_of(asked(books, date(2026, 1, 1), date(2026, month, 28))).difference == 0
    by_hand = [
        LineDraft(Account.Role.DEFERRED_INCOME, debit=Decimal(7)),
        LineDraft(Account.Role.REVENUE, credit=Decimal(7)),
    ]
    post(
        by=finance_manager,
        entries=[EntryDraft(books, "adjustment", date(2026, 6, 30), "GBP", by_hand, key=None, text="By hand")],
    )

    assert tie_of(asked(books, date(2026, 1, 1), date(2026, 6, 30))).difference == 7


def test_every_schedule_month_is_there_once(story: Invoice, books: LegalEntity) -> None:
    (billed, months) = next(schedule_months(asked(books, date(2026, 1, 1), date(2026, 6, 30))))

    assert (billed.number, billed.customer_code, len(months)) == (story.number, "C-ACME HOT", 13)
    assert [one.released_on for one in months[4:8]] == [date(2026, 5, 31), date(2026, 6, 30), None, None]
    assert sum(one.amount for one in months) == 12000 - Decimal("749.59")


@pytest.mark.parametrize("group_by", ["customer", "invoice", "month"])
def test_a_question_is_one_statement(
    group_by: str, story: Invoice, books: LegalEntity, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        roll_forward(asked(books, date(2026, 1, 1), date(2026, 12, 31), customer="C-ACME HOT"), group_by)


@settings(max_examples=200, deadline=None)
@given(
    method=st.sampled_from(["daily", "monthly_full", "monthly_half", "monthly_prorata"]),
    first_on=st.dates(date(2023, 1, 1), date(2028, 12, 31)),
    length=st.integers(1, 900),
    after=st.integers(-2, 40),
)
def test_the_database_weighs_months_as_the_reasoning_does(method: str, first_on: date, length: int, after: int) -> None:
    days = Days(first_on, first_on + timedelta(length - 1))
    month_on = months_after(first_on.replace(day=1), after)
    with connection.cursor() as cursor:
        cursor.execute("SELECT invoicing_income_left(%s, %s, %s, %s)", [method, days.first_on, days.last_on, month_on])
        left = cursor.fetchone()[0]

    expected = sum(weight for month, weight in month_weights(method, days) if month > month_on)
    assert abs(left - Decimal(expected.numerator) / Decimal(expected.denominator)) < Decimal("0.000001")
