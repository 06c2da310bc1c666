"""The ladder for any history of payments, promises, disputes and holds: hypothesis makes the histories up."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ar_collections.ladder import (
    CALL,
    EMAIL,
    Decision,
    Item,
    Ladder,
    Party,
    Reason,
    Rung,
    Stop,
    decide,
    next_rung,
    remind,
)
from ar_collections.segments import USUAL

START = date(2026, 5, 4)
DUE = Rung("due", "Due", 1, is_courtesy=True)
FIRST = Rung("first", "First reminder", 5, asks_call=True)
SECOND = Rung("second", "Second reminder", 15, asks_call=True)
FINAL = Rung("final", "Final demand", 45, is_by_hand=True)
LADDER = Ladder(1, (DUE, FIRST, SECOND, FINAL))
ANYBODY = Party()


def item(days_past_due: int, **facts: object) -> Item:
    made = Item(1, START - timedelta(days=days_past_due), Decimal(100), LADDER)
    return replace(made, **facts)  # type: ignore[arg-type]


def reason_of(found: Decision, key: int = 1) -> Reason:
    return found.stops[key].reason


def test_the_first_step_comes_on_its_day_and_not_before() -> None:
    assert reason_of(decide(ANYBODY, [item(0)], START)) is Reason.NOT_YET
    assert decide(ANYBODY, [item(1)], START).rung is DUE


def test_a_courtesy_is_passed_over_and_nothing_else_is() -> None:
    assert next_rung(item(7), START) is FIRST
    assert next_rung(item(200), START) is FIRST
    assert next_rung(item(200, taken=frozenset({5})), START) is SECOND


def test_a_step_for_a_manager_waits_until_a_manager_sends_it() -> None:
    late = item(50, taken=frozenset({5, 15}))

    assert reason_of(decide(ANYBODY, [late], START)) is Reason.BY_HAND
    assert decide(ANYBODY, [late], START, by_hand=True).rung is FINAL


def test_one_message_names_all_items_in_the_words_of_the_highest_step() -> None:
    items = [item(5), item(16, key=2, taken=frozenset({5})), item(20, key=3, taken=frozenset({5, 15}))]

    found = decide(ANYBODY, items, START)

    assert found.rung is SECOND
    assert [(line.item.key, line.rung and line.rung.code) for line in found.lines] == [
        (1, "first"),
        (2, "second"),
        (3, None),
    ]


def test_what_is_contested_or_promised_is_not_asked_for_and_the_rest_is() -> None:
    part = Stop(Reason.DISPUTED, amount=Decimal(40))
    rest = Stop(Reason.PROMISED, amount=Decimal(60))

    assert decide(ANYBODY, [item(5, stops=(part,))], START).lines[0].item.left == 60
    assert reason_of(decide(ANYBODY, [item(5, stops=(part, rest))], START)) is Reason.DISPUTED


def test_somebody_who_was_written_to_yesterday_is_left_alone() -> None:
    yesterday = Party(last_written_on=START - timedelta(days=1))

    found = decide(yesterday, [item(5)], START)

    assert reason_of(found) is Reason.TOO_SOON
    assert found.stops[1].until == START + timedelta(days=2)
    assert decide(replace(yesterday, last_written_on=START - timedelta(days=3)), [item(5)], START).is_asked


def test_who_has_no_address_is_called_where_the_step_calls() -> None:
    found = decide(Party(open_ways=frozenset({CALL})), [item(5)], START)

    assert found.ways == {CALL}
    assert reason_of(decide(Party(open_ways=frozenset({CALL})), [item(1)], START)) is Reason.NO_ADDRESS


def test_a_person_reminds_once_more_in_the_words_of_the_last_step() -> None:
    late = [item(20, taken=frozenset({5, 15})), item(3, key=2), item(-3, key=3)]

    found = remind(ANYBODY, late, START)

    assert found.rung is SECOND
    assert [line.item.key for line in found.lines] == [1, 2]
    assert not remind(ANYBODY, [item(20, stops=(Stop(Reason.HELD),))], START).is_asked


def test_the_usual_ladders_climb_from_helpful_to_legal() -> None:
    assert len(USUAL) == 7
    for usual in USUAL:
        days = [step.day for step in usual.steps]
        assert days == sorted(set(days)), usual.code
        assert not any(step.template == "notice_formal" for step in usual.steps if usual.code == "public_sector")


# Any history ---------------------------------------------------------------------------------------------------------

rungs = st.lists(st.integers(-10, 90), min_size=1, max_size=7, unique=True).flatmap(
    lambda days: st.tuples(
        *(
            st.builds(
                Rung,
                code=st.just(f"step{day}"),
                name=st.just(f"Step {day}"),
                day=st.just(day),
                channel=st.sampled_from(["email", "letter", "none"]),
                asks_call=st.booleans(),
                is_courtesy=st.booleans(),
                is_by_hand=st.booleans(),
            )
            for day in sorted(days)
        )
    )
)
ladders = st.builds(Ladder, strategy=st.integers(1, 3), rungs=rungs, gap_days=st.integers(0, 5))
stops = st.builds(
    Stop,
    reason=st.sampled_from([Reason.PROMISED, Reason.DISPUTED, Reason.HELD, Reason.IN_HAND, Reason.UNDELIVERED]),
    amount=st.none() | st.integers(1, 120).map(Decimal),
)


@dataclass(frozen=True)
class Happening:
    """From this day on this is open of the items, and this stops them."""

    day: int
    open: dict[int, int]
    stops: dict[int, list[Stop]]
    works: bool
    ways: frozenset[str]


happenings = st.builds(
    Happening,
    day=st.integers(0, 100),
    open=st.dictionaries(st.integers(1, 4), st.integers(0, 100)),
    stops=st.dictionaries(st.integers(1, 4), st.lists(stops, max_size=2)),
    works=st.booleans(),
    ways=st.sets(st.sampled_from([EMAIL, "letter", CALL])).map(frozenset),
)
nights = st.sets(st.integers(0, 110), min_size=1, max_size=60)


@given(
    of_items=st.lists(st.tuples(st.integers(-40, 40), ladders), min_size=1, max_size=4),
    story=st.lists(happenings, max_size=6),
    reviewed=nights,
    by_hand=st.booleans(),
)
def test_never_twice_never_the_settled_never_without_a_reason(
    of_items: list[tuple[int, Ladder]], story: list[Happening], reviewed: set[int], by_hand: bool
) -> None:
    """Reviewed on any days, in any order of happenings, missed nights included."""
    items = {
        key: Item(key, START + timedelta(days=due), Decimal(100), ladder)
        for key, (due, ladder) in enumerate(of_items, 1)
    }
    party = Party()
    for day in sorted(reviewed):
        on = START + timedelta(days=day)
        for happening in story:
            if happening.day <= day:
                party = replace(party, is_business_day=happening.works, open_ways=happening.ways)
                for key, known in items.items():
                    left = Decimal(happening.open.get(key, 100))
                    items[key] = replace(known, open=left, stops=tuple(happening.stops.get(key, ())))
        before = dict(items)
        found = decide(party, items.values(), on, by_hand=by_hand)
        _holds(found, before, party, on, by_hand=by_hand)
        for line in found.lines:
            if line.rung is not None:
                known = items[line.item.key]
                items[line.item.key] = replace(known, taken=known.taken | {line.rung.day})
        if found.ways & {EMAIL, "letter"}:
            party = replace(party, last_written_on=on)


def _holds(found: Decision, items: dict[int, Item], party: Party, on: date, *, by_hand: bool) -> None:
    asked = {line.item.key: line for line in found.lines if line.rung is not None}
    assert set(asked) | set(found.stops) == set(items), "an item without a step and without a reason"
    assert not set(asked) & set(found.stops)
    assert found.is_asked == bool(asked)
    if not found.is_asked:
        assert not found.lines
        return
    assert party.is_business_day
    assert found.ways <= party.open_ways
    for line in found.lines:
        assert line.item.open > 0 and 0 < line.item.left <= line.item.open
        assert all(stop.amount is not None for stop in line.item.stops)
    for key, line in asked.items():
        rung = line.rung
        assert rung is not None and rung.day not in items[key].taken, "a step was taken twice"
        assert rung.day > max(items[key].taken, default=-1000), "an item went down its ladder"
        assert rung.day <= items[key].days_past_due(on), "a step came before its day"
        assert by_hand or not rung.is_by_hand
    assert found.rung is not None
    assert found.rung.day == max(line.rung.day for line in asked.values() if line.rung)
