"""Money is exact, knows its currency and refuses to be mixed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.currencies import UnknownCurrency, minor_units
from core.money import (
    CurrencyMismatch,
    Money,
    NotAnAmount,
    amount_in,
    money,
    plain_amount,
    round_to_currency,
    split_money,
    to_decimal,
)


def test_an_amount_reads_back_as_it_was_written() -> None:
    assert str(money("1,234.50 EUR")) == "1,234.50 EUR"
    assert money("1234.50 EUR").minor == 123450
    assert Money.from_minor(123450, "EUR") == money("1,234.50 EUR")


@pytest.mark.parametrize(("code", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("RSD", 2), ("ISK", 0)])
def test_each_currency_has_the_decimals_of_iso_4217(code: str, digits: int) -> None:
    assert minor_units(code) == digits


def test_yen_have_no_cents() -> None:
    with pytest.raises(NotAnAmount, match="more decimals than JPY"):
        Money(Decimal("10.5"), "JPY")


def test_pounds_and_euro_are_never_added() -> None:
    with pytest.raises(CurrencyMismatch, match="different currencies"):
        money("1.00 GBP") + money("1.00 EUR")


@pytest.mark.parametrize("text", ["", "ten EUR", "10 EU", "NaN EUR", "1e5 EUR", "10.00"])
def test_what_is_no_amount_is_refused_and_never_zero(text: str) -> None:
    with pytest.raises(NotAnAmount):
        money(text)


@pytest.mark.parametrize("text", ["", "abc", "1,5", "NaN", "Infinity"])
def test_a_decimal_that_does_not_parse_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        to_decimal(text)


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency, match="XYZ"):
        money("1.00 XYZ")


def test_an_absurd_amount_is_refused() -> None:
    with pytest.raises(NotAnAmount, match="can be booked"):
        Money(Decimal("1e20"), "EUR")


def test_halves_round_up() -> None:
    assert round_to_currency(Decimal("2.345"), "EUR") == Decimal("2.35")
    assert round_to_currency(Decimal("0.5"), "JPY") == Decimal(1)


def test_a_hundred_split_in_three_loses_no_cent() -> None:
    parts = split_money(money("100.00 EUR"), [Decimal(1)] * 3)

    assert [part.minor for part in parts] == [3334, 3333, 3333]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(1, 1000), min_size=1, max_size=40))
def test_parts_always_add_up_to_the_total(minor: int, weights: list[int]) -> None:
    parts = split_money(Money.from_minor(minor, "EUR"), [Decimal(weight) for weight in weights])

    assert sum(part.minor for part in parts) == minor


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12", "12"),
        ("1,234.5", "1234.5"),
        ("1.234,50", "1234.50"),
        ("-5", "5"),
        ("12,50", "12.50"),
        ("EUR 12", "12"),
        ("12.00 GBP", "12.00"),
        ("x", None),
        ("C-2", None),
        ("1e9", None),
        ("nan", None),
        ("²", None),
        ("²3", None),
        ("9999999999999999999", None),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, amount: str | None) -> None:
    assert amount_in(text) == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [("120", "GBP", "120.00"), ("14000.000", "JPY", "14000"), ("-1.5", "KWD", "-1.500")],
)
def test_programs_read_an_amount_in_its_currencys_decimals(amount: str, currency: str, text: str) -> None:
    assert plain_amount(Decimal(amount), currency) == text
