"""Which items money covers that nobody has applied yet."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ar_collections.covering import Owed, covered
from ar_collections.sources import OnItsWay

OLD = Owed(1, "GBP", date(2026, 4, 1), Decimal(100))
NEW = Owed(2, "GBP", date(2026, 5, 1), Decimal(50))
EURO = Owed(3, "EUR", date(2026, 3, 1), Decimal(70))


def sums(*money: OnItsWay) -> dict[int, Decimal]:
    found = covered([NEW, OLD, EURO], money)
    return {key: sum((stop.amount or Decimal(0) for stop in stops), Decimal(0)) for key, stops in found.items()}


def pounds(amount: int, items: dict[int, Decimal] | None = None) -> OnItsWay:
    return OnItsWay(1, "GBP", Decimal(amount), "Bank line", items or {})


def test_money_without_a_purpose_pays_the_oldest_debt_in_its_currency() -> None:
    assert sums(pounds(120)) == {1: Decimal(100), 2: Decimal(20)}


def test_money_that_names_its_items_pays_these() -> None:
    assert sums(pounds(50, {2: Decimal(50)})) == {2: Decimal(50)}


def test_what_it_leaves_over_pays_the_oldest() -> None:
    assert sums(pounds(80, {2: Decimal(50)})) == {2: Decimal(50), 1: Decimal(30)}


@given(
    st.lists(
        st.builds(
            OnItsWay,
            customer=st.just(1),
            currency=st.sampled_from(["GBP", "EUR"]),
            amount=st.integers(0, 200).map(Decimal),
            words=st.just("Bank line"),
            items=st.dictionaries(st.integers(1, 5), st.integers(1, 200).map(Decimal)),
        ),
        max_size=6,
    )
)
def test_no_penny_is_counted_twice(money: list[OnItsWay]) -> None:
    found = sums(*money)

    for owed in (OLD, NEW, EURO):
        assert found.get(owed.key, Decimal(0)) <= owed.open
    for currency in ("GBP", "EUR"):
        taken = sum(
            (found.get(owed.key, Decimal(0)) for owed in (OLD, NEW, EURO) if owed.currency == currency), Decimal(0)
        )
        assert taken <= sum((each.amount for each in money if each.currency == currency), Decimal(0))
