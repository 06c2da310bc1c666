"""Statement against ledger for a day: every difference has a name, and the names add up."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cashapp.reconciling import Cause, DayLine, Posting, reconcile

DAY, NEXT_DAY = date(2026, 5, 12), date(2026, 5, 13)


def line(pk: int, amount: str) -> DayLine:
    return DayLine(pk, Decimal(amount), f"Line {pk}")


def posting(amount: str, about: int | None, on: date = DAY, booked_on: date | None = None) -> Posting:
    return Posting(Decimal(amount), on, f"Receipt of {amount}", about, booked_on)


def causes(lines: list[DayLine], postings: list[Posting]) -> dict[Cause, Decimal]:
    return {each.cause: each.amount for each in reconcile(DAY, lines, postings).differences}


def test_lines_that_are_posted_the_same_day_leave_no_difference() -> None:
    found = reconcile(DAY, [line(1, "100.00"), line(2, "50.00")], [posting("100.00", 1), posting("50.00", 2)])

    assert (found.statement, found.ledger, found.difference, found.differences) == (150, 150, 0, ())


def test_what_waits_and_what_went_out_is_named() -> None:
    assert causes([line(1, "100.00"), line(2, "-25.00")], []) == {Cause.WAITING: 100, Cause.OUTGOING: -25}


def test_a_receipt_of_another_amount_is_named() -> None:
    assert causes([line(1, "100.00")], [posting("98.00", 1)]) == {Cause.OTHER_AMOUNT: 2}


def test_a_line_posted_on_the_next_day_is_named_on_both_days() -> None:
    assert causes([line(1, "100.00")], [posting("100.00", 1, NEXT_DAY)]) == {Cause.POSTED_ON_ANOTHER_DAY: 100}
    late = reconcile(NEXT_DAY, [], [posting("100.00", 1, NEXT_DAY, DAY)])
    assert [(each.cause, each.amount) for each in late.differences] == [(Cause.OF_ANOTHER_DAY, -100)]


def test_a_receipt_without_a_line_is_named() -> None:
    assert causes([], [posting("40.00", None)]) == {Cause.NO_LINE: -40}


def test_a_reversed_receipt_leaves_its_line_waiting() -> None:
    assert causes([line(1, "100.00")], [posting("100.00", 1), posting("-100.00", 1)]) == {Cause.WAITING: 100}


AMOUNTS = st.decimals(-1000, 1000, places=2, allow_nan=False, allow_infinity=False)


@given(
    amounts=st.lists(AMOUNTS, max_size=5),
    posted=st.lists(st.tuples(AMOUNTS, st.sampled_from([None, 0, 1, 2, 9]), st.booleans()), max_size=8),
)
def test_the_names_always_add_up(amounts: list[Decimal], posted: list[tuple[Decimal, int | None, bool]]) -> None:
    lines = [DayLine(pk, amount, f"Line {pk}") for pk, amount in enumerate(amounts)]
    postings = [Posting(amount, DAY if today else NEXT_DAY, "R", about) for amount, about, today in posted]

    assert reconcile(DAY, lines, postings).unexplained == 0
