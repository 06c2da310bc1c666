"""Amounts, dates and ages are written in one way everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import timezone

from core import words
from core.money import Money

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [
        (Decimal("1234.5"), "", "1,234.50"),
        (Decimal("1234.5"), "GBP", "£1,234.50"),
        (Decimal("-0.5"), "EUR", "−€0.50"),
        (Decimal("1500"), "JPY", "¥1,500"),
        (Decimal("1.5"), "KWD", "KWD\u00a01.500"),
        (Decimal("99.5"), "CHF", "CHF\u00a099.50"),
        (Decimal("-0.001"), "EUR", "€0.00"),
        (None, "EUR", "–"),
        (0, "", "0.00"),
    ],
)
def test_an_amount_has_its_currencys_decimals(value: Decimal, currency: str, written: str) -> None:
    assert words.amount_in_words(value, currency, decimals=True) == written


def test_money_brings_its_currency_along() -> None:
    assert words.amount_in_words(Money(Decimal("12.50"), "EUR"), decimals=True) == "€12.50"


def test_lists_show_whole_units_rounded_half_up() -> None:
    assert words.amount_in_words(Decimal("1234.50"), decimals=False) == "1,235"
    assert words.amount_in_words(Decimal("-1234.50"), decimals=False) == "−1,235"


def test_a_date_has_its_year_only_when_it_is_another_one() -> None:
    this_year = timezone.localdate().year
    assert words.day(date(this_year, 11, 5)) == "5\u00a0Nov"
    assert words.day(date(2019, 11, 5)) == "5\u00a0Nov\u00a02019"
    assert words.day(date(2019, 11, 5), "weekday") == "Tue\u00a05\u00a0Nov\u00a02019"
    assert words.day(date(this_year, 11, 5), "full") == f"5\u00a0Nov\u00a0{this_year}"


@pytest.mark.parametrize(
    ("due_on", "written"),
    [
        (date(2026, 8, 29), "83\u00a0d over"),
        (date(2026, 11, 20), "due today"),
        (None, "–"),
    ],
)
def test_an_age_says_how_late_something_is(due_on: date, written: str) -> None:
    assert words.age(due_on, TODAY) == written


def test_an_age_in_the_future_names_the_day() -> None:
    assert words.age(date(2026, 11, 25), TODAY).startswith("due 25\u00a0Nov")


def test_a_moment_is_shown_in_the_companys_time_zone() -> None:
    moment = datetime(2019, 7, 1, 22, 30, tzinfo=UTC)
    assert words.clock(moment, "Europe/Berlin").endswith("2\u00a0Jul\u00a02019 00:30")


def test_an_account_is_told_by_its_last_digits() -> None:
    assert (words.masked_account("GB29NWBK60161331926819"), words.masked_account("")) == ("…6819", "")


def test_the_filters_need_no_load() -> None:
    template = Template('{{ amount|money:"EUR" }} {{ amount|whole }} {{ share|percent }} {{ rate|rate }}')
    context = Context({"amount": Decimal("1234.5"), "share": Decimal("43.26"), "rate": Decimal("0.84210000")})
    assert template.render(context) == "€1,234.50 1,235 43.3% 0.8421"
