"""The home page: key figures that can be opened, and the working of DSO."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from core.errors import NotAllowed, Refused
from core.models import LegalEntity, User
from customers.models import Customer
from ledger.models import OpenItem
from reporting.actions import set_measure_limit
from reporting.models import MeasureLimit
from reporting.queries.dashboard import history, key_figures, limits_at

Make = Callable[..., OpenItem]
SignIn = Callable[[User], Client]
AS_AT = date(2026, 5, 31)


@pytest.fixture
def ledger(acme: Customer, beta: Customer, bill: Make, pay: Make) -> None:
    """£200 late by two months, £100 not due, €500 late by eleven days, €80 on account."""
    late = bill(acme, "INV-1", "250.00", date(2026, 3, 1), date(2026, 3, 31))
    pay(acme, "RC-1", "50.00", date(2026, 4, 10), to=[late])
    bill(acme, "INV-2", "100.00", date(2026, 5, 20), date(2026, 6, 19))
    bill(beta, "INV-3", "500.00", date(2026, 4, 20), date(2026, 5, 20))
    pay(beta, "RC-2", "80.00", date(2026, 5, 25))


def test_figures_are_in_the_currency_of_the_books_at_the_days_rates(books: LegalEntity, ledger: None) -> None:
    figures = key_figures(entity=books, as_of=AS_AT)

    assert figures.receivables == Decimal("300.00") + Decimal("420.00") * Decimal("0.85")
    assert figures.overdue == Decimal(200) + Decimal(425)
    assert figures.over_31_days == Decimal(200)
    assert figures.unapplied == Decimal(68)
    assert [(top.customer.name, top.in_base) for top in figures.largest(5)] == [("Beta BV", 357), ("Acme Ltd", 300)]


def test_dso_shows_its_working(books: LegalEntity, ledger: None, collector: User, signed_in: SignIn) -> None:
    figures = key_figures(entity=books, as_of=AS_AT)
    assert figures.dso.days is not None
    assert figures.explained == figures.receivables

    page = signed_in(collector).get("/dso/?as_at=2026-05-31").content.decode()

    assert "May 2026" in page
    assert f"{figures.dso.days:.1f} days" in page


def test_month_ends_are_those_that_their_own_ageing_says(books: LegalEntity, ledger: None) -> None:
    ends = history(entity=books, as_of=AS_AT, count=3)

    assert [end.on for end in ends] == [date(2026, 3, 31), date(2026, 4, 30), AS_AT]
    assert ends[0].amounts == (250, 0, 0, 0, 0)
    assert ends[1].amounts == (425, 200, 0, 0, 0)


def test_every_tile_opens_onto_a_page_of_the_same_day(
    books: LegalEntity, ledger: None, collector: User, signed_in: SignIn
) -> None:
    browser = signed_in(collector)
    page = browser.get("/?as_at=2026-05-31").content.decode()

    links = re.findall(r'<a class="kpi" href="([^"]+)"', page)
    assert len(links) == 5
    for link in links:
        assert "as_at=2026-05-31" in link
        assert browser.get(link.replace("&amp;", "&")).status_code == 200


def test_an_empty_company_is_told_what_to_do_first(books: LegalEntity, collector: User, signed_in: SignIn) -> None:
    assert "Nothing is open" in signed_in(collector).get("/").content.decode()


def test_the_home_page_takes_a_fixed_number_of_questions(
    books: LegalEntity, ledger: None, collector: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(collector)

    with django_assert_max_num_queries(20):
        browser.get("/?as_at=2026-05-31")


def test_a_limit_holds_from_its_day_on(books: LegalEntity, finance_manager: User) -> None:
    over = MeasureLimit.Measure.OVER_31_DAYS
    set_measure_limit(by=finance_manager, entity=books, measure=over, limit=Decimal(500), from_on=date(2026, 5, 1))

    assert limits_at(entity=books, on=date(2026, 4, 30))[over] == 2_000_000
    assert limits_at(entity=books, on=date(2026, 5, 1))[over] == 500


@pytest.mark.parametrize("limit", ["0", "-1", "NaN", "1e20"])
def test_a_limit_that_is_none_is_refused(books: LegalEntity, finance_manager: User, limit: str) -> None:
    with pytest.raises(Refused, match="can't be a limit"):
        set_measure_limit(by=finance_manager, entity=books, measure="over_31_days", limit=Decimal(limit), from_on=AS_AT)


def test_a_collector_sets_no_limits(books: LegalEntity, collector: User) -> None:
    with pytest.raises(NotAllowed):
        set_measure_limit(by=collector, entity=books, measure="over_31_days", limit=Decimal(1), from_on=AS_AT)


def test_the_finance_manager_sets_a_limit_on_screen(
    books: LegalEntity, finance_manager: User, signed_in: SignIn
) -> None:
    browser = signed_in(finance_manager)
    form = {"measure": "over_31_days", "limit": "90000", "from_on": "2026-05-01"}

    answer = browser.post("/limits/measures/", form, follow=True)

    assert "Overdue by 31 days and more: 90000 from 01 May 2026." in answer.content.decode()
    assert MeasureLimit.objects.get().set_by == finance_manager
    assert browser.post("/limits/measures/", {**form, "limit": "-1"}).status_code == 422


def test_a_collector_reads_limits_and_gets_no_form(books: LegalEntity, collector: User, signed_in: SignIn) -> None:
    browser = signed_in(collector)

    assert "New limit" not in browser.get("/limits/measures/").content.decode()
    form = {"measure": "over_31_days", "limit": "90000", "from_on": "2026-05-01"}
    assert browser.post("/limits/measures/", form).status_code == 403
    assert not MeasureLimit.objects.exists()
