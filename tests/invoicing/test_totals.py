"""What documents add up to, and the reference that is made from their number. No database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from invoicing.models import TaxRate
from invoicing.references import reference_from
from invoicing.totals import line_net, tax_on, totals_of

S20, S5, ZERO_RATED = (TaxRate(pk=pk, percent=Decimal(percent)) for pk, percent in ((1, 20), (2, 5), (3, 0)))


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "currency", "net"),
    [
        ("14", "412.50", "0", "GBP", "5775.00"),
        ("3", "0.335", "0", "GBP", "1.01"),
        ("1", "0.005", "0", "GBP", "0.01"),
        ("1200", "1.0045", "0", "GBP", "1205.40"),
        ("1", "100", "33.33", "EUR", "66.67"),
        ("-1", "186.405", "0", "GBP", "-186.41"),
        ("1", "100.5", "0", "JPY", "101"),
        ("1", "10.0005", "0", "KWD", "10.001"),
        ("2", "50", "100", "GBP", "0.00"),
    ],
)
def test_a_line_is_rounded_once_half_up(quantity: str, price: str, discount: str, currency: str, net: str) -> None:
    assert line_net(Decimal(quantity), Decimal(price), Decimal(discount), currency) == Decimal(net)


def test_tax_is_worked_out_on_the_sum_of_a_rate() -> None:
    """Three lines of 0.33 at 20 %: 0.20 on 0.99, and not three times 0.07."""
    totals = totals_of([(S20, Decimal("0.33"))] * 3, "GBP")

    assert (totals.net, totals.tax, totals.gross) == (Decimal("0.99"), Decimal("0.20"), Decimal("1.19"))


def test_the_rates_stand_apart_the_highest_first() -> None:
    totals = totals_of([(ZERO_RATED, Decimal(10)), (S5, Decimal(100)), (S20, Decimal(50)), (S5, Decimal(-20))], "GBP")

    assert [(part.rate, part.net, part.tax) for part in totals.parts] == [
        (S20, 50, 10),
        (S5, 80, 4),
        (ZERO_RATED, 10, 0),
    ]


def test_nothing_adds_up_to_nothing() -> None:
    totals = totals_of([], "GBP")

    assert (totals.net, totals.tax, totals.gross, totals.parts) == (0, 0, 0, ())


@given(st.lists(st.tuples(st.sampled_from([S20, S5, ZERO_RATED]), st.decimals(-999, 9999, places=2)), max_size=30))
def test_the_sum_is_the_sum_of_its_parts(lines: list[tuple[TaxRate, Decimal]]) -> None:
    totals = totals_of(lines, "GBP")

    assert totals.net == sum(net for _, net in lines)
    assert totals.gross == totals.net + totals.tax
    assert all(part.tax == tax_on(part.net, part.rate.percent, "GBP") for part in totals.parts)


@pytest.mark.parametrize(
    ("number", "reference"),
    [
        ("INV00010234", "RF24INV00010234"),
        ("INV-2026-000123", "RF98INV2026000123"),
        ("re/26.7 a", "RF49RE267A"),
        ("X" * 30, "RF54" + "X" * 21),
        ("–", ""),
    ],
)
def test_a_reference_is_made_of_the_letters_and_digits_of_a_number(number: str, reference: str) -> None:
    assert reference_from(number)[4:] == reference[4:]
    assert not reference or iso11649.is_valid(reference_from(number))
