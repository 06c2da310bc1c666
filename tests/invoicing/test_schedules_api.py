"""Deferral schedules over the API: as at a day, as known at a moment, and nobody else's."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from core.actions import issue_token
from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.actions import draft_credit_note, issue_credit_note, release_income
from invoicing.credits import Everything
from invoicing.drafts import DraftLine
from invoicing.models import Invoice

pytestmark = pytest.mark.django_db
SCHEDULES = "/api/v1/deferral-schedules/"
YEAR = {"service_from": date(2026, 5, 1), "service_until": date(2027, 4, 30)}


def program_of(by: User, *scopes: str) -> APIClient:
    _, secret = issue_token(by=by, name="Test", scopes=list(scopes or ["invoices:read"]))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


@pytest.fixture
def year(acme: Customer, issued: Callable[..., Invoice], line: Callable[..., DraftLine]) -> Invoice:
    """3,650.00 for a year of 365 days from 1 May, issued on 4 May."""
    return issued(acme, line("3650", **YEAR))


def test_a_schedule_tells_what_was_released_and_what_is_left(
    year: Invoice, books: LegalEntity, acme: Customer, finance_manager: User, clerk: User
) -> None:
    release_income(by=finance_manager, entity=books, customers=[acme.pk], month_on=date(2026, 5, 1))
    api = program_of(clerk)

    [row] = api.get(SCHEDULES, {"customer": acme.code, "as_of": "2026-05-31"}).data["results"]

    assert (row["invoice"], row["line"], row["amount"]) == (year.number, 1, "3650.00")
    assert [Decimal(row[name]) for name in ("released", "credited", "deferred", "base_deferred")] == [
        Decimal(310), 0, Decimal(3340), Decimal(3340)
    ]  # fmt: skip
    detail = api.get(f"{SCHEDULES}{row['id']}/", {"as_of": "2026-05-31"}).data
    assert len(detail["months"]) == 12
    assert [month["released_on"] for month in detail["months"][:2]] == ["2026-05-31", None]
    assert sum(Decimal(month["amount"]) for month in detail["months"]) == Decimal(3650)


def test_a_day_before_the_invoice_knows_no_schedule(year: Invoice, clerk: User) -> None:
    api = program_of(clerk)

    assert api.get(SCHEDULES, {"as_of": "2026-05-03"}).data["results"] == []
    assert len(api.get(SCHEDULES, {"as_of": "2026-05-04", "invoice": str(year.number)}).data["results"]) == 1
    assert api.get(SCHEDULES, {"as_of": "someday"}).status_code == 400


def test_as_known_before_the_credit_all_is_deferred_still(year: Invoice, finance_manager: User, clerk: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        then = cursor.fetchone()[0]
    draft = draft_credit_note(
        by=finance_manager, invoice=year, credit=Everything(), reason_code="price", reason="Not wanted"
    )
    issue_credit_note(by=finance_manager, credit_note=draft, issued_on=date(2026, 5, 20))
    api = program_of(clerk)

    def left(**asked: Any) -> tuple[Decimal, Decimal]:
        [row] = api.get(SCHEDULES, {"as_of": "2026-05-31", **asked}).data["results"]
        return Decimal(row["credited"]), Decimal(row["deferred"])

    assert left() == (Decimal(3650), Decimal(0))
    assert left(known_at=then.isoformat()) == (Decimal(0), Decimal(3650))


def test_strangers_and_tokens_without_the_scope_read_nothing(year: Invoice, stranger: User, clerk: User) -> None:
    assert program_of(stranger).get(SCHEDULES).data["results"] == []
    assert program_of(clerk, "customers:read").get(SCHEDULES).status_code == 403
    assert program_of(clerk, "invoices:read", "invoices:write").post(SCHEDULES, {}).status_code == 405


def test_a_page_takes_as_many_questions_for_many_as_for_one(
    acme: Customer,
    issued: Callable[..., Invoice],
    line: Callable[..., DraftLine],
    clerk: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(3):
        issued(acme, *(line("3650", **YEAR) for _ in range(10)))
    api = program_of(clerk)

    with django_assert_max_num_queries(8):
        assert len(api.get(SCHEDULES, {"as_of": "2026-05-31"}).data["results"]) == 30
