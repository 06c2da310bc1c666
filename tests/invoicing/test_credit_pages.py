"""The pages of credit control, as people click through them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from python_calamine import CalamineWorkbook

from core import clock
from core.models import LegalEntity, User
from customers.actions import place_credit_hold
from customers.models import CreditPolicy, Customer
from invoicing.models import Invoice

Made = Callable[..., Customer]
Issued = Callable[..., Invoice]
SignedIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def over(customer: Made, issued: Issued) -> Customer:
    """Larch owes 120.00 against a limit of 100.00."""
    larch = customer("Larch Inns", credit_limit=Decimal(100))
    issued(larch)
    return larch


def test_a_limit_that_is_passed_suggests_a_hold_which_is_placed_and_released(
    over: Customer, manager: User, signed_in: SignedIn
) -> None:
    desk = signed_in(manager)
    page = desk.get("/credit-control/").content.decode()
    assert "Hold suggested" in page
    form = desk.get(f"/customers/{over.pk}/hold/", {"reason": "Over the limit"}).content.decode()
    assert "It stops issuing invoices, activating contracts and orders." in form

    placed = desk.post(f"/customers/{over.pk}/hold/", {"reason": "Over the limit"}, follow=True).content.decode()

    assert "On credit hold" in placed
    assert "placed by Maya: Over the limit" in placed
    assert "On hold" in desk.get("/credit-control/?view=held").content.decode()
    desk.post(f"/customers/{over.pk}/release/", {"reason": "Paid", "until": ""})
    assert "On credit hold" not in desk.get(f"/customers/{over.pk}/").content.decode()
    history = desk.get(f"/credit-control/{over.pk}/").content.decode()
    assert "Released" in history
    assert "Over the limit" in history


def test_the_exposure_opens_onto_its_parts(over: Customer, customer: Made, clerk: User, signed_in: SignedIn) -> None:
    customer("Bar at Larch", parent=over)

    page = signed_in(clerk).get(f"/credit-control/{over.pk}/").content.decode()

    assert f"/ageing/items/?key={over.pk}&amp;currency=GBP" in page
    assert "£20.00" in page
    assert "Place a hold" in page


def test_a_past_day_shows_what_the_ledger_said_then(over: Customer, clerk: User, signed_in: SignedIn) -> None:
    page = signed_in(clerk).get("/credit-control/?view=all&as_at=2026-05-03").content.decode()

    assert "open items on 3\u00a0May\u00a02026" in page
    assert "Hold suggested" not in page


def test_the_list_goes_into_a_workbook(over: Customer, manager: User, signed_in: SignedIn) -> None:
    place_credit_hold(by=manager, customer=over, reason="=Late", placed_on=date(2026, 5, 1))

    answer = signed_in(manager).get("/credit-control/?format=xlsx")

    content = BytesIO(answer.getvalue())
    rows = [
        row for row in CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python() if row[0] == over.code
    ]
    assert rows[0][3:9] == [100, 120, 0, 0, 120, 20]
    assert rows[0][12] == "=Late"


def test_a_manager_says_what_holds_stop_and_a_clerk_reads_it(
    uk: LegalEntity, manager: User, clerk: User, signed_in: SignedIn
) -> None:
    signed_in(manager).post("/credit-policy/", {"stops_renewing": "on", "horizon_days": "60"})

    policy = CreditPolicy.objects.get(entity=uk)
    assert ([stop.value for stop in policy.stopped], policy.horizon_days) == (["renewing"], 60)
    desk = signed_in(clerk)
    assert "renewing contracts" in desk.get("/credit-policy/").content.decode()
    assert desk.post("/credit-policy/", {"horizon_days": "1"}).status_code == 403


def test_a_clerk_releases_nothing_and_an_auditor_places_nothing(
    over: Customer, manager: User, clerk: User, auditor: User, signed_in: SignedIn
) -> None:
    place_credit_hold(by=manager, customer=over, reason="Late", placed_on=clock.today(over.entity))

    assert signed_in(clerk).post(f"/customers/{over.pk}/release/", {"reason": "x"}).status_code == 403
    assert signed_in(auditor).post(f"/customers/{over.pk}/hold/", {"reason": "x"}).status_code == 403
    assert "Release" not in signed_in(auditor).get("/credit-control/").content.decode()


def test_the_list_takes_as_many_questions_for_forty_customers_as_for_one(
    customer: Made, clerk: User, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        customer(f"C{number} Hotel", credit_limit=Decimal(10))
    desk = signed_in(clerk)
    desk.get("/credit-control/")

    with django_assert_max_num_queries(22):
        assert len(desk.get("/credit-control/?view=all").context["rows"]) == 40
