"""Amounts in the browser: exact, in whole cents, and never guessed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.models import User
from tests.browser.checks import Watched

SignIn = Callable[[User], None]
PARSE = "([text, decimals]) => import('/static/core/js/money.js').then((m) => String(m.parse(text, decimals)))"
FORMAT = "([minor, decimals]) => import('/static/core/js/money.js').then((m) => m.format(BigInt(minor), decimals))"


@pytest.fixture
def anywhere(page: Watched, sign_in: SignIn, clerk: User) -> Watched:
    sign_in(clerk)
    page.goto("/me/")
    return page


def test_amounts_are_read_as_people_write_them(anywhere: Watched) -> None:
    read = {
        ("1,234.50", 2): "123450",
        ("1.234,50", 2): "123450",
        ("1 234,5", 2): "123450",
        ("1'234.50", 2): "123450",
        ("12.345", 2): "1234500",
        ("0.125", 3): "125",
        ("1500", 0): "1500",
        ("(12.00)", 2): "-1200",
        ("−3", 2): "-300",
        ("3-", 2): "-300",
        (".5", 2): "50",
        ("9007199254740993.01", 2): "900719925474099301",
    }
    assert {case: anywhere.evaluate(PARSE, list(case)) for case in read} == read


def test_what_is_no_amount_stays_none(anywhere: Watched) -> None:
    for text in ("", "abc", "12,0,0", "1.2.3", "1.234", "12 EUR", "1e5", "."):
        decimals = 2 if text != "1.234" else 0
        expected = "1234" if text == "1.234" else "null"
        assert anywhere.evaluate(PARSE, [text, decimals]) == expected, text


def test_amounts_are_written_with_groups_and_a_true_minus(anywhere: Watched) -> None:
    written = {("123450", 2): "1,234.50", ("-5", 2): "−0.05", ("1234567", 0): "1,234,567", ("1", 3): "0.001"}
    assert {case: anywhere.evaluate(FORMAT, list(case)) for case in written} == written


def test_a_field_tidies_what_was_typed(anywhere: Watched) -> None:
    anywhere.goto("/design/")
    field = anywhere.get_by_label("Amount").first
    field.fill("1234,5")
    field.blur()
    assert field.input_value() == "1,234.50"
